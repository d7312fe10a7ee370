"""What the smaller workflows decide, with scripted steps on a real Temporal server."""

import asyncio
from uuid import uuid4

import pytest
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
from tests.workflows.scripted_jobs import ScriptedJobFetch
from tests.workflows.scripted_person import a_choice
from workflows.chat_turn import ChatTurn
from workflows.ids import TASK_QUEUE, chat_turn_id
from workflows.job_fetch import JobFetch
from workflows.messages import ChatTurnRef, Stranded
from workflows.reconcile import Reconcile


async def fetch(address: str, steps: ScriptedJobFetch) -> None:
    """Run one fetch to its end."""
    async with worker_with(address, steps) as client, asyncio.timeout(HANG):
        await client.execute_workflow(JobFetch.run, id=f"job-fetch-{uuid4()}", task_queue=TASK_QUEUE)


async def answer(address: str, steps: ScriptedChatTurn) -> ChatTurnRef:
    """Run one chat turn to its end."""
    turn = ChatTurnRef(message_id=uuid4(), user_id=uuid4())
    async with worker_with(address, steps) as client, asyncio.timeout(HANG):
        await client.execute_workflow(
            ChatTurn.run, turn, id=chat_turn_id(turn.message_id), task_queue=TASK_QUEUE
        )
    return turn


async def test_each_search_is_read_to_its_last_page_or_the_limit(temporal_server: str) -> None:
    short, long = uuid4(), uuid4()
    steps = ScriptedJobFetch(pages={short: 2, long: 9})
    await fetch(temporal_server, steps)
    assert steps.fetched == [(short, 1), (short, 2), (long, 1), (long, 2), (long, 3)]
    assert steps.finished == 1


async def test_a_search_that_fails_is_reported_and_stops_no_other(temporal_server: str) -> None:
    broken, sound = uuid4(), uuid4()
    steps = ScriptedJobFetch(pages={broken: 1, sound: 1}, failures={broken: "unsupported_country"})
    await fetch(temporal_server, steps)
    assert (steps.errors, steps.fetched) == ({broken: "unsupported_country"}, [(sound, 1)])


@pytest.mark.parametrize("word", ["credentials_refused", "rate_limited"])
async def test_what_every_search_would_meet_stops_the_run(temporal_server: str, word: str) -> None:
    first, second = uuid4(), uuid4()
    steps = ScriptedJobFetch(pages={first: 1, second: 1}, failures={first: word})
    await fetch(temporal_server, steps)
    assert (steps.fetched, steps.finished) == ([], 1)


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
