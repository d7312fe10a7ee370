"""Behind the fence: watching a run, what its end does to the application, giving up, and the evidence."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select
from temporalio.client import WorkflowExecutionStatus
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from models.answering_enums import LogKind
from models.application import Application, Attempt
from models.application_log import broken_at
from models.enums import Actor, ApplicationState, AttemptState, EndReason, EventKind, NotificationKind, Origin
from models.errors import TooLateError
from models.evidence import Evidence
from models.job import Job
from tests.activities.apply_scene import Scene, open_scene
from workflows.ids import notify_id
from workflows.messages import RUN_GOES_ON, ApplicationRef, AttemptRef, AttemptRun, EndApplication
from workflows.wire import connect

S = ApplicationState
R = EndReason


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with open_scene(database_url, tmp_path) as scene:
        yield scene


async def begin(scene: Scene, slug: str = "short-1", **order: object) -> AttemptRef:
    """Submit an application whose run is told how to end, and record the run."""
    if order:
        await scene.stage.order("runs", **order)
    crossed = await scene.cross(await scene.queue(slug))
    submission = await scene.run(scene.activities.submit, crossed)
    assert submission.run_id is not None
    await scene.run(scene.activities.record_run, AttemptRun(attempt=crossed, run_id=submission.run_id))
    return crossed


async def ended(scene: Scene, slug: str = "short-1", **order: object) -> AttemptRef:
    """The same, and wait for the run's end."""
    crossed = await begin(scene, slug, **order)
    await scene.stage.reach((await scene.attempt(crossed)).run_id or "")
    return crossed


def ref_of(application: Application) -> ApplicationRef:
    return ApplicationRef(
        application_id=application.id, user_id=application.user_id, job_id=application.job_id
    )


async def test_watching_fails_softly_while_the_run_goes_on(scene: Scene) -> None:
    crossed = await begin(scene, mode="stuck_queued")
    with pytest.raises(ApplicationError) as caught:
        await scene.run(scene.activities.watch_run, crossed)
    assert (caught.value.type, caught.value.non_retryable) == (RUN_GOES_ON, False)
    assert await scene.state(crossed) is S.CONFIRMING


async def test_watching_returns_when_the_run_has_ended(scene: Scene) -> None:
    await scene.run(scene.activities.watch_run, await ended(scene))


async def test_a_run_that_is_gone_is_a_final_failure(scene: Scene) -> None:
    crossed = await begin(scene)
    await scene.stage.skyvern.delete("/_control/state")
    for step in (scene.activities.watch_run, scene.activities.conclude, scene.activities.give_up):
        with pytest.raises(ApplicationError) as caught:
            await scene.run(step, crossed)
        assert caught.value.non_retryable


async def test_a_confirmed_run_submits_the_application_and_keeps_its_confirmation_sealed(
    scene: Scene,
) -> None:
    crossed = await ended(scene)
    conclusion = await scene.run(scene.activities.conclude, crossed)
    application = await scene.application(crossed)
    assert (conclusion.state, application.state) == (S.SUBMITTED, S.SUBMITTED)
    assert application.submitted_at is not None
    assert application.confirmation_sealed is not None
    opened = await scene.open(
        application.confirmation_sealed, "application", "confirmation_sealed", application.id
    )
    [row] = await scene.stage.ledger()
    assert opened.decode() == row["confirmation_id"]
    assert (await scene.attempt(crossed)).state is AttemptState.ENDED


async def test_the_end_is_told_once_however_often_the_step_is_repeated(scene: Scene) -> None:
    crossed = await ended(scene)
    conclusions = [await scene.run(scene.activities.conclude, crossed) for _ in range(3)]
    await scene.fault(kind="status", status=500)
    conclusions.append(await scene.run(scene.activities.give_up, crossed))
    [told] = await scene.notifications()
    assert {each.notification_id for each in conclusions} == {told.id}
    assert {each.state for each in conclusions} == {S.SUBMITTED}
    assert told.kind is NotificationKind.APPLICATION_SUBMITTED
    last, said = (await scene.events())[-2:]
    assert (last.kind, last.data["state"]) == (EventKind.APPLICATION_CHANGED, "submitted")
    assert (said.kind, said.subject_id) == (EventKind.NOTIFICATION_ADDED, told.id)
    assert (await scene.moves(crossed))[-1] == ("submitted", Actor.PROVIDER)
    [settled] = await scene.log(crossed, LogKind.ATTEMPT_SETTLED)
    assert settled.data == {"attempt": 1, "state": "ended"}


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("closed-1", R.JOB_CLOSED),
        ("login-1", R.LOGIN_REQUIRED),
        ("captcha-1", R.CAPTCHA),
        ("long-gb-1", R.MISSING_ANSWER),
        ("unsafe-1", R.UNSAFE_REQUEST),
    ],
)
async def test_an_obstacle_fails_the_application_and_lets_a_new_one_begin(
    scene: Scene, slug: str, reason: EndReason
) -> None:
    crossed = await ended(scene, slug)
    conclusion = await scene.run(scene.activities.conclude, crossed)
    assert (conclusion.state, conclusion.reason) == (S.FAILED, reason)
    assert (await scene.application(crossed)).retryable is (reason is R.MISSING_ANSWER)
    assert [each.kind for each in await scene.notifications()] == [NotificationKind.APPLICATION_FAILED]
    assert (await scene.attempt(crossed)).state is AttemptState.REFUSED
    assert await scene.stage.ledger() == []
    async with scene.database.begin() as session:
        job_id = (await session.get_one(Application, crossed.application_id)).job_id
        job = await session.get_one(Job, job_id)
        session.add(Application.queue(scene.user_id, job, Origin.PERSON)[0])


