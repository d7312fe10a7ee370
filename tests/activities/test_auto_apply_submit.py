"""The one POST, and the looking up after it: what each answer of the vendor proves."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlmodel import select
from temporalio.exceptions import ApplicationError

from activities.auto_apply import submitting
from activities.auto_apply.submitting import LOAD_SECONDS
from activities.credentials import CredentialStore
from activities.vendors.client import Answer, new_client
from activities.vendors.skyvern import RunOrder, Skyvern
from models.application import Attempt, VendorWorkflow
from models.database import Database
from models.enums import AttemptState, EndReason
from tests.activities.apply_scene import Scene, open_scene
from tests.api.client import somebody_waits
from workflows.messages import ApplicationRef, AttemptRef, AttemptRun, Submission, SubmissionKind, VoidAttempt

RUN = "/v1/run/workflows"
HASTE = 0.3
BUSY = {"detail": "The server is busy dispatching other runs. No run was created; retry this request."}
INVALID = {"detail": [{"type": "missing", "loc": ["body", "workflow_id"], "msg": "Field required"}]}
IN_WORDS = {"detail": "These file ids are not available to attach: file_1"}
K = SubmissionKind
REASONS = {
    "provider": EndReason.PROVIDER_ERROR,
    "quota": EndReason.QUOTA_EXHAUSTED,
    "key": EndReason.CREDENTIALS_REFUSED,
}


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with open_scene(database_url, tmp_path) as scene:
        yield scene


@pytest.fixture
async def crossed(scene: Scene) -> AttemptRef:
    """An attempt that may be posted."""
    return await scene.cross(await scene.queue())


async def submit(scene: Scene, attempt: AttemptRef) -> Submission:
    return await scene.run(scene.activities.submit, attempt)


async def look_up(scene: Scene, attempt: AttemptRef) -> Submission:
    return await scene.run(scene.activities.look_up, attempt)


async def void(scene: Scene, attempt: AttemptRef) -> None:
    settled = VoidAttempt(attempt=attempt, state=AttemptState.ABSENT)
    await scene.run(scene.activities.void_attempt, settled)


async def test_an_accepted_submission_names_its_run(scene: Scene, crossed: AttemptRef) -> None:
    submission = await submit(scene, crossed)
    [run] = await scene.vendor_runs()
    assert submission == Submission(kind=K.ACCEPTED, run_id=run["run_id"])
    request = (await scene.stage.run(run["run_id"]))["run_request"]
    key = (await scene.attempt(crossed)).attempt_key
    assert request["webhook_url"].endswith(f"/api/webhooks/skyvern?attempt={key}")
    assert request["proxy_location"] == "RESIDENTIAL"


async def test_an_attempt_is_posted_once_whoever_asks_again(
    scene: Scene, crossed: AttemptRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    # counted here, for the vendor would refuse a second call by itself: the file is bound by then
    posted: list[str | None] = []
    post = Skyvern.run_workflow

    async def count(self: Skyvern, key: str, order: RunOrder) -> Answer:
        posted.append(order.webhook_url)
        return await post(self, key, order)

    monkeypatch.setattr(Skyvern, "run_workflow", count)
    answers = await asyncio.gather(*(submit(scene, crossed) for _ in range(5)))
    kinds = sorted(answer.kind for answer in answers)
    assert kinds == [K.ACCEPTED, *[K.AMBIGUOUS] * 4]
    assert (len(await scene.vendor_runs()), len(posted)) == (1, 1)


async def test_a_voided_attempt_is_never_posted(scene: Scene, crossed: AttemptRef) -> None:
    await void(scene, crossed)
    assert (await submit(scene, crossed)).kind is K.AMBIGUOUS
    assert await scene.vendor_runs() == []


async def test_an_attempt_that_is_voided_meanwhile_is_not_posted(scene: Scene, crossed: AttemptRef) -> None:
    async with scene.database.begin() as session:
        attempt = await session.get_one(Attempt, crossed.attempt_id, with_for_update=True)
        attempt.state = AttemptState.ABSENT
        await session.flush()
        posting = asyncio.create_task(submit(scene, crossed))
        await somebody_waits(scene.database)
    assert (await posting).kind is K.AMBIGUOUS
    assert await scene.vendor_runs() == []


async def test_a_process_that_slept_before_the_post_does_not_send(
    scene: Scene, crossed: AttemptRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By then the workflow may have looked, and found nothing."""
    times = iter((1_000.0, 1_000.0 + LOAD_SECONDS + 1))
    monkeypatch.setattr(submitting, "time", SimpleNamespace(time=lambda: next(times)))
    submission = await submit(scene, crossed)
    assert (submission.kind, submission.reason) == (K.NOT_CREATED, EndReason.PROVIDER_ERROR)
    assert await scene.vendor_runs() == []


