"""The look at a form: what it stores, which typed end it brings, and how it survives lost answers."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select
from temporalio.exceptions import ApplicationError

from activities.vendors.skyvern_scout import SCOUT
from local.careers.forms import pages_of
from models.answering_enums import LogKind, QuestionKind, Topic
from models.application import Application, VendorWorkflow
from models.base import now
from models.enums import ApplicationState, EndReason, NotificationKind, Origin
from models.scout import Scout
from tests.activities.apply_scene import Scene, open_scene
from tests.local.skyvern_stage import until
from workflows.messages import RUN_GOES_ON, ApplicationRef, Conclusion

S = ApplicationState
R = EndReason
RUN = "/v1/run/workflows"
BUSY = {"detail": "The server is busy dispatching other runs. No run was created; retry this request."}


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with open_scene(database_url, tmp_path) as scene:
        yield scene


async def look_once(scene: Scene, ref: ApplicationRef) -> Conclusion | ApplicationError:
    """Run the step once; return what it returned or failed with."""
    try:
        return await scene.run(scene.activities.scout, ref)
    except ApplicationError as error:
        return error


async def scouted(scene: Scene, ref: ApplicationRef) -> Conclusion:
    """Repeat the step as Temporal would, as long as it fails in a way that repetition may mend."""
    ends: list[Conclusion] = []

    async def is_over() -> bool:
        looked = await look_once(scene, ref)
        if isinstance(looked, ApplicationError):
            assert not looked.non_retryable, looked
            return False
        ends.append(looked)
        return True

    await until(is_over)
    return ends[0]


async def looks(scene: Scene) -> list[Scout]:
    async with scene.database.begin() as session:
        return list((await session.exec(select(Scout).order_by(col(Scout.number)))).all())


async def the_run(scene: Scene) -> dict[str, Any]:
    """Wait for the end of the vendor's only run."""
    [row] = await scene.vendor_runs()
    return await scene.stage.reach(row["run_id"])


@pytest.mark.parametrize("slug", ["short-1", "long-gb-1", "multipage-1"])
async def test_every_question_is_stored_as_the_form_asks_it(scene: Scene, slug: str) -> None:
    ref = await scene.begin(slug)
    assert (await scouted(scene, ref)).state is S.PREPARING
    asked = [(field, page) for page, fields in enumerate(pages_of(slug), 1) for field in fields]
    stored = await scene.questions(ref)
    assert [each.position for each in stored] == list(range(1, len(asked) + 1))
    assert [each.field for each in stored] == [field.name for field, _ in asked]
    assert [each.label for each in stored] == [field.label for field, _ in asked]
    assert [each.page for each in stored] == [page for _, page in asked]
    assert [each.max_length for each in stored] == [field.max_length for field, _ in asked]
    assert [each.required for each in stored] == [field.required for field, _ in asked]
    assert all(each.answer_sealed is None for each in stored)
    assert await scene.stage.ledger() == []


async def test_kinds_options_and_topics_are_stored(scene: Scene) -> None:
    ref = await scene.begin("long-gb-1")
    await scouted(scene, ref)
    stored = {each.field: each for each in await scene.questions(ref)}
    kinds = {name: each.kind for name, each in stored.items()}
    assert kinds["email"] is kinds["phone"] is kinds["linkedin"] is QuestionKind.TEXT
    assert kinds["resume"] is QuestionKind.FILE
    assert kinds["consent"] is QuestionKind.BOOLEAN
    assert (kinds["languages"], stored["languages"].options[0]) == (QuestionKind.MULTI, "English")
    assert stored["work_authorisation"].options == ["Yes", "No"]
    assert (stored["work_authorisation"].topic, stored["work_authorisation"].scope) == (
        Topic.WORK_AUTHORISATION,
        "gb",
    )
    assert stored["resume"].topic is Topic.RESUME


async def test_what_was_seen_is_noted_with_the_application(scene: Scene) -> None:
    ref = await scene.begin()
    await scouted(scene, ref)
    application = await scene.application(ref)
    assert application.scouted_at is not None
    assert application.host == "127.0.0.1"
    assert "short-1" in application.apply_url
    assert application.apply_url.startswith("http://127.0.0.1")
    [entry] = await scene.log(ref, LogKind.SCOUTED)
    [look] = await looks(scene)
    assert entry.data["questions"] == len(await scene.questions(ref))
    assert (entry.data["look"], entry.data["run_id"]) == (1, look.run_id)
    assert look.ended_at is not None


