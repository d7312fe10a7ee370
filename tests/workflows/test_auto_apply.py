"""What the application's workflow decides, with scripted steps on a real Temporal server."""

import asyncio
from uuid import uuid4

from models.enums import ApplicationState, AttemptState, EndReason
from tests.workflows.running import HANG, start, worker_with
from tests.workflows.scripted import (
    ABSENT,
    ACCEPTED,
    AMBIGUOUS,
    APPROVED,
    BUSY,
    QUICK,
    ScriptedAutoApply,
    ScriptedNotify,
    an_application,
    attempt_of,
    lost,
)
from workflows.auto_apply import AutoApply
from workflows.ids import notify_id
from workflows.messages import (
    Conclusion,
    Prepared,
    Submission,
    SubmissionKind,
)
from workflows.submitting import POSTS_AFTER_REFUSAL

SETTLINGS = 2


async def run(address: str, steps: ScriptedAutoApply) -> Conclusion:
    """Run one application to its end."""
    async with worker_with(address, steps) as client:
        handle = await start(client, an_application())
        return await asyncio.wait_for(handle.result(), HANG)


async def test_an_accepted_submission_is_read_concluded_and_proven(temporal_server: str) -> None:
    steps = ScriptedAutoApply(readings=[False, True])
    assert (await run(temporal_server, steps)).state is ApplicationState.SUBMITTED
    assert steps.calls == {
        "stage": 1,
        "open_attempt": 1,
        "submit": 1,
        "record_run": 1,
        "watch_run": 2,
        "conclude": 1,
        "copy_evidence": 1,
    }


async def test_a_lost_answer_is_looked_up_and_never_sent_again(temporal_server: str) -> None:
    steps = ScriptedAutoApply(submissions=[lost])
    assert (await run(temporal_server, steps)).state is ApplicationState.SUBMITTED
    assert (steps.calls["submit"], steps.calls["look_up"]) == (1, 1)


async def test_a_run_that_is_proven_absent_is_sent_once_more(temporal_server: str) -> None:
    steps = ScriptedAutoApply(submissions=[AMBIGUOUS, ACCEPTED], look_ups=[ABSENT])
    assert (await run(temporal_server, steps)).state is ApplicationState.SUBMITTED
    assert steps.voided == [AttemptState.ABSENT]
    assert (steps.calls["submit"], steps.calls["look_up"]) == (2, 2)


async def test_no_ring_shortens_the_wait_before_either_look(temporal_server: str) -> None:
    """What is not found before a call can no longer land is not absent."""
    prepared = APPROVED.model_copy(update={"timing": QUICK.model_copy(update={"settle": 3.0})})
    steps = ScriptedAutoApply(prepared=prepared, submissions=[AMBIGUOUS], look_ups=[ABSENT, ACCEPTED])
    rings: list[int] = []
    async with asyncio.timeout(HANG), worker_with(temporal_server, steps) as client:
        handle = await start(client, an_application())
        while len(rings) < SETTLINGS:
            events = (await handle.fetch_history()).events
            if sum(each.HasField("timer_started_event_attributes") for each in events) > len(rings):
                await handle.signal(AutoApply.doorbell)
                rings.append(steps.calls["look_up"])
        assert (await handle.result()).state is ApplicationState.SUBMITTED
        events = (await handle.fetch_history()).events
    # each ring came within its wait: before the first look, and before the second
    assert rings == [0, 1]
    assert sum(each.HasField("timer_fired_event_attributes") for each in events) == SETTLINGS
    assert not any(each.HasField("timer_canceled_event_attributes") for each in events)
    assert (steps.calls["submit"], steps.calls["look_up"]) == (1, SETTLINGS)


async def test_a_run_that_appears_in_the_second_look_is_adopted(temporal_server: str) -> None:
    steps = ScriptedAutoApply(submissions=[lost], look_ups=[ABSENT, ACCEPTED])
    assert (await run(temporal_server, steps)).state is ApplicationState.SUBMITTED
    assert (steps.calls["submit"], steps.voided) == (1, [])


async def test_a_run_that_is_absent_twice_fails_and_is_not_sent_a_third_time(temporal_server: str) -> None:
    steps = ScriptedAutoApply(submissions=[AMBIGUOUS], look_ups=[ABSENT])
    assert await run(temporal_server, steps) == Conclusion(
        state=ApplicationState.FAILED, reason=EndReason.PROVIDER_ERROR
    )
    assert steps.calls["submit"] == 2
    assert steps.ended[0].retryable


async def test_what_cannot_be_found_out_is_unknown_and_not_failed(temporal_server: str) -> None:
    steps = ScriptedAutoApply(submissions=[lost], look_ups=[AMBIGUOUS])
    assert (await run(temporal_server, steps)).state is ApplicationState.UNKNOWN_OUTCOME
    assert steps.calls["submit"] == 1


async def test_a_busy_vendor_is_asked_again(temporal_server: str) -> None:
    steps = ScriptedAutoApply(submissions=[BUSY, BUSY, ACCEPTED])
    assert (await run(temporal_server, steps)).state is ApplicationState.SUBMITTED
    assert steps.voided == [AttemptState.REFUSED, AttemptState.REFUSED]
    assert steps.calls["look_up"] == 0


async def test_a_vendor_that_stays_busy_ends_the_application_as_retryable(temporal_server: str) -> None:
    steps = ScriptedAutoApply(submissions=[BUSY])
    assert (await run(temporal_server, steps)).state is ApplicationState.FAILED
    assert steps.calls["submit"] == POSTS_AFTER_REFUSAL + 1
    assert steps.ended[0].retryable


