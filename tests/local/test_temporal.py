"""The Temporal dev server and our namespace on it."""

import os
import secrets
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from local.ports import free_port
from local.supervisor.process import running
from local.supervisor.watchdog import Watchdog
from local.temporal import is_ready, temporal_part
from tests.servers import NAMESPACE
from workflows.ids import SEARCH_ATTRIBUTES
from workflows.namespace import ensure_namespace


async def search_attributes(client: Client, namespace: str) -> set[str]:
    """Return the names of the custom search attributes."""
    answer = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=namespace)
    )
    return set(answer.custom_attributes)


async def retention(client: Client, namespace: str) -> timedelta:
    """Return how long closed workflows are kept."""
    answer = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
    return answer.config.workflow_execution_retention_ttl.ToTimedelta()


async def test_the_server_starts_with_our_namespace_and_search_attributes(temporal_server: str) -> None:
    client = await Client.connect(temporal_server, namespace=NAMESPACE)
    assert await search_attributes(client, NAMESPACE) == {key.name for key in SEARCH_ATTRIBUTES}


async def test_nobody_is_ready_where_nobody_listens() -> None:
    assert not await is_ready(f"127.0.0.1:{free_port()}", NAMESPACE)


async def test_an_unknown_namespace_is_not_ready(temporal_server: str) -> None:
    assert not await is_ready(temporal_server, "nobody-made-this")


async def test_a_namespace_is_registered_with_its_retention_and_attributes(temporal_server: str) -> None:
    name = f"ns-{secrets.token_hex(4)}"
    client = await Client.connect(temporal_server, namespace=name)
    await ensure_namespace(client, name, retention_days=7)
    assert await retention(client, name) == timedelta(days=7)
    assert await search_attributes(client, name) == {key.name for key in SEARCH_ATTRIBUTES}


async def test_ensuring_a_namespace_again_changes_only_its_retention(temporal_server: str) -> None:
    client = await Client.connect(temporal_server, namespace=NAMESPACE)
    for days in (7, 30, 30):
        await ensure_namespace(client, NAMESPACE, retention_days=days)
        assert await retention(client, NAMESPACE) == timedelta(days=days)
    assert await search_attributes(client, NAMESPACE) == {key.name for key in SEARCH_ATTRIBUTES}


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
async def test_what_was_started_survives_the_end_of_the_server(
    end: signal.Signals, tmp_path: Path, watchdog: Watchdog
) -> None:
    part = temporal_part(free_port(), namespace=NAMESPACE, db_file=tmp_path / "temporal.sqlite3")
    with running(part, tmp_path, watchdog) as process:
        client = await Client.connect(f"127.0.0.1:{part.port}", namespace=NAMESPACE)
        await client.start_workflow("Nobody", id="kept", task_queue="none")
        assert process.pid is not None
        os.kill(process.pid, end)
        # leaving the block reaps it
    with running(part, tmp_path, watchdog):
        client = await Client.connect(f"127.0.0.1:{part.port}", namespace=NAMESPACE)
        assert (await client.get_workflow_handle("kept").describe()).workflow_type == "Nobody"