async def test_a_run_that_goes_on_is_polled_softly_and_begun_once(scene: Scene) -> None:
    await scene.stage.order("runs", mode="stuck_queued")
    ref = await scene.begin()
    for _ in range(3):
        looked = await look_once(scene, ref)
        assert isinstance(looked, ApplicationError)
        assert (looked.type, looked.non_retryable) == (RUN_GOES_ON, False)
    assert len(await scene.vendor_runs()) == len(await looks(scene)) == 1
    assert await scene.state(ref) is S.PREPARING


@pytest.mark.parametrize("mode", ["stuck_queued", "paused"])
async def test_a_run_that_never_ends_is_stopped_before_the_deadline(scene: Scene, mode: str) -> None:
    await scene.stage.order("runs", mode=mode)
    ref = await scene.begin()
    await look_once(scene, ref)
    async with scene.database.begin() as session:
        (await session.exec(select(Scout))).one().created_at = now() - timedelta(minutes=19)
    conclusion = await scouted(scene, ref)
    assert (conclusion.state, conclusion.reason) == (S.FAILED, R.TIMEOUT)
    assert (await scene.application(ref)).retryable
    [run] = await scene.vendor_runs()
    assert run["status"] == "canceled"


async def test_a_form_is_looked_at_once_however_often_the_step_is_repeated(scene: Scene) -> None:
    ref = await scene.begin()
    first = await scouted(scene, ref)
    before = await scene.questions(ref)
    assert await scouted(scene, ref) == first
    assert [each.id for each in await scene.questions(ref)] == [each.id for each in before]
    assert len(await scene.vendor_runs()) == 1
    assert len(await scene.log(ref, LogKind.SCOUTED)) == 1


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("closed-1", R.JOB_CLOSED),
        ("login-1", R.LOGIN_REQUIRED),
        ("captcha-1", R.CAPTCHA),
        ("unsafe-1", R.UNSAFE_REQUEST),
    ],
)
@pytest.mark.parametrize("origin", Origin)
async def test_an_obstacle_ends_the_application_with_its_typed_reason(
    scene: Scene, slug: str, reason: EndReason, origin: Origin
) -> None:
    ref = await scene.begin(slug, origin)
    conclusion = await scouted(scene, ref)
    by_person = origin is Origin.PERSON
    assert (conclusion.state, conclusion.reason) == (S.FAILED if by_person else S.SKIPPED, reason)
    told = [each.kind for each in await scene.notifications()]
    assert told == ([NotificationKind.APPLICATION_FAILED] if by_person else [])
    assert (conclusion.notification_id is not None) is by_person
    assert await scouted(scene, ref) == conclusion
    assert await scene.stage.ledger() == []


async def test_a_broken_site_is_no_form(scene: Scene) -> None:
    ref = await scene.begin("broken-1")
    conclusion = await scouted(scene, ref)
    assert (conclusion.state, conclusion.reason) == (S.FAILED, R.PAGE_ERROR)
    assert (await scene.application(ref)).retryable


async def test_a_run_that_says_nothing_is_repeated_and_then_given_up(scene: Scene) -> None:
    await scene.stage.order("runs", mode="null_output", times=1)
    assert (await scouted(scene, await scene.begin("short-1"))).state is S.PREPARING
    assert [each.number for each in await looks(scene)] == [1, 2]
    await scene.stage.order("runs", mode="null_output")
    ref = await scene.begin("short-2")
    conclusion = await scouted(scene, ref)
    assert (conclusion.state, conclusion.reason) == (S.FAILED, R.PROVIDER_ERROR)
    assert (await scene.application(ref)).retryable
    assert [each.number for each in await looks(scene)] == [1, 1, 2, 2, 3]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "cut"},
        {"kind": "cut", "after_effect": True},
        {"kind": "status", "status": 500, "after_effect": True},
        {"kind": "garbage"},
        {"kind": "status", "status": 503, "body": BUSY},
        {"kind": "status", "status": 429, "headers": {"retry-after": "0"}},
        {"kind": "status", "status": 404},
    ],
    ids=["cut", "lost", "500", "garbage", "busy", "limited", "gone"],
)
async def test_a_lost_answer_is_found_again_or_begun_anew(scene: Scene, fault: dict[str, object]) -> None:
    await scene.fault(path=RUN, times=1, **fault)
    ref = await scene.begin()
    assert (await scouted(scene, ref)).state is S.PREPARING
    lost_with_effect = fault.get("after_effect", False)
    assert len(await scene.vendor_runs()) == 1
    proves_absence = "status" in fault and not lost_with_effect
    assert len(await looks(scene)) == (1 if lost_with_effect or proves_absence else 2)


