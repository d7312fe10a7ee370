"""Up to the fence: who may go on, what is staged, and how an attempt is opened and voided."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select
from temporalio.exceptions import ApplicationError

from activities.auto_apply.account import hash_of
from activities.vendors.skyvern_apply import APPLY
from models.answering_enums import LogKind
from models.application import Application, Attempt, VendorWorkflow
from models.base import new_id, now
from models.enums import Actor, ApplicationState, AttemptState, EndReason, NotificationKind, Origin
from models.errors import IllegalMoveError
from models.profile import Profile, Resume
from models.vendor_file import VendorFile
from tests.activities.apply_scene import RESUME, Scene, open_scene
from tests.local.skyvern_stage import KEY
from workflows.messages import AttemptRun, OpenAttempt, VoidAttempt

S = ApplicationState


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with open_scene(database_url, tmp_path) as scene:
        yield scene


async def test_an_application_begins_to_be_prepared(scene: Scene) -> None:
    ref = await scene.queue()
    prepared = await scene.run(scene.activities.prepare, ref)
    assert (prepared.state, prepared.attempt) == (S.PREPARING, None)
    assert prepared.timing.settle > prepared.timing.call
    assert await scene.moves(ref) == [(S.QUEUED, Actor.USER), (S.PREPARING, Actor.SYSTEM)]
    assert [event.data["state"] for event in await scene.events()] == ["preparing"]


async def test_an_application_of_the_sweep_is_the_systems(scene: Scene) -> None:
    ref = await scene.begin(origin=Origin.SWEEP)
    assert {actor for _, actor in await scene.moves(ref)} == {Actor.SYSTEM}


async def test_preparing_twice_changes_nothing(scene: Scene) -> None:
    ref = await scene.queue()
    first = await scene.run(scene.activities.prepare, ref)
    assert await scene.run(scene.activities.prepare, ref) == first
    assert len(await scene.log(ref)) == 2


async def test_an_application_to_an_expired_job_fails_and_its_person_is_told(scene: Scene) -> None:
    ref = await scene.queue_for(await scene.job(expired_at=now()))
    prepared = await scene.run(scene.activities.prepare, ref)
    assert prepared.state is S.FAILED
    assert (await scene.application(ref)).reason is EndReason.JOB_CLOSED
    assert [each.kind for each in await scene.notifications()] == [NotificationKind.APPLICATION_FAILED]


async def test_the_sweeps_application_is_skipped_in_silence(scene: Scene) -> None:
    ref = await scene.queue_for(await scene.job(expired_at=now()), Origin.SWEEP)
    assert (await scene.run(scene.activities.prepare, ref)).state is S.SKIPPED
    assert await scene.notifications() == []


@pytest.mark.parametrize("table", [Profile, Resume])
async def test_an_incomplete_profile_ends_an_application(
    scene: Scene, table: type[Profile] | type[Resume]
) -> None:
    async with scene.database.begin() as session:
        await session.delete((await session.exec(select(table))).one())
    ref = await scene.queue()
    await scene.run(scene.activities.prepare, ref)
    application = await scene.application(ref)
    assert (application.state, application.reason) == (S.FAILED, EndReason.PROFILE_INCOMPLETE)


async def test_an_application_of_somebody_who_left_has_ended(scene: Scene) -> None:
    ref = await scene.queue()
    async with scene.database.begin() as session:
        await session.delete(await session.get_one(Application, ref.application_id))
    assert (await scene.run(scene.activities.prepare, ref)).state is S.CANCELLED


async def test_an_application_behind_the_fence_is_prepared_with_its_attempt(scene: Scene) -> None:
    ref = await scene.queue()
    attempt = await scene.cross(ref)
    prepared = await scene.run(scene.activities.prepare, ref)
    assert (prepared.state, prepared.attempt) == (S.SUBMITTING, attempt)


async def test_staging_uploads_the_resume_under_the_persons_name(scene: Scene) -> None:
    ref = await scene.approved()
    staged = await scene.run(scene.activities.stage, ref)
    workflow = (await scene.stage.skyvern.get(f"/v1/workflows/{staged.vendor_workflow_id}")).json()
    assert workflow["title"] == APPLY.title
    attempt = await scene.cross(ref)
    await scene.run(scene.activities.submit, attempt)
    run = await scene.stage.reach((await scene.vendor_runs())[0]["run_id"])
    assert run["status"] == "completed"
    [row] = await scene.stage.ledger()
    assert row["file_name"].endswith("_Ada_Lovelace_resume.pdf")
    assert row["file_size"] == len(RESUME)


async def test_staging_notes_the_file_for_the_day_on_which_its_person_leaves(scene: Scene) -> None:
    ref = await scene.approved()
    staged = await scene.run(scene.activities.stage, ref)
    async with scene.database.begin() as session:
        (noted,) = await session.exec(select(VendorFile))
    assert (noted.user_id, noted.file_id) == (scene.user_id, staged.file_id)
    assert noted.account_hash == hash_of(KEY)


async def test_staging_at_the_same_time_makes_one_workflow(scene: Scene) -> None:
    refs = [await scene.approved(f"short-{number}") for number in range(4)]
    staged = await asyncio.gather(*(scene.run(scene.activities.stage, ref) for ref in refs))
    assert len({each.vendor_workflow_id for each in staged}) == 1
    assert len({each.file_id for each in staged}) == 4
    assert len((await scene.stage.skyvern.get("/v1/workflows")).json()) == 1


async def test_a_workflow_whose_row_was_lost_is_found_again_by_its_title(scene: Scene) -> None:
    ref = await scene.approved()
    first = await scene.run(scene.activities.stage, ref)
    async with scene.database.begin() as session:
        await session.delete((await session.exec(select(VendorWorkflow))).one())
    second = await scene.run(scene.activities.stage, ref)
    assert second.vendor_workflow_id == first.vendor_workflow_id


async def test_a_refused_key_is_a_final_failure_of_staging(scene: Scene) -> None:
    await scene.bring_key("not-the-right-key")
    with pytest.raises(ApplicationError) as caught:
        await scene.run(scene.activities.stage, await scene.approved())
    assert (caught.value.type, caught.value.non_retryable) == ("credentials_refused", True)


@pytest.mark.parametrize("key", ["", "schlüssel", "line\nbreak"])
async def test_a_key_that_no_header_can_carry_counts_as_refused(
    database_url: str, tmp_path: Path, key: str
) -> None:
    async with open_scene(database_url, tmp_path, key) as scene:
        with pytest.raises(ApplicationError) as caught:
            await scene.run(scene.activities.stage, await scene.approved())
    assert (caught.value.type, caught.value.non_retryable) == ("credentials_refused", True)


@pytest.mark.parametrize(
    ("status", "final"), [(500, False), (503, False), (429, False), (400, True), (413, True)]
)
async def test_staging_is_repeated_only_where_that_can_help(scene: Scene, status: int, final: bool) -> None:
    await scene.fault(kind="status", status=status, path="/v1/upload_file")
    with pytest.raises(ApplicationError) as caught:
        await scene.run(scene.activities.stage, await scene.approved())
    assert caught.value.non_retryable is final


async def test_an_attempt_seals_exactly_what_the_vendor_is_given(scene: Scene) -> None:
    ref = await scene.queue()
    crossed = await scene.cross(ref)
    attempt = await scene.attempt(crossed)
    opened = await scene.open(attempt.payload_sealed, "submit_attempt", "payload_sealed", attempt.id)
    payload = json.loads(opened)
    assert payload["application_id"] == attempt.attempt_key == f"{ref.application_id}-1"
    assert payload["resume"] == attempt.file_id
    assert {each["field"]: each["answer"] for each in payload["answers"]}["email"] == "ada@example.org"
    assert payload["applicant"] == {}, "what was not shown is not told"
    assert b"Lovelace" not in attempt.payload_sealed
    await scene.run(scene.activities.submit, crossed)
    run = await scene.stage.run((await scene.vendor_runs())[0]["run_id"])
    assert run["run_request"]["parameters"] == payload


async def test_opening_again_returns_the_attempt_that_is_open(scene: Scene) -> None:
    ref = await scene.queue()
    first = await scene.cross(ref)
    staged = await scene.run(scene.activities.stage, ref)
    fence = await scene.run(scene.activities.open_attempt, OpenAttempt(application=ref, staged=staged))
    assert (fence.state, fence.attempt) == (S.SUBMITTING, first)


async def test_a_cancelled_application_gets_no_attempt(scene: Scene) -> None:
    ref = await scene.approved()
    staged = await scene.run(scene.activities.stage, ref)
    async with scene.database.begin() as session:
        session.add((await session.get_one(Application, ref.application_id)).cancel())
    fence = await scene.run(scene.activities.open_attempt, OpenAttempt(application=ref, staged=staged))
    assert (fence.state, fence.attempt) == (S.CANCELLED, None)
    async with scene.database.begin() as session:
        assert (await session.exec(select(Attempt))).all() == []


async def test_opening_at_the_same_time_makes_one_attempt(scene: Scene) -> None:
    ref = await scene.approved()
    staged = await scene.run(scene.activities.stage, ref)
    request = OpenAttempt(application=ref, staged=staged)
    fences = await asyncio.gather(*(scene.run(scene.activities.open_attempt, request) for _ in range(5)))
    assert len({fence.attempt for fence in fences}) == 1


@pytest.mark.parametrize("settled", [AttemptState.ABSENT, AttemptState.REFUSED])
async def test_a_voided_attempt_leads_back_to_approved_and_to_a_second(
    scene: Scene, settled: AttemptState
) -> None:
    ref = await scene.queue()
    first = await scene.cross(ref)
    void = VoidAttempt(attempt=first, state=settled)
    for _ in range(2):
        assert (await scene.run(scene.activities.void_attempt, void)).state is S.APPROVED
    assert (await scene.attempt(first)).state is settled
    second = await scene.cross(ref)
    one, two = await scene.attempt(first), await scene.attempt(second)
    assert (two.number, two.attempt_key) == (2, f"{ref.application_id}-2")
    assert two.file_id == one.file_id, "the file that only one run can ever have"
    assert [event.data["state"] for event in await scene.events()][-3:] == [
        "submitting",
        "approved",
        "submitting",
    ]


async def test_a_voided_attempts_application_can_be_cancelled(scene: Scene) -> None:
    ref = await scene.queue()
    void = VoidAttempt(attempt=await scene.cross(ref), state=AttemptState.ABSENT)
    await scene.run(scene.activities.void_attempt, void)
    assert (await scene.application(ref)).cancel().data["to"] == S.CANCELLED


@pytest.mark.parametrize("state", sorted(set(S) - {S.SUBMITTING, S.PREPARING, S.AWAITING_APPROVAL}))
async def test_nothing_else_leads_back_to_approved(state: ApplicationState) -> None:
    application = Application(
        user_id=new_id(), job_id=new_id(), fingerprint="f", origin=Origin.PERSON, state=state
    )
    with pytest.raises(IllegalMoveError):
        application.move(S.APPROVED, Actor.SYSTEM)


async def test_an_attempt_whose_run_the_webhook_told_of_is_not_voided(scene: Scene) -> None:
    ref = await scene.queue()
    crossed = await scene.cross(ref)
    async with scene.database.begin() as session:
        (await session.get_one(Attempt, crossed.attempt_id)).run_id = "wr_1"
    void = VoidAttempt(attempt=crossed, state=AttemptState.ABSENT)
    fence = await scene.run(scene.activities.void_attempt, void)
    assert (fence.state, fence.attempt) == (S.SUBMITTING, crossed)
    assert (await scene.attempt(crossed)).state is AttemptState.OPEN


async def test_recording_a_run_twice_confirms_once(scene: Scene) -> None:
    ref = await scene.queue()
    crossed = await scene.cross(ref)
    for _ in range(2):
        await scene.run(scene.activities.record_run, AttemptRun(attempt=crossed, run_id="wr_1"))
    attempt = await scene.attempt(crossed)
    assert (attempt.run_id, attempt.state) == ("wr_1", AttemptState.RUNNING)
    assert [state for state, _ in await scene.moves(ref)][-2:] == [S.SUBMITTING, S.CONFIRMING]
    [recorded] = await scene.log(ref, LogKind.RUN_RECORDED)
    assert recorded.data == {"attempt": 1, "run_id": "wr_1"}


async def test_a_late_run_of_an_earlier_attempt_is_recorded_with_the_present_one(scene: Scene) -> None:
    ref = await scene.queue()
    first = await scene.cross(ref)
    await scene.run(scene.activities.void_attempt, VoidAttempt(attempt=first, state=AttemptState.ABSENT))
    second = await scene.cross(ref)
    async with scene.database.begin() as session:
        (await session.get_one(Attempt, first.attempt_id)).run_id = "wr_late"
    await scene.run(scene.activities.record_run, AttemptRun(attempt=second, run_id="wr_late"))
    assert (await scene.attempt(first)).run_id is None
    assert (await scene.attempt(second)).run_id == "wr_late"


async def test_a_run_of_another_application_is_never_recorded(scene: Scene) -> None:
    one = await scene.cross(await scene.queue("short-1"))
    other = await scene.cross(await scene.queue("short-2"))
    await scene.run(scene.activities.record_run, AttemptRun(attempt=one, run_id="wr_1"))
    with pytest.raises(ApplicationError) as caught:
        await scene.run(scene.activities.record_run, AttemptRun(attempt=other, run_id="wr_1"))
    assert caught.value.non_retryable
    assert await scene.state(other) is S.SUBMITTING
