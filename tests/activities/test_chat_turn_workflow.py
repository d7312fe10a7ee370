"""One answer through the real workflow on a real Temporal: tried again, and always brought to an end."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from models.enums import ChatState, DeltaKind
from tests.activities.test_chat_turn import Talk, open_talk
from tests.workflows.running import worker_with
from workflows.chat_turn import ChatTurn
from workflows.ids import TASK_QUEUE, chat_turn_id
from workflows.messages import ChatTurnRef


@pytest.fixture
async def talk(database_url: str) -> AsyncIterator[Talk]:
    async with open_talk(database_url) as talk:
        yield talk


async def run(client: Client, turn: ChatTurnRef) -> None:
    await client.execute_workflow(
        ChatTurn.run, turn, id=chat_turn_id(turn.user_id, turn.message_id), task_queue=TASK_QUEUE
    )


async def test_a_broken_answer_is_tried_again(talk: Talk, temporal_server: str) -> None:
    await talk.script(pieces=[{"text": "broken"}], stream_error="server_error")
    await talk.script(text="whole")
    turn = await talk.ask()
    async with worker_with(temporal_server, talk.activities) as client:
        await run(client, turn)
    assert await talk.text(turn) == "whole"
    assert await talk.kinds(turn) == [DeltaKind.TEXT, DeltaKind.RESET, DeltaKind.TEXT, DeltaKind.END]


async def test_a_refused_answer_ends_at_once(talk: Talk, temporal_server: str) -> None:
    await talk.script(error="insufficient_quota")
    turn = await talk.ask()
    async with worker_with(temporal_server, talk.activities) as client:
        await run(client, turn)
    message = await talk.message(turn)
    assert (message.state, message.error) == (ChatState.FAILED, "quota_exhausted")
    assert len(await talk.requests()) == 1