async def test_a_look_that_is_never_answered_is_given_up_after_the_third(scene: Scene) -> None:
    await scene.fault(path=RUN, kind="cut")
    conclusion = await scouted(scene, await scene.begin())
    assert (conclusion.state, conclusion.reason) == (S.FAILED, R.PROVIDER_ERROR)
    assert len(await looks(scene)) == 3


async def test_refused_credentials_are_final(scene: Scene) -> None:
    await scene.bring_key("not-the-right-key")
    looked = await look_once(scene, await scene.begin())
    assert isinstance(looked, ApplicationError)
    assert (looked.type, looked.non_retryable) == ("credentials_refused", True)


async def test_a_look_in_another_account_is_begun_anew(scene: Scene) -> None:
    ref = await scene.begin()
    await look_once(scene, ref)
    async with scene.database.begin() as session:
        (await session.exec(select(Scout))).one().account_hash = "another"
    assert (await scouted(scene, ref)).state is S.PREPARING
    assert [each.number for each in await looks(scene)] == [1, 2]


async def test_the_workflow_is_made_once_and_found_again_after_its_row_was_lost(scene: Scene) -> None:
    for slug in ("short-1", "short-2"):
        await scouted(scene, await scene.begin(slug))
        async with scene.database.begin() as session:
            row = await session.get_one(VendorWorkflow, (await _account(scene), SCOUT.hash))
            await session.delete(row)
    workflows = (await scene.stage.skyvern.get("/v1/workflows")).json()
    assert [each["title"] for each in workflows] == [SCOUT.title]


async def _account(scene: Scene) -> str:
    return (await looks(scene))[0].account_hash


@pytest.mark.parametrize("origin", Origin)
async def test_two_adverts_of_one_form_are_one_application(scene: Scene, origin: Origin) -> None:
    await scouted(scene, await scene.begin("short-1"))
    job = await scene.job("short-1-again")
    async with scene.database.begin() as session:
        job = await session.merge(job)
        job.url = "https://elsewhere.example.com/ads/short-1"
    ref = await scene.queue_for(job, origin)
    await scene.run(scene.activities.prepare, ref)
    conclusion = await scouted(scene, ref)
    expected = S.FAILED if origin is Origin.PERSON else S.SKIPPED
    assert (conclusion.state, conclusion.reason) == (expected, R.DUPLICATE)
    assert await scene.questions(ref) == []


@pytest.mark.parametrize("origin", Origin)
async def test_a_careers_site_whose_cap_is_reached_is_told_to_who_asked_for_it(
    scene: Scene, origin: Origin
) -> None:
    await scene.automate(host_cap=1)
    first = await scene.begin("short-1")
    await scouted(scene, first)
    await scene.fill(first)
    await scene.approve(first)
    await scene.cross(first)
    ref = await scene.begin("short-2", origin)
    conclusion = await scouted(scene, ref)
    by_person = origin is Origin.PERSON
    assert (conclusion.state, conclusion.reason) == (S.FAILED if by_person else S.SKIPPED, R.CAP_REACHED)
    assert (await scene.application(ref)).retryable
    told = [each.id for each in await scene.notifications() if each.application_id == ref.application_id]
    assert told == ([conclusion.notification_id] if by_person else [])


async def test_an_application_that_was_cancelled_meanwhile_stays_so(scene: Scene) -> None:
    ref = await scene.begin()
    await look_once(scene, ref)
    await the_run(scene)
    async with scene.database.begin() as session:
        session.add((await session.get_one(Application, ref.application_id)).cancel())
    assert (await scouted(scene, ref)).state is S.CANCELLED
    assert await scene.questions(ref) == []


async def test_past_preparing_the_step_says_at_once_how_things_stand(scene: Scene) -> None:
    ref = await scene.approved()
    assert (await scouted(scene, ref)).state is S.APPROVED
    assert await scene.vendor_runs() == []


async def test_nothing_but_ids_and_counts_is_in_the_log(scene: Scene) -> None:
    ref = await scene.begin("long-gb-1")
    await scouted(scene, ref)
    written = str([each.data for each in await scene.log(ref)])
    assert not [each.label for each in await scene.questions(ref) if each.label in written]
    assert now() > (await scene.log(ref))[-1].at