@pytest.mark.parametrize(
    ("slug", "order", "reason"),
    [
        ("noconfirm-1", {}, R.NO_CONFIRMATION),
        ("broken-1", {}, R.STUCK),
        ("short-1", {"mode": "null_output"}, R.NO_CONFIRMATION),
        ("short-1", {"mode": "max_steps", "after_submit": True}, R.STUCK),
        ("short-1", {"mode": "timed_out", "after_submit": True}, R.TIMEOUT),
    ],
)
async def test_what_is_not_proven_is_unknown(
    scene: Scene, slug: str, order: dict[str, object], reason: EndReason
) -> None:
    crossed = await ended(scene, slug, **order)
    conclusion = await scene.run(scene.activities.conclude, crossed)
    assert (conclusion.state, conclusion.reason) == (S.UNKNOWN_OUTCOME, reason)
    [told] = await scene.notifications()
    assert told.kind is NotificationKind.APPLICATION_UNKNOWN


async def test_a_run_that_waits_for_somebody_is_told_once_and_goes_on_confirming(
    scene: Scene, temporal_server: str
) -> None:
    client = await connect(temporal_server, "jobraker")
    scene.environment = ActivityEnvironment(client)
    crossed = await begin(scene, mode="paused")
    run_id = (await scene.attempt(crossed)).run_id or ""
    await scene.stage.reach(run_id, "paused")
    for _ in range(3):
        with pytest.raises(ApplicationError) as caught:
            await scene.run(scene.activities.watch_run, crossed)
        assert caught.value.type == RUN_GOES_ON
    application = await scene.application(crossed)
    assert application.state is S.CONFIRMING
    with pytest.raises(TooLateError):
        application.cancel()
    assert (await scene.attempt(crossed)).paused_at is not None
    [told] = await scene.notifications()
    assert told.kind is NotificationKind.APPLICATION_HELD_BY_VENDOR
    mail = await client.get_workflow_handle(notify_id(told.user_id, told.id)).describe()
    assert mail.status is WorkflowExecutionStatus.RUNNING, "nobody works on the queue here"
    await scene.stage.skyvern.post(f"/_control/runs/{run_id}/resume")
    await scene.stage.reach(run_id)
    assert (await scene.run(scene.activities.conclude, crossed)).state is S.SUBMITTED


async def test_a_run_of_another_application_proves_nothing(scene: Scene) -> None:
    crossed, other = await ended(scene, "short-1"), await ended(scene, "short-2")
    async with scene.database.begin() as session:
        foreign = await session.get_one(Attempt, other.attempt_id)
        run_id, foreign.run_id = foreign.run_id, None
        await session.flush()
        (await session.get_one(Attempt, crossed.attempt_id)).run_id = run_id
    for step in (scene.activities.watch_run, scene.activities.conclude, scene.activities.give_up):
        with pytest.raises(ApplicationError) as caught:
            await scene.run(step, crossed)
        assert caught.value.non_retryable
    assert await scene.state(crossed) is S.CONFIRMING


async def test_with_another_account_nothing_is_said_to_have_failed(scene: Scene) -> None:
    """The key was changed while the run went on: what became of it cannot be read any more."""
    crossed = await ended(scene)
    await scene.bring_key("another-account")
    with pytest.raises(ApplicationError) as caught:
        await scene.run(scene.activities.conclude, crossed)
    assert caught.value.non_retryable
    ref = ref_of(await scene.application(crossed))
    request = EndApplication(application=ref, state=S.FAILED, reason=R.CREDENTIALS_REFUSED)
    assert (await scene.run(scene.activities.end, request)).state is S.UNKNOWN_OUTCOME