@pytest.mark.parametrize(
    ("fault", "kind", "reason", "wait"),
    [
        ({"status": 503, "body": BUSY, "headers": {"retry-after": "7"}}, K.NOT_CREATED, "provider", 7.0),
        ({"status": 503, "body": BUSY}, K.NOT_CREATED, "provider", 5.0),
        ({"status": 503, "body": "Service Unavailable"}, K.NOT_CREATED, "provider", 5.0),
        ({"status": 429}, K.NOT_CREATED, "quota", 30.0),
        ({"status": 403}, K.REFUSED, "key", 0.0),
        ({"status": 401}, K.REFUSED, "key", 0.0),
        ({"status": 400}, K.REFUSED, "provider", 0.0),
        ({"status": 404}, K.REFUSED, "provider", 0.0),
        ({"status": 422, "body": INVALID}, K.REFUSED, "provider", 0.0),
        ({"status": 422, "body": IN_WORDS}, K.AMBIGUOUS, None, 0.0),
        ({"status": 500}, K.AMBIGUOUS, None, 0.0),
        ({"status": 502, "body": "Bad Gateway"}, K.AMBIGUOUS, None, 0.0),
        ({"status": 503}, K.AMBIGUOUS, None, 0.0),
        ({"status": 503, "body": "upstream connect error"}, K.AMBIGUOUS, None, 0.0),
        ({"status": 503, "body": {"detail": "A search took too long."}}, K.AMBIGUOUS, None, 0.0),
        ({"status": 307, "headers": {"location": "/elsewhere"}}, K.AMBIGUOUS, None, 0.0),
        ({"status": 200, "body": {"run_id": None}}, K.AMBIGUOUS, None, 0.0),
        ({"status": 200, "body": ["wr_1"]}, K.AMBIGUOUS, None, 0.0),
    ],
)
async def test_what_an_answer_proves(
    scene: Scene,
    crossed: AttemptRef,
    fault: dict[str, object],
    kind: SubmissionKind,
    reason: str | None,
    wait: float,
) -> None:
    await scene.fault(kind="status", path=RUN, **fault)
    submission = await submit(scene, crossed)
    expected = REASONS[reason] if reason else None
    assert submission == Submission(kind=kind, reason=expected, retry_after=wait)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "garbage"},
        {"kind": "html"},
        {"kind": "html", "status": 200},
        {"kind": "cut"},
        {"kind": "cut", "after_bytes": 20},
        {"kind": "slow", "seconds": 1.0},
    ],
)
@pytest.mark.parametrize("after_effect", [False, True])
async def test_whatever_is_lost_or_unreadable_proves_nothing(
    scene: Scene, crossed: AttemptRef, fault: dict[str, object], *, after_effect: bool
) -> None:
    await scene.fault(path=RUN, after_effect=after_effect, **fault)
    async with scene.hasty(HASTE if fault["kind"] == "slow" else 10.0) as activities:
        assert (await scene.run(activities.submit, crossed)).kind is K.AMBIGUOUS


async def test_a_vendor_that_cannot_be_reached_was_sent_nothing(scene: Scene, crossed: AttemptRef) -> None:
    async with new_client("http://127.0.0.1:9", 1.0) as nowhere:
        activities = replace(scene.activities, skyvern=Skyvern(nowhere))
        submission = await scene.run(activities.submit, crossed)
    assert (submission.kind, submission.reason) == (K.NOT_CREATED, EndReason.PROVIDER_ERROR)


async def test_a_database_that_is_away_means_that_nothing_was_sent(scene: Scene, crossed: AttemptRef) -> None:
    away = Database("postgresql://jobraker@127.0.0.1:9/none", timeout=1.0)
    credentials = CredentialStore(away, scene.keys, scene.activities.credentials.installation)
    for activities in (
        replace(scene.activities, database=away),
        replace(scene.activities, credentials=credentials),
    ):
        submission = await scene.run(activities.submit, crossed)
        assert (submission.kind, submission.reason) == (K.NOT_CREATED, EndReason.PROVIDER_ERROR)
        assert submission.retry_after == 5
    await away.close()
    assert await scene.vendor_runs() == []


async def test_an_attempt_is_only_posted_to_the_account_it_was_opened_for(
    scene: Scene, crossed: AttemptRef
) -> None:
    await scene.bring_key("another-account")
    assert (await submit(scene, crossed)).kind is K.NOT_CREATED
    assert (await scene.attempt(crossed)).posted_at is None


async def test_a_lost_workflow_is_forgotten_so_that_the_next_application_makes_it(
    scene: Scene, crossed: AttemptRef
) -> None:
    await scene.stage.skyvern.delete("/_control/state")
    assert (await submit(scene, crossed)).kind is K.REFUSED
    async with scene.database.begin() as session:
        assert (await session.exec(select(VendorWorkflow))).all() == []
    again = await scene.cross(await scene.queue("short-2"))
    assert (await submit(scene, again)).kind is K.ACCEPTED


