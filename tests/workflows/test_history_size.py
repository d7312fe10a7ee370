"""An application's history stays short, and where it grows long it goes on in a new run."""

import asyncio
from datetime import timedelta
from uuid import UUID

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle

from models.enums import ApplicationState
from tests.workflows.running import HANG, applying, start, worker_with
from tests.workflows.scripted import PREPARING, ScriptedAutoApply, an_application, lost
from tests.workflows.scripted_person import a_choice
from workflows.auto_apply import AutoApply
from workflows.messages import Approve, Conclusion, GiveAnswers, GivenShape

S = ApplicationState
Handle = WorkflowHandle[AutoApply, Conclusion]

EVENTS_MAX = 150
EVENTS_AN_UPDATE = 7
QUESTIONS = 20
SUGGESTED_FROM = 4096
"""From how many events on the server suggests a new run."""

SOON = timedelta(seconds=0.3)


def given(*question_ids: UUID) -> GiveAnswers:
    """Choose one option of each."""
    return GiveAnswers(answers=[GivenShape(question_id=each, chosen=1) for each in question_ids])


async def test_twenty_questions_a_reminder_an_approval_and_an_undo_window_stay_under_150_events(
    temporal_server: str,
) -> None:
    assert await events_of(temporal_server, a_questionnaire()) < EVENTS_MAX


async def test_answers_one_by_one_and_a_lost_answer_of_the_vendor_cost_few_events_more(
    temporal_server: str,
) -> None:
    steps = a_questionnaire()
    steps.submissions = [lost]
    assert await events_of(temporal_server, steps, updates=4) < EVENTS_MAX + 4 * EVENTS_AN_UPDATE


def a_questionnaire() -> ScriptedAutoApply:
    """Return an application of twenty open questions, of which its person is about to be reminded."""
    return ScriptedAutoApply(
        prepared=PREPARING,
        is_auto=False,
        shapes=[a_choice() for _ in range(QUESTIONS)],
        looks=[False, False, True],
        readings=[False, True],
        asked_ago=timedelta(hours=1) - SOON,
        undo=SOON,
    )


async def events_of(address: str, steps: ScriptedAutoApply, updates: int = 1) -> int:
    """Answer after the reminder, in so many updates, approve, and count the events to the end."""
    async with applying(address, steps) as handle:
        await steps.until("remind")
        for shape in steps.shapes[: updates - 1]:
            await handle.execute_update(AutoApply.give_answers, given(shape.question_id))
        rest = [shape.question_id for shape in steps.shapes[updates - 1 :]]
        await handle.execute_update(AutoApply.give_answers, given(*rest))
        # shown so late that the reminder of this wait is due as well
        await steps.until("decide")
        await handle.execute_update(AutoApply.approve, Approve(shown_hash=steps.shown_hash))
        assert (await handle.result()).state is S.SUBMITTED

        return len((await handle.fetch_history()).events)


async def ring_until_long(client: Client, handle: Handle) -> None:
    """Make a history so long that the server suggests a new run: each ring is an event."""
    batch = 256
    for _ in range(SUGGESTED_FROM // batch):
        await asyncio.gather(*(handle.signal(AutoApply.doorbell) for _ in range(batch)))


async def test_a_long_wait_goes_on_in_a_new_run_with_all_that_it_waits_for(temporal_server: str) -> None:
    question = a_choice()
    steps = ScriptedAutoApply(prepared=PREPARING, shapes=[question], asked_ago=timedelta(hours=2))
    async with asyncio.timeout(HANG):
        async with worker_with(temporal_server, steps) as client:
            handle = await start(client, an_application())
            await steps.until("remind")
        await ring_until_long(client, handle)
        async with worker_with(temporal_server, steps) as client:
            await steps.until("scout", 2)
            # the same id: what comes now is for the new run, which may not have looked yet
            today: Handle = client.get_workflow_handle_for(AutoApply.run, handle.id)
            await today.execute_update(AutoApply.give_answers, given(question.question_id))
            assert (await handle.result()).state is S.SUBMITTED
            assert (await today.describe()).run_id != handle.first_execution_run_id
    assert (steps.reminded, steps.calls["submit"]) == ([1], 1)


async def has_worked_on(handle: Handle, step: str) -> None:
    """Wait until a workflow has done all that follows from the last answer of a step."""
    while True:
        events = (await handle.fetch_history()).events
        numbers = {
            event.event_id
            for event in events
            if event.activity_task_scheduled_event_attributes.activity_type.name == step
        }
        last = [event.event_type for event in events]
        answers = [
            place
            for place, event in enumerate(events)
            if event.activity_task_completed_event_attributes.scheduled_event_id in numbers
        ]
        if (
            len(answers) == len(numbers)
            and EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED in last[answers[-1] :]
        ):
            return
        await asyncio.sleep(0.05)


async def test_an_update_under_way_ends_before_a_new_run_begins(temporal_server: str) -> None:
    question = a_choice()
    steps = ScriptedAutoApply(prepared=PREPARING, shapes=[question], asked_ago=timedelta(hours=2))
    async with asyncio.timeout(HANG):
        async with worker_with(temporal_server, steps) as client:
            handle = await start(client, an_application())
            await steps.until("remind")
        await ring_until_long(client, handle)
        steps.gate = {"answer": asyncio.Event(), "take_answers": asyncio.Event()}
        async with worker_with(temporal_server, steps) as client, asyncio.TaskGroup() as tasks:
            await steps.until("answer", 2)
            update = tasks.create_task(
                handle.execute_update(AutoApply.give_answers, given(question.question_id))
            )
            await steps.until("take_answers")
            # now the long run looks at its row and would go on in a new one
            steps.gate["answer"].set()
            await has_worked_on(handle, "answer_form")
            steps.gate["take_answers"].set()
            assert (await update).missing == 0
            assert (await handle.result()).state is S.SUBMITTED
            today = client.get_workflow_handle(handle.id)
            assert (await today.describe()).run_id != handle.first_execution_run_id


async def test_a_long_hold_goes_on_in_a_new_run(temporal_server: str) -> None:
    steps = ScriptedAutoApply(prepared=PREPARING, holds=[3600.0])
    async with asyncio.timeout(HANG):
        async with worker_with(temporal_server, steps) as client:
            handle = await start(client, an_application())
            await steps.until("stage")
        await ring_until_long(client, handle)
        async with worker_with(temporal_server, steps) as client:
            await steps.until("scout", 2)
            steps.holds = [0.0]
            await client.get_workflow_handle(handle.id).signal(AutoApply.doorbell)
            assert (await handle.result()).state is S.SUBMITTED
    assert steps.calls["submit"] == 1