async def test_a_new_key_of_the_same_account_reads_the_run(scene: Scene) -> None:
    crossed = await ended(scene)
    async with scene.database.begin() as session:
        (await session.get_one(Attempt, crossed.attempt_id)).account_hash = "the-key-before"
    assert (await scene.run(scene.activities.conclude, crossed)).state is S.SUBMITTED


async def test_a_run_that_goes_on_is_not_concluded(scene: Scene) -> None:
    crossed = await begin(scene, mode="stuck_queued")
    with pytest.raises(ApplicationError) as caught:
        await scene.run(scene.activities.conclude, crossed)
    assert not caught.value.non_retryable


async def test_at_the_deadline_a_run_that_never_started_proves_that_nothing_was_sent(scene: Scene) -> None:
    crossed = await begin(scene, mode="stuck_queued")
    conclusion = await scene.run(scene.activities.give_up, crossed)
    assert (conclusion.state, conclusion.reason) == (S.FAILED, R.TIMEOUT)
    assert (await scene.application(crossed)).retryable
    [run] = await scene.vendor_runs()
    assert run["status"] == "canceled"


async def test_at_the_deadline_a_run_under_way_is_stopped_and_its_outcome_unknown(scene: Scene) -> None:
    crossed = await begin(scene, mode="paused")
    await scene.stage.reach((await scene.attempt(crossed)).run_id or "", "paused")
    conclusion = await scene.run(scene.activities.give_up, crossed)
    assert (conclusion.state, conclusion.reason) == (S.UNKNOWN_OUTCOME, R.TIMEOUT)
    assert (await scene.attempt(crossed)).state is AttemptState.ENDED


async def test_a_run_that_ended_just_before_the_deadline_counts(scene: Scene) -> None:
    conclusion = await scene.run(scene.activities.give_up, await ended(scene))
    assert conclusion.state is S.SUBMITTED


@pytest.mark.parametrize("state", [S.FAILED, S.UNKNOWN_OUTCOME])
async def test_before_the_fence_whatever_ends_has_failed(scene: Scene, state: ApplicationState) -> None:
    ref = await scene.queue()
    await scene.run(scene.activities.prepare, ref)
    request = EndApplication(application=ref, state=state, reason=R.PROVIDER_ERROR, retryable=True)
    first = await scene.run(scene.activities.end, request)
    assert (first.state, first.reason) == (S.FAILED, R.PROVIDER_ERROR)
    assert await scene.run(scene.activities.end, request) == first
    assert (await scene.application(ref)).retryable
    [told] = await scene.notifications()
    assert told.id == first.notification_id


async def test_what_the_sweep_chose_is_skipped_in_silence_where_its_form_could_not_be_read(
    scene: Scene,
) -> None:
    ref = await scene.begin("short-1", Origin.SWEEP)
    request = EndApplication(application=ref, state=S.FAILED, reason=R.CREDENTIALS_REFUSED)
    first = await scene.run(scene.activities.end, request)
    assert (first.state, first.reason, first.notification_id) == (S.SKIPPED, R.CREDENTIALS_REFUSED, None)
    assert await scene.run(scene.activities.end, request) == first
    assert await scene.notifications() == []


async def test_what_the_sweep_chose_has_failed_once_its_form_was_read(scene: Scene) -> None:
    ref = await scene.approved(origin=Origin.SWEEP)
    request = EndApplication(application=ref, state=S.FAILED, reason=R.PROVIDER_ERROR)
    assert (await scene.run(scene.activities.end, request)).state is S.FAILED
    assert [each.kind for each in await scene.notifications()] == [NotificationKind.APPLICATION_FAILED]


@pytest.mark.parametrize("state", [S.FAILED, S.UNKNOWN_OUTCOME])
async def test_behind_the_fence_nothing_is_said_to_have_failed(scene: Scene, state: ApplicationState) -> None:
    crossed = await begin(scene)
    ref = ref_of(await scene.application(crossed))
    request = EndApplication(application=ref, state=state, reason=R.CREDENTIALS_REFUSED, retryable=True)
    conclusion = await scene.run(scene.activities.end, request)
    assert (conclusion.state, conclusion.reason) == (S.UNKNOWN_OUTCOME, R.CREDENTIALS_REFUSED)
    assert not (await scene.application(ref)).retryable