async def test_a_refused_submission_fails_with_its_reason(temporal_server: str) -> None:
    refused = Submission(kind=SubmissionKind.REFUSED, reason=EndReason.CREDENTIALS_REFUSED)
    steps = ScriptedAutoApply(submissions=[refused])
    assert (await run(temporal_server, steps)).reason is EndReason.CREDENTIALS_REFUSED
    assert steps.voided == [AttemptState.REFUSED]
    assert not steps.ended[0].retryable


async def test_a_cancelled_application_is_not_submitted(temporal_server: str) -> None:
    steps = ScriptedAutoApply(fence_closed=ApplicationState.CANCELLED)
    assert (await run(temporal_server, steps)).state is ApplicationState.CANCELLED
    assert steps.calls["submit"] == 0


async def test_an_application_that_has_ended_is_left_alone(temporal_server: str) -> None:
    steps = ScriptedAutoApply(prepared=Prepared(state=ApplicationState.SUBMITTED, timing=QUICK))
    assert (await run(temporal_server, steps)).state is ApplicationState.SUBMITTED
    assert not steps.calls


async def test_a_second_workflow_behind_the_fence_looks_before_anything_else(temporal_server: str) -> None:
    attempt = attempt_of(an_application())
    prepared = Prepared(state=ApplicationState.SUBMITTING, timing=QUICK, attempt=attempt)
    steps = ScriptedAutoApply(prepared=prepared)
    assert (await run(temporal_server, steps)).state is ApplicationState.SUBMITTED
    assert (steps.calls["submit"], steps.calls["open_attempt"], steps.calls["look_up"]) == (0, 0, 1)


async def test_a_refusal_before_the_fence_fails_with_its_reason(temporal_server: str) -> None:
    steps = ScriptedAutoApply(staging_fails="credentials_refused")
    assert (await run(temporal_server, steps)).reason is EndReason.CREDENTIALS_REFUSED
    assert steps.calls["submit"] == 0


async def test_the_doorbell_ends_a_long_wait(temporal_server: str) -> None:
    slow = QUICK.model_copy(update={"poll": 3600.0, "poll_max": 3600.0, "deadline": 7200.0})
    prepared = Prepared(state=ApplicationState.APPROVED, timing=slow)
    steps = ScriptedAutoApply(readings=[False, True], prepared=prepared)
    async with worker_with(temporal_server, steps) as client:
        handle = await start(client, an_application())
        async with asyncio.timeout(HANG):
            await steps.watched.wait()
            await handle.signal(AutoApply.doorbell)
            assert (await handle.result()).state is ApplicationState.SUBMITTED
    assert steps.calls["watch_run"] == 2


async def test_a_run_that_never_ends_is_given_up_at_the_deadline(temporal_server: str) -> None:
    hasty = QUICK.model_copy(update={"deadline": 0.5})
    steps = ScriptedAutoApply(
        readings=[False], prepared=Prepared(state=ApplicationState.APPROVED, timing=hasty)
    )
    assert (await run(temporal_server, steps)).reason is EndReason.TIMEOUT
    assert steps.calls["give_up"] == 1


async def test_missing_screenshots_do_not_change_the_outcome(temporal_server: str) -> None:
    steps = ScriptedAutoApply(evidence_fails=True)
    assert (await run(temporal_server, steps)).state is ApplicationState.SUBMITTED


async def test_the_person_is_told_by_a_workflow_of_its_own(temporal_server: str) -> None:
    notification_id = uuid4()
    concluded = Conclusion(state=ApplicationState.SUBMITTED, notification_id=notification_id)
    steps, notify = ScriptedAutoApply(concluded=concluded), ScriptedNotify()
    async with worker_with(temporal_server, steps, notify) as client:
        application = an_application()
        handle = await start(client, application)
        async with asyncio.timeout(HANG):
            await handle.result()
            await client.get_workflow_handle(notify_id(application.user_id, notification_id)).result()
    assert notify.sent == [notification_id]


async def test_polling_costs_no_history(temporal_server: str) -> None:
    assert await events_after(temporal_server, readings=[True]) == await events_after(
        temporal_server, readings=[False, True]
    )


async def test_an_application_whose_answer_was_lost_stays_far_under_150_history_events(
    temporal_server: str,
) -> None:
    assert await events_after(temporal_server, readings=[True]) < 75


async def events_after(address: str, readings: list[bool]) -> int:
    """Count the history events of an application whose submission's answer was lost."""
    steps = ScriptedAutoApply(submissions=[lost], readings=readings)
    async with worker_with(address, steps) as client:
        handle = await start(client, an_application())
        await asyncio.wait_for(handle.result(), HANG)
        return len((await handle.fetch_history()).events)


async def test_a_run_that_cannot_be_read_any_more_is_given_up(temporal_server: str) -> None:
    steps = ScriptedAutoApply(watching_fails="credentials_refused")
    assert (await run(temporal_server, steps)).state is ApplicationState.UNKNOWN_OUTCOME
    assert (steps.calls["watch_run"], steps.calls["give_up"]) == (1, 1)


async def test_a_run_that_the_webhook_tells_of_at_the_last_moment_is_adopted(temporal_server: str) -> None:
    steps = ScriptedAutoApply(submissions=[AMBIGUOUS], look_ups=[ABSENT, ABSENT, ACCEPTED], told_of_run=True)
    assert (await run(temporal_server, steps)).state is ApplicationState.SUBMITTED
    assert steps.calls["submit"] == 1
