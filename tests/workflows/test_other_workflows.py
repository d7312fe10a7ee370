"""What the smaller workflows decide, with scripted steps on a real Temporal server."""

import asyncio
from uuid import uuid4

from temporalio.client import Client

from models.enums import ApplicationState
from tests.workflows.running import HANG, start, worker_with
from tests.workflows.scripted import (
    PREPARING,
    ScriptedAutoApply,
    ScriptedChatTurn,
    ScriptedReconcile,
    an_application,
)
from tests.workflows.scripted_person import a_choice
from workflows.chat_turn import ChatTurn
from workflows.ids import TASK_QUEUE, chat_turn_id
from workflows.messages import ChatTurnRef
from workflows.reconcile import Reconcile
from workflows.stranded import Stranded


async def answer(address: str, steps: ScriptedChatTurn) -> ChatTurnRef:
    """Run one chat turn to its end."""
    turn = ChatTurnRef(message_id=uuid4(), user_id=uuid4())
    async with worker_with(address, steps) as client, asyncio.timeout(HANG):
        await client.execute_workflow(
            ChatTurn.run, turn, id=chat_turn_id(turn.user_id, turn.message_id), task_queue=TASK_QUEUE
        )
    return turn


async def test_an_answer_that_cannot_be_had_is_ended_as_failed(temporal_server: str) -> None:
    steps = ScriptedChatTurn(fails="invalid_api_key")
    turn = await answer(temporal_server, steps)
    assert steps.failed == [turn.message_id]


async def test_an_answer_that_arrived_is_not_failed(temporal_server: str) -> None:
    steps = ScriptedChatTurn()
    await answer(temporal_server, steps)
    assert steps.failed == []


async def test_the_workflow_of_a_cancelled_application_is_rung_where_a_new_one_needs_its_id(
    temporal_server: str,
) -> None:
    steps, old = ScriptedAutoApply(prepared=PREPARING, shapes=[a_choice()]), an_application()
    # a new application to the same job: the same id of a workflow
    new = old.model_copy(update={"application_id": uuid4()})
    stranded = Stranded(applications=[], chat_turns=[], notifications=[], rings=[new])
    async with (
        worker_with(temporal_server, steps, ScriptedReconcile(stranded)) as client,
        asyncio.timeout(HANG),
    ):
        waiting = await start(client, old)
        await steps.until("answer")
        steps.state = ApplicationState.CANCELLED
        assert await reconcile(client) == 0
        assert (await waiting.result()).state is ApplicationState.CANCELLED
        assert await reconcile(client) == 1


async def reconcile(client: Client) -> int:
    """Reconcile once and return how many workflows were started."""
    return await client.execute_workflow(Reconcile.run, id=f"reconcile-{uuid4()}", task_queue=TASK_QUEUE)


async def test_what_stands_still_is_started_and_not_rung_where_it_runs(temporal_server: str) -> None:
    steps, application = ScriptedAutoApply(prepared=PREPARING, shapes=[a_choice()]), an_application()
    stranded = Stranded(applications=[application], chat_turns=[], notifications=[])
    async with (
        worker_with(temporal_server, steps, ScriptedReconcile(stranded)) as client,
        asyncio.timeout(HANG),
    ):
        waiting = await start(client, application)
        await steps.until("answer")
        assert await reconcile(client) == 0
        assert not [
            event
            for event in (await waiting.fetch_history()).events
            if event.HasField("workflow_execution_signaled_event_attributes")
        ]