async def test_an_application_that_was_cancelled_meanwhile_stays_so(scene: Scene) -> None:
    ref = await scene.queue()
    async with scene.database.begin() as session:
        session.add((await session.get_one(Application, ref.application_id)).cancel())
    request = EndApplication(application=ref, state=S.FAILED, reason=R.PROVIDER_ERROR)
    conclusion = await scene.run(scene.activities.end, request)
    assert (conclusion.state, conclusion.notification_id) == (S.CANCELLED, None)


async def _evidence(scene: Scene) -> list[Evidence]:
    async with scene.database.begin() as session:
        return list((await session.exec(select(Evidence).order_by(col(Evidence.id)))).all())


async def test_screenshots_are_copied_once_and_sealed(scene: Scene) -> None:
    crossed = await ended(scene)
    count = await scene.run(scene.activities.copy_evidence, crossed)
    rows = await _evidence(scene)
    assert count == len(rows) > 0
    for row in rows:
        assert row.content_sealed is not None
        image = await scene.open(row.content_sealed, "evidence", "content_sealed", row.id)
        assert image.startswith(b"\x89PNG")
        assert (row.media_type, row.size) == ("image/png", len(image))
        assert row.sha256 == hashlib.sha256(image).hexdigest()
        assert not row.content_sealed.startswith(b"\x89PNG")
    assert await scene.run(scene.activities.copy_evidence, crossed) == count
    assert [row.id for row in await _evidence(scene)] == [row.id for row in rows]


async def test_copying_goes_on_where_it_was_interrupted(scene: Scene) -> None:
    crossed = await ended(scene)
    await scene.fault(kind="status", status=500, path="/v1/artifacts/.*", probability=0.5, seed=7)
    with pytest.raises(ApplicationError) as caught:
        await scene.run(scene.activities.copy_evidence, crossed)
    assert not caught.value.non_retryable
    before = {row.artifact_id for row in await _evidence(scene)}
    await scene.mend()
    count = await scene.run(scene.activities.copy_evidence, crossed)
    rows = await _evidence(scene)
    assert before < {row.artifact_id for row in rows}
    assert count == len(rows) == len({row.artifact_id for row in rows})


async def test_a_screenshot_that_is_none_is_passed_over(scene: Scene) -> None:
    whole = await scene.run(scene.activities.copy_evidence, await ended(scene, "short-1"))
    await scene.fault(kind="garbage", path="/v1/artifacts/.*", times=1)
    count = await scene.run(scene.activities.copy_evidence, await ended(scene, "short-3"))
    assert count == len(await _evidence(scene)) - whole > 0


@pytest.mark.parametrize("status", [403, 404])
async def test_links_that_have_expired_are_asked_for_anew_once(scene: Scene, status: int) -> None:
    crossed = await ended(scene)
    await scene.fault(kind="status", status=status, path="/v1/artifacts/.*", times=2)
    count = await scene.run(scene.activities.copy_evidence, crossed)
    listed = (
        await scene.stage.skyvern.get(f"/v1/runs/{(await scene.attempt(crossed)).run_id}/artifacts")
    ).json()
    pictures = [each for each in listed if each["artifact_type"].startswith("screenshot")]
    assert count == len(await _evidence(scene)) == len(pictures)


async def test_links_that_stay_expired_leave_no_evidence_and_no_error(scene: Scene) -> None:
    crossed = await ended(scene)
    await scene.stage.order("links", expires_in=-1)
    assert await scene.run(scene.activities.copy_evidence, crossed) == 0


async def test_every_picture_is_in_the_log_by_its_hash(scene: Scene) -> None:
    crossed = await ended(scene)
    for _ in range(2):
        await scene.run(scene.activities.copy_evidence, crossed)
    entries = await scene.log(crossed, LogKind.EVIDENCE_COPIED)
    assert [each.data["sha256"] for each in entries] == [row.sha256 for row in await _evidence(scene)]
    assert broken_at(await scene.log(crossed)) is None


async def test_a_vendor_that_stays_away_does_not_hold_the_application_up_for_long(scene: Scene) -> None:
    crossed = await ended(scene)
    await scene.fault(kind="status", status=500)
    scene.environment.info = replace(scene.environment.info, attempt=8)
    with pytest.raises(ApplicationError) as caught:
        await scene.run(scene.activities.copy_evidence, crossed)
    assert caught.value.non_retryable


async def test_an_attempt_without_a_run_has_no_evidence(scene: Scene) -> None:
    crossed = await scene.cross(await scene.queue())
    with pytest.raises(ApplicationError) as caught:
        await scene.run(scene.activities.copy_evidence, crossed)
    assert caught.value.non_retryable
    async with scene.database.begin() as session:
        assert (await session.get_one(Attempt, crossed.attempt_id)).run_id is None
