"""Mails about accounts through a real Temporal: they come, and the token is in no history."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlmodel import select
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowExecutionStatus

from activities.notify import NotifyActivities
from models.notification import Notification
from models.one_time_token import OneTimeToken
from tests.api.client import PASSWORD, PATIENCE, Api, ApiAt
from tests.api.post import Post, post_of, token_in
from tests.workflows.running import worker_with
from workflows.ids import notify_id, token_mail_id

ADA = "ada@example.org"
CLOSED = WorkflowExecutionStatus.COMPLETED


@asynccontextmanager
async def posting(api: Api, temporal: str) -> AsyncIterator[tuple[Post, Client]]:
    """Run a worker that sends mails about accounts by a mail server."""
    async with post_of(api) as post:
        steps = (post.steps, NotifyActivities(api.database, post.mailer))
        async with worker_with(temporal, *steps, codec=api.context.codec) as client:
            yield post, client


async def mail_to(post: Post, email: str, count: int = 1) -> dict[str, str]:
    """Wait until so many mails have come for an e-mail, and return the newest."""
    async with asyncio.timeout(PATIENCE):
        while True:
            mails = (await post.control.get("/_control/messages", params={"to": email})).json()
            if len(mails) >= count:
                newest: dict[str, str] = mails[-1]
                return newest
            await asyncio.sleep(0.02)


async def words_of(client: Client, api: Api, workflow_id: str) -> str:
    """Return what the history of a workflow holds, opened, once it has ended well."""
    handle = client.get_workflow_handle(workflow_id)
    await handle.result()
    assert (await handle.describe()).status is CLOSED
    payloads: list[Payload] = []
    for event in (await handle.fetch_history()).events:
        payloads += event.workflow_execution_started_event_attributes.input.payloads
        payloads += event.activity_task_scheduled_event_attributes.input.payloads
        payloads += event.activity_task_completed_event_attributes.result.payloads
    opened = await api.context.codec.decode(payloads)
    return "\n".join(payload.data.decode() for payload in opened)


async def test_who_registers_gets_a_mail_and_temporal_no_token(api_at: ApiAt, temporal_server: str) -> None:
    async with api_at(temporal=temporal_server) as api, posting(api, temporal_server) as (post, client):
        await post.register(ADA)
        token = token_in(await mail_to(post, ADA))
        assert (await post.confirm(token)).status_code == 200
        async with api.database.begin() as session:
            row = (await session.exec(select(OneTimeToken))).one()
        said = await words_of(client, api, token_mail_id(row.user_id, row.id))
        # had it not been opened, these would not be seen either
        assert str(row.id) in said
        assert str(row.user_id) in said
        assert token[32:] not in said
        assert ADA not in said


async def test_a_changed_password_is_told_by_mail_at_once(api_at: ApiAt, temporal_server: str) -> None:
    async with api_at(temporal=temporal_server) as api, posting(api, temporal_server) as (post, client):
        ada = await api.person(ADA)
        body = {"current": PASSWORD, "new": "an entirely new password"}
        assert (await ada.post("/api/auth/password", json=body)).status_code == 204
        mail = await mail_to(post, ADA)
        assert mail["subject"].startswith("The password of your account was changed")
        async with api.database.begin() as session:
            told = (await session.exec(select(Notification))).one()
        assert str(told.id) in await words_of(client, api, notify_id(ada.id, told.id))
