"""Temporal's own command line reads and seals payloads by way of the codec server."""

import asyncio
import base64
import json
import os
from asyncio.subprocess import PIPE
from urllib.parse import quote

from temporalio.client import Client

from local.temporal import find_temporal
from models.key_ids import installation_key_id
from tests.api.client import Api, Person, served_app
from tests.api.configured import settings_for
from tests.api.sse import until
from tests.workflows.keyed import NAMESPACE, plain_in, sealed_in
from workflows.ids import match_person_id

SECONDS = 60


async def temporal(api: Api, server: str, admin: Person, *arguments: str) -> str:
    """Run the command line as an administrator and return what it prints."""
    codec = [
        *("--codec-endpoint", f"{str(api.http.base_url).rstrip('/')}/api/codec"),
        *("--codec-auth", admin.headers["Authorization"]),
        *("--codec-header", f"X-Reason={quote('why was nothing sent')}"),
    ]
    where = ["--address", server, "--namespace", NAMESPACE, "--disable-config-env", "--disable-config-file"]
    process = await asyncio.create_subprocess_exec(
        find_temporal(), *arguments, *codec, *where, stdout=PIPE, stderr=PIPE, env=dict(os.environ)
    )
    async with asyncio.timeout(SECONDS):
        output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return output.decode()


async def test_the_command_line_shows_what_is_sealed_and_the_person_is_told(
    database_url: str, temporal_server: str
) -> None:
    async with served_app(settings_for(database_url, temporal=temporal_server)) as api:
        admin, ada = await api.administrator(), await api.person()
        await ada.patch("/api/profile/", json={"preferences": {"titles": ["Cook"]}})
        await until(lambda: api.context.flows.pending == 0)
        workflow_id = match_person_id(ada.id)
        shown = await temporal(
            api, temporal_server, admin, "workflow", "show", "-w", workflow_id, "--output", "json"
        )
        started = json.loads(shown)["events"][0]["workflowExecutionStartedEventAttributes"]
        (payload,) = started["input"]["payloads"]
        assert json.loads(base64.b64decode(payload["data"])) == {"user_id": str(ada.id)}
        told = (await ada.get("/api/privacy/audit")).json()["items"]
        assert {each["action"] for each in told} == {"payloads.decoded"}
        assert {each["reason"] for each in told} == {"why was nothing sent"}


async def test_the_command_line_seals_what_it_sends(database_url: str, temporal_server: str) -> None:
    client = await Client.connect(temporal_server, namespace=NAMESPACE)
    async with served_app(settings_for(database_url, temporal=temporal_server)) as api:
        admin = await api.administrator()
        start = ["workflow", "start", "-w", "by-hand", "--type", "Nobodys", "-t", "nowhere"]
        await temporal(api, temporal_server, admin, *start, "--input", '"canary"')
    event = (await client.get_workflow_handle("by-hand").fetch_history()).events[0]
    assert sealed_in(event) == [installation_key_id("test")]
    assert plain_in(event) == []