async def test_a_run_whose_answer_was_lost_is_found_by_its_key(scene: Scene, crossed: AttemptRef) -> None:
    await scene.fault(kind="cut", path=RUN, after_effect=True)
    await submit(scene, crossed)
    [run] = await scene.vendor_runs()
    assert await look_up(scene, crossed) == Submission(kind=K.ACCEPTED, run_id=run["run_id"])


async def test_a_list_without_the_run_proves_its_absence(scene: Scene, crossed: AttemptRef) -> None:
    other = await scene.cross(await scene.queue("short-2"))
    await submit(scene, other)
    assert await look_up(scene, crossed) == Submission(kind=K.NOT_CREATED, reason=None)


async def test_a_listed_run_with_another_key_is_not_taken_for_ours(scene: Scene, crossed: AttemptRef) -> None:
    """The vendor's search finds substrings anywhere in a run's parameters."""
    other = await scene.cross(await scene.queue("short-2"))
    foreign = await submit(scene, other)
    body = (await scene.stage.run(foreign.run_id or ""))["run_request"]
    mentions = {**body["parameters"], "job_url": f"https://www.example.com/{crossed.application_id}"}
    await scene.stage.start({**body, "parameters": mentions, "file_ids": [], "webhook_url": None})
    assert await look_up(scene, crossed) == Submission(kind=K.NOT_CREATED, reason=None)


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 503}, {"status": 400}, {"status": 429}])
async def test_a_list_that_cannot_be_read_proves_nothing_and_is_read_again(
    scene: Scene, crossed: AttemptRef, fault: dict[str, object]
) -> None:
    await scene.fault(kind="status", path="/v1/runs", method="GET", **fault)
    with pytest.raises(ApplicationError) as caught:
        await look_up(scene, crossed)
    assert not caught.value.non_retryable


@pytest.mark.parametrize("kind", ["garbage", "html", "cut", "slow"])
async def test_a_list_that_is_no_list_proves_nothing(scene: Scene, crossed: AttemptRef, kind: str) -> None:
    seconds = 1.0 if kind == "slow" else 0.0
    await scene.fault(kind=kind, path="/v1/runs", method="GET", seconds=seconds)
    async with scene.hasty(HASTE if kind == "slow" else 10.0) as activities:
        with pytest.raises(ApplicationError):
            await scene.run(activities.look_up, crossed)


async def test_another_accounts_list_proves_no_absence(scene: Scene, crossed: AttemptRef) -> None:
    await scene.fault(kind="status", status=500, path=RUN)
    await submit(scene, crossed)
    async with scene.database.begin() as session:
        (await session.get_one(Attempt, crossed.attempt_id)).account_hash = "another"
    assert (await look_up(scene, crossed)).kind is K.AMBIGUOUS


async def test_a_run_that_the_webhook_told_of_is_taken_without_the_list(
    scene: Scene, crossed: AttemptRef
) -> None:
    submission = await submit(scene, crossed)
    await scene.run(scene.activities.record_run, AttemptRun(attempt=crossed, run_id=submission.run_id or ""))
    await scene.fault(kind="status", status=500, path="/v1/runs$")
    assert await look_up(scene, crossed) == submission


async def test_a_told_run_that_is_anothers_proves_nothing(scene: Scene, crossed: AttemptRef) -> None:
    other = await scene.cross(await scene.queue("short-2"))
    foreign = (await submit(scene, other)).run_id
    async with scene.database.begin() as session:
        (await session.get_one(Attempt, crossed.attempt_id)).run_id = foreign
    assert (await look_up(scene, crossed)).kind is K.AMBIGUOUS


async def test_a_file_that_is_bound_already_leads_to_the_run_that_has_it(
    scene: Scene, crossed: AttemptRef
) -> None:
    """An answer was lost and the list lagged behind; the second POST is caught by the file."""
    await scene.fault(kind="cut", path=RUN, after_effect=True, times=1)
    assert (await submit(scene, crossed)).kind is K.AMBIGUOUS
    await void(scene, crossed)
    application = await scene.application(crossed)
    ref = ApplicationRef(
        application_id=application.id, user_id=application.user_id, job_id=application.job_id
    )
    second = await scene.cross(ref)
    assert (await submit(scene, second)).kind is K.AMBIGUOUS
    found = await look_up(scene, second)
    [run] = await scene.vendor_runs()
    assert found == Submission(kind=K.ACCEPTED, run_id=run["run_id"])


async def test_an_extra_run_is_stopped_and_the_oldest_is_taken(scene: Scene, crossed: AttemptRef) -> None:
    await scene.stage.order("runs", mode="stuck_queued")
    first = await submit(scene, crossed)
    body = (await scene.stage.run(first.run_id or ""))["run_request"]
    extra = await scene.stage.start({**body, "file_ids": [], "webhook_url": None})
    assert await look_up(scene, crossed) == first
    assert (await scene.stage.run(extra["run_id"]))["status"] == "canceled"
    assert (await scene.stage.run(first.run_id or ""))["status"] == "queued"
