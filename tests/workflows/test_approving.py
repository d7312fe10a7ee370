"""What is shown is approved once, stays undone for a while, is held where it must be, and then sent."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from temporalio import activity
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.worker import Replayer

from models.enums import ApplicationState, EndReason
from tests.workflows.running import applying, refusal_of, timers_of
from tests.workflows.scripted import PREPARING, ScriptedAutoApply
from tests.workflows.scripted_person import a_choice
from workflows.auto_apply import AutoApply
from workflows.desk import NOT_OPEN, STALE
from workflows.messages import (
    ApplicationRef,
    Approve,
    Approved,
    Asked,
    Conclusion,
    Fence,
    GiveAnswers,
    GivenShape,
)
from workflows.preparing import AGAIN_SECONDS, ROUNDS_AT_ONCE
from workflows.quick import AT_ONCE
from workflows.wire import plugin

S = ApplicationState
Handle = WorkflowHandle[AutoApply, Conclusion]
DAY = timedelta(days=1)


def reviewed(**changes: object) -> ScriptedAutoApply:
    """Return an application whose person wants to see it first."""
    steps = ScriptedAutoApply(prepared=PREPARING, is_auto=False)
    for name, value in changes.items():
        setattr(steps, name, value)
    return steps


async def approve(handle: Handle, shown_hash: str) -> Approved:
    """Approve as the API does."""
    return await handle.execute_update(AutoApply.approve, Approve(shown_hash=shown_hash))


async def test_what_was_approved_is_sent(temporal_server: str) -> None:
    steps = reviewed()
    async with applying(temporal_server, steps) as handle:
        await steps.until("decide")
        approved = await approve(handle, steps.shown_hash)
        assert (approved.state, approved.stale) == (S.APPROVED, False)
        assert (await handle.result()).state is S.SUBMITTED
    assert (steps.calls["approve"], steps.calls["submit"]) == (1, 1)


async def test_a_hash_of_something_else_approves_nothing(temporal_server: str) -> None:
    steps = reviewed()
    async with applying(temporal_server, steps) as handle:
        await steps.until("decide")
        assert (await approve(handle, "never shown")).stale
        assert (steps.state, steps.calls["stage"]) == (S.AWAITING_APPROVAL, 0)
        await approve(handle, steps.shown_hash)
        assert (await handle.result()).state is S.SUBMITTED


async def test_what_was_shown_before_a_change_is_refused_without_any_step(temporal_server: str) -> None:
    steps = reviewed()
    async with applying(temporal_server, steps) as handle:
        await steps.until("decide")
        before = steps.shown_hash
        steps.version += 1
        await handle.signal(AutoApply.doorbell)
        await steps.until("decide", 2)
        while (refusal := await refusal_of(approve(handle, before))) is None:
            continue
        assert refusal == STALE
        calls = steps.calls["approve"]
        assert await refusal_of(approve(handle, before)) == STALE
        assert steps.calls["approve"] == calls
        await approve(handle, steps.shown_hash)
        await handle.result()


async def test_a_change_that_the_workflow_has_not_heard_of_can_be_approved(temporal_server: str) -> None:
    steps = reviewed()
    async with applying(temporal_server, steps) as handle:
        await steps.until("decide")
        steps.version += 1
        assert not (await approve(handle, steps.shown_hash)).stale
        assert (await handle.result()).state is S.SUBMITTED


async def test_an_approval_that_comes_before_the_workflow_knows_is_taken(temporal_server: str) -> None:
    steps = reviewed(gate={"decide": asyncio.Event()})
    async with applying(temporal_server, steps) as handle:
        await steps.until("decide")
        # the step has committed, and its worker was killed before it could say so
        steps.state = S.AWAITING_APPROVAL
        assert (await approve(handle, steps.shown_hash)).state is S.APPROVED
        steps.gate["decide"].set()
        assert (await handle.result()).state is S.SUBMITTED


async def test_two_approvals_at_once_send_once(temporal_server: str) -> None:
    steps = reviewed(undo=timedelta(seconds=0.5))
    async with applying(temporal_server, steps) as handle:
        await steps.until("decide")
        twice = await asyncio.gather(*(approve(handle, steps.shown_hash) for _ in range(2)))
        assert [(each.state, each.stale) for each in twice] == [(S.APPROVED, False)] * 2
        assert (await handle.result()).state is S.SUBMITTED
    assert steps.calls["submit"] == 1


async def test_an_answer_changed_at_the_last_moment_is_shown_again(temporal_server: str) -> None:
    question = a_choice()
    steps = reviewed(shapes=[question], answered={question.question_id})
    async with applying(temporal_server, steps) as handle:
        await steps.until("decide")
        given = GiveAnswers(answers=[GivenShape(question_id=question.question_id, chosen=1)])
        taken = await handle.execute_update(AutoApply.give_answers, given)
        assert taken.shown_hash is not None
        assert not (await approve(handle, taken.shown_hash)).stale
        assert (await handle.result()).state is S.SUBMITTED


async def test_an_answer_taken_away_is_asked_for_again(temporal_server: str) -> None:
    question = a_choice()
    steps = reviewed(shapes=[question], answered={question.question_id})
    async with applying(temporal_server, steps) as handle:
        await steps.until("decide")
        steps.answered.clear()
        await handle.signal(AutoApply.doorbell)
        await steps.until("answer", 2)
        steps.answered = {question.question_id}
        await handle.signal(AutoApply.doorbell)
        await steps.until("decide", 3)
        await approve(handle, steps.shown_hash)
        assert (await handle.result()).state is S.SUBMITTED
    assert steps.calls["make_documents"] == 2


@pytest.mark.parametrize("end", [S.CANCELLED, S.DECLINED])
async def test_a_person_who_says_no_ends_it_at_once(temporal_server: str, end: ApplicationState) -> None:
    steps = reviewed()
    async with applying(temporal_server, steps) as handle:
        await steps.until("decide")
        steps.state = end
        await handle.signal(AutoApply.doorbell)
        assert (await handle.result()).state is end
    assert steps.calls["stage"] == 0


async def test_a_cancel_within_the_undo_window_wins(temporal_server: str) -> None:
    steps = reviewed(undo=DAY)
    async with applying(temporal_server, steps) as handle:
        await steps.until("decide")
        approved = await approve(handle, steps.shown_hash)
        assert approved.undo_until == steps.undo_until
        await steps.until("decide", 2)
        steps.state = S.CANCELLED
        await handle.signal(AutoApply.doorbell)
        assert (await handle.result()).state is S.CANCELLED
    assert (steps.calls["stage"], steps.calls["submit"]) == (0, 0)


async def test_a_ring_does_not_shorten_the_undo_window(temporal_server: str) -> None:
    steps = reviewed(undo=timedelta(seconds=1))
    async with applying(temporal_server, steps) as handle:
        await steps.until("decide")
        await approve(handle, steps.shown_hash)
        await steps.until("decide", 2)
        await handle.signal(AutoApply.doorbell)
        await steps.until("decide", 3)
        assert steps.calls["stage"] == 0
        assert (await handle.result()).state is S.SUBMITTED


async def test_nothing_can_be_approved_behind_the_fence(temporal_server: str) -> None:
    slow = PREPARING.timing.model_copy(update={"poll": 3600.0, "poll_max": 3600.0, "deadline": 7200.0})
    prepared = PREPARING.model_copy(update={"timing": slow})
    steps = ScriptedAutoApply(prepared=prepared, readings=[False, True])
    async with applying(temporal_server, steps) as handle:
        await steps.watched.wait()
        assert await refusal_of(approve(handle, steps.shown_hash)) == NOT_OPEN
        await handle.signal(AutoApply.doorbell)
        assert (await handle.result()).state is S.SUBMITTED


async def test_what_was_changed_after_its_approval_is_shown_again(temporal_server: str) -> None:
    steps = reviewed(fences=[Fence(state=S.AWAITING_APPROVAL)])
    async with applying(temporal_server, steps) as handle:
        await steps.until("decide")
        await approve(handle, steps.shown_hash)
        await steps.until("open_attempt")
        await steps.until("decide", 3)
        assert steps.calls["submit"] == 0
        await approve(handle, steps.shown_hash)
        assert (await handle.result()).state is S.SUBMITTED
    assert (steps.calls["submit"], steps.calls["scout"]) == (1, 1)


async def test_a_hold_before_the_fence_loses_nothing_and_a_ring_ends_it(temporal_server: str) -> None:
    steps = ScriptedAutoApply(prepared=PREPARING, holds=[3600.0, 3600.0, 0.0])
    async with applying(temporal_server, steps) as handle:
        for times in (1, 2):
            await steps.until("stage", times)
            assert steps.calls["open_attempt"] == 0
            await handle.signal(AutoApply.doorbell)
        assert (await handle.result()).state is S.SUBMITTED
    assert (steps.calls["submit"], steps.calls["open_attempt"]) == (1, 1)


async def test_a_hold_at_the_fence_itself_stages_again(temporal_server: str) -> None:
    steps = ScriptedAutoApply(prepared=PREPARING, fences=[Fence(state=S.APPROVED, wait=0.01)])
    async with applying(temporal_server, steps) as handle:
        assert (await handle.result()).state is S.SUBMITTED
        assert 1.0 in await timers_of(handle)
    assert (steps.calls["stage"], steps.calls["open_attempt"], steps.calls["submit"]) == (2, 2, 1)


async def test_a_cancel_wins_over_a_hold(temporal_server: str) -> None:
    steps = ScriptedAutoApply(prepared=PREPARING, holds=[3600.0])
    async with applying(temporal_server, steps) as handle:
        await steps.until("stage")
        steps.state = S.CANCELLED
        await handle.signal(AutoApply.doorbell)
        assert (await handle.result()).state is S.CANCELLED
    assert steps.calls["submit"] == 0


class Contradicting(ScriptedAutoApply):
    """Finds nothing missing when it answers, and something when it decides."""

    @activity.defn
    async def decide(self, application: ApplicationRef) -> Asked:
        """Go back."""
        await self.count("decide")
        return Asked(state=S.PREPARING)


async def test_steps_that_contradict_each_other_are_not_repeated_hotly(temporal_server: str) -> None:
    steps = Contradicting(prepared=PREPARING)
    async with applying(temporal_server, steps) as handle:
        while not (timers := await timers_of(handle)):
            continue
        assert timers == [AGAIN_SECONDS]
    assert steps.calls["decide"] == ROUNDS_AT_ONCE


@dataclass
class Failing(ScriptedAutoApply):
    """Fails to decide, so often and so."""

    failures: list[ApplicationError] = field(default_factory=list)

    @activity.defn
    async def decide(self, application: ApplicationRef) -> Asked:
        """Fail first."""
        if self.failures:
            raise self.failures.pop(0)
        return await super().decide(application)


def decisions_in(events: Sequence[HistoryEvent]) -> int:
    """Return how often `decide` was done as an activity of its own."""
    return [event.activity_task_scheduled_event_attributes.activity_type.name for event in events].count(
        "decide"
    )


async def test_a_brief_step_costs_no_activity_and_becomes_one_in_an_outage(temporal_server: str) -> None:
    outage = [ApplicationError("the database is away") for _ in range(3)]
    for failures, activities in (([], 0), (outage, 1)):
        steps = Failing(prepared=PREPARING, failures=failures)
        async with applying(temporal_server, steps) as handle:
            assert (await handle.result()).state is S.SUBMITTED
            assert decisions_in((await handle.fetch_history()).events) == activities


@dataclass
class Slow(ScriptedAutoApply):
    """Takes longer to decide than a brief step may, the first time."""

    is_slow: bool = True

    @activity.defn
    async def decide(self, application: ApplicationRef) -> Asked:
        """Be too late once."""
        if self.is_slow:
            self.is_slow = False
            await asyncio.sleep(2 * AT_ONCE.total_seconds())
        return await super().decide(application)


async def test_a_brief_step_that_ran_out_of_time_replays(temporal_server: str) -> None:
    async with applying(temporal_server, Slow(prepared=PREPARING)) as handle:
        assert (await handle.result()).state is S.SUBMITTED
        history = await handle.fetch_history()
    assert decisions_in(history.events) == 1
    await Replayer(workflows=[], plugins=[plugin()]).replay_workflow(history)


async def test_a_brief_step_that_fails_for_good_ends_the_application_with_its_reason(
    temporal_server: str,
) -> None:
    final = ApplicationError("no identity", type=EndReason.PROFILE_INCOMPLETE.value, non_retryable=True)
    steps = Failing(prepared=PREPARING, failures=[final, final])
    async with applying(temporal_server, steps) as handle:
        assert (await handle.result()).reason is EndReason.PROFILE_INCOMPLETE
    assert (steps.calls["decide"], steps.calls["stage"]) == (0, 0)
