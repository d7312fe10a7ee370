"""What is sent is what was approved: holds, the hash at the fence, documents, and old applications."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from temporalio.exceptions import ApplicationError

from models.answering_enums import AnswerSource, LogKind, QuestionKind, Topic
from models.application import Application, application_locked
from models.base import now
from models.claims import profile_locked
from models.database import seal_of
from models.enums import Actor, ApplicationState, AttemptState, AutomationMode, EndReason, Origin
from models.evidence import Document, documents_of
from models.installation import Installation
from models.job import Job
from models.profile import profile_of
from models.question import questions_of
from models.shown import load_shown
from tests.activities.apply_scene import WHO_APPLIES, Asked, Scene, open_scene
from tests.api.client import somebody_waits
from workflows.messages import (
    ApplicationRef,
    AttemptRef,
    AttemptRun,
    Fence,
    OpenAttempt,
    Staged,
    SubmissionKind,
    VoidAttempt,
)

S = ApplicationState
K = QuestionKind
ASKED = (
    Asked("Full name", "Ada Lovelace", field="name"),
    Asked("E-mail address", "ada@home.example.org", field="email"),
    Asked("Phone", None, field="phone", required=False),
    Asked("Why us?", "Because of the engines.", K.TEXTAREA, "why_company", required=False),
    Asked("Which of these?", ["English", "French"], K.MULTI, "languages", options=("English", "French")),
    Asked("Résumé / CV", None, K.FILE, "resume", Topic.RESUME),
    Asked("Cover letter", None, K.FILE, "letter", Topic.COVER_LETTER, required=False),
    Asked("Portfolio", None, K.FILE, "portfolio", Topic.PORTFOLIO, required=False),
)


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with open_scene(database_url, tmp_path) as scene:
        yield scene


async def opened(scene: Scene, ref: ApplicationRef, staged: Staged) -> Fence:
    return await scene.run(scene.activities.open_attempt, OpenAttempt(application=ref, staged=staged))


async def payload(scene: Scene, attempt: AttemptRef) -> dict[str, Any]:
    row = await scene.attempt(attempt)
    document: dict[str, Any] = json.loads(
        await scene.open(row.payload_sealed, "submit_attempt", "payload_sealed", row.id)
    )
    return document


async def sent(scene: Scene, attempt: AttemptRef) -> dict[str, Any]:
    """Post the attempt and return what the vendor was asked for."""
    submission = await scene.run(scene.activities.submit, attempt)
    return dict((await scene.stage.run(submission.run_id or ""))["run_request"])


async def switch(scene: Scene, *, paused: bool) -> None:
    """Turn the installation's kill switch."""
    async with scene.database.begin() as session:
        row = await session.get(Installation, 1)
        if row is None:
            row = Installation()
            session.add(row)
        row.applying_paused_at = now() if paused else None


async def answer_anew(scene: Scene, ref: ApplicationRef, value: str) -> None:
    """Change the first answer, as an edit by its person would."""
    async with scene.database.begin() as session:
        seal = await seal_of(session, scene.keys, scene.user_id)
        question = (await session.exec(questions_of(ref.application_id))).first()
        assert question is not None
        question.answer(value, AnswerSource.PERSON, seal)


async def test_exactly_what_was_shown_is_what_the_vendor_is_given(scene: Scene) -> None:
    ref = await scene.approved("short-1", *ASKED, letter=b"%PDF the letter")
    attempt = await scene.cross(ref)
    given = await payload(scene, attempt)
    assert given["answers"] == [
        {"field": "name", "question": "Full name", "kind": "text", "answer": "Ada Lovelace"},
        {"field": "email", "question": "E-mail address", "kind": "text", "answer": "ada@home.example.org"},
        {"field": "phone", "question": "Phone", "kind": "text", "answer": None},
        {
            "field": "why_company",
            "question": "Why us?",
            "kind": "textarea",
            "answer": "Because of the engines.",
        },
        {
            "field": "languages",
            "question": "Which of these?",
            "kind": "multi",
            "answer": ["English", "French"],
        },
        {"field": "resume", "question": "Résumé / CV", "kind": "file", "answer": "resume"},
        {"field": "letter", "question": "Cover letter", "kind": "file", "answer": "cover_letter"},
        {"field": "portfolio", "question": "Portfolio", "kind": "file", "answer": None},
    ]
    application = await scene.application(ref)
    assert given["form_url"] == application.apply_url
    assert given["applicant"] == {}, "nothing goes along that was not shown"
    request = await sent(scene, attempt)
    assert request["parameters"] == given
    assert given["resume"] != given["letter"] != ""


async def test_the_answers_reach_the_employer(scene: Scene) -> None:
    attempt = await scene.cross(
        await scene.approved("short-1", *WHO_APPLIES[:3], ASKED[1], *WHO_APPLIES[-2:])
    )
    await sent(scene, attempt)
    await scene.stage.reach((await scene.vendor_runs())[0]["run_id"])
    [row] = await scene.stage.ledger()
    assert row["fields"]["email"] == "ada@home.example.org", "the approved one, not the profile's"


async def test_a_question_that_first_appears_while_applying_sends_nothing_and_may_be_tried_again(
    scene: Scene,
) -> None:
    first_page = (*WHO_APPLIES, Asked("Current location", "London", field="location"))
    ref = await scene.approved("multipage-1", *first_page)
    attempt = await scene.cross(ref)
    submission = await scene.run(scene.activities.submit, attempt)
    await scene.run(scene.activities.record_run, AttemptRun(attempt=attempt, run_id=submission.run_id or ""))
    run = await scene.stage.reach(submission.run_id or "")
    assert "authorised to work" in run["failure_reason"], "asked for on the third page"
    conclusion = await scene.run(scene.activities.conclude, attempt)
    assert (conclusion.state, conclusion.reason) == (S.FAILED, EndReason.MISSING_ANSWER)
    assert (await scene.application(ref)).retryable
    [told] = await scene.notifications()
    assert told.id == conclusion.notification_id
    assert await scene.stage.ledger() == []
    assert "authorised" not in str([entry.data for entry in await scene.log(ref)])
    async with scene.database.begin() as session:
        job = await session.get_one(Job, ref.job_id)
    assert (await scene.queue_for(job)).application_id != ref.application_id


async def test_a_letter_is_uploaded_only_where_the_form_takes_a_file(scene: Scene) -> None:
    as_text = Asked("Cover letter", "Dear all", K.TEXTAREA, "letter", Topic.COVER_LETTER)
    attempt = await scene.cross(await scene.approved("short-1", as_text, letter=b"%PDF the letter"))
    assert (await payload(scene, attempt))["letter"] == ""
    attempt = await scene.cross(await scene.approved("short-2", *ASKED))
    given = await payload(scene, attempt)
    assert given["letter"] == "", "there is no letter"
    assert given["answers"][6]["answer"] is None


async def test_the_log_names_what_crossed_the_fence_by_hashes(scene: Scene) -> None:
    ref = await scene.approved("short-1", *ASKED)
    await scene.cross(ref)
    [entry] = await scene.log(ref, LogKind.ATTEMPT_OPENED)
    assert (entry.data["attempt"], entry.data["attempt_key"]) == (1, f"{ref.application_id}-1")
    assert entry.data["shown_hash"] == (await scene.application(ref)).approved_hash
    assert len(str(entry.data["payload_hash"])) == 64
    assert "Ada" not in str([each.data for each in await scene.log(ref)])


async def test_content_that_was_changed_since_goes_back_to_its_person(scene: Scene) -> None:
    ref = await scene.approved("short-1", *ASKED)
    staged = await scene.run(scene.activities.stage, ref)
    await answer_anew(scene, ref, "Somebody Else")
    fence = await opened(scene, ref, staged)
    assert (fence.state, fence.attempt, fence.wait) == (S.AWAITING_APPROVAL, None, 0)
    assert (await scene.moves(ref))[-1] == (S.AWAITING_APPROVAL, Actor.SYSTEM)
    assert await scene.log(ref, LogKind.ATTEMPT_OPENED) == []
    await scene.approve(ref)
    assert (await opened(scene, ref, staged)).attempt is not None


async def test_another_document_than_the_approved_one_is_not_sent(scene: Scene) -> None:
    ref = await scene.approved()
    staged = await scene.run(scene.activities.stage, ref)
    async with scene.database.begin() as session:
        (await session.exec(documents_of(ref.application_id))).one().sha256 = "0" * 64
    assert (await opened(scene, ref, staged)).state is S.AWAITING_APPROVAL


async def test_an_undo_window_holds_and_a_cancel_in_it_wins(scene: Scene) -> None:
    ref = await scene.begin()
    await scene.fill(ref)
    await scene.approve(ref, undo_minutes=10)
    staged = await scene.run(scene.activities.stage, ref)
    assert (staged.file_id, staged.vendor_workflow_id) == ("", "")
    assert 500 < staged.wait <= 600
    ready = Staged(vendor_workflow_id="wpid_1", file_id="file_1")
    fence = await opened(scene, ref, ready)
    assert (fence.state, fence.attempt) == (S.APPROVED, None)
    assert 500 < fence.wait <= 600
    async with scene.database.begin() as session:
        session.add((await session.get_one(Application, ref.application_id)).cancel())
    assert await opened(scene, ref, ready) == Fence(state=S.CANCELLED)
    assert await scene.run(scene.activities.stage, ref) == Staged(vendor_workflow_id="", file_id="")
    assert (await scene.stage.skyvern.get("/v1/workflows")).json() == []


async def test_the_kill_switch_stops_before_the_fence_and_loses_nothing(scene: Scene) -> None:
    ref = await scene.approved()
    staged = await scene.run(scene.activities.stage, ref)
    await switch(scene, paused=True)
    fence = await opened(scene, ref, staged)
    assert (fence.state, fence.attempt, fence.wait) == (S.APPROVED, None, 900)
    assert (await scene.run(scene.activities.stage, ref)).wait == 900
    await switch(scene, paused=False)
    assert (await opened(scene, ref, staged)).state is S.SUBMITTING


async def test_a_pause_holds_the_sweeps_application_only(scene: Scene) -> None:
    asked = await scene.approved("short-1")
    swept = await scene.approved("short-2", origin=Origin.SWEEP)
    await scene.automate(paused_until=now() + timedelta(hours=1))
    assert (await scene.run(scene.activities.stage, asked)).wait == 0
    assert 3500 < (await scene.run(scene.activities.stage, swept)).wait <= 3600


async def test_a_careers_site_gets_no_more_a_day_than_its_cap_says(scene: Scene) -> None:
    """Both forms were read before either application was sent."""
    await scene.automate(host_cap=1)
    refs = [await scene.approved(slug) for slug in ("short-1", "short-2")]
    async with scene.database.begin() as session:
        for ref in refs:
            (await session.get_one(Application, ref.application_id)).host = "jobs.example.com"
    staged = [await scene.run(scene.activities.stage, ref) for ref in refs]
    one, two = await asyncio.gather(
        *(opened(scene, ref, each) for ref, each in zip(refs, staged, strict=True))
    )
    first, second = (one, two) if one.attempt else (two, one)
    assert first.state is S.SUBMITTING
    assert (second.state, second.attempt) == (S.APPROVED, None)
    assert 86_000 < second.wait <= 86_400


async def test_who_crosses_waits_for_whoever_counts_the_persons_caps(scene: Scene) -> None:
    ref = await scene.approved()
    staged = await scene.run(scene.activities.stage, ref)
    async with scene.database.begin() as session:
        await session.exec(profile_locked(scene.user_id))
        crossing = asyncio.create_task(opened(scene, ref, staged))
        await somebody_waits(scene.database)
        assert not crossing.done()
    assert (await crossing).state is S.SUBMITTING


async def test_a_cancel_that_holds_the_row_wins_against_a_crossing_that_comes_after(scene: Scene) -> None:
    ref = await scene.approved()
    staged = await scene.run(scene.activities.stage, ref)
    async with scene.database.begin() as session:
        session.add((await session.get_one(Application, ref.application_id)).cancel())
        await session.flush()
        crossing = asyncio.create_task(opened(scene, ref, staged))
        await somebody_waits(scene.database)
    assert await crossing == Fence(state=S.CANCELLED)
    assert await scene.state(ref) is S.CANCELLED


async def test_a_hold_does_not_stop_an_attempt_that_is_open(scene: Scene) -> None:
    ref = await scene.approved()
    attempt = await scene.cross(ref)
    await switch(scene, paused=True)
    staged = await scene.run(scene.activities.stage, ref)
    assert (await opened(scene, ref, staged)).attempt == attempt


async def test_a_hold_that_began_after_the_fence_stops_what_was_not_posted_yet(scene: Scene) -> None:
    """A worker may be away between the two: the POST comes when nothing may be sent any more."""
    ref = await scene.approved()
    attempt = await scene.cross(ref)
    await switch(scene, paused=True)
    submission = await scene.run(scene.activities.submit, attempt)
    assert submission.kind is SubmissionKind.NOT_CREATED
    assert (await scene.attempt(attempt)).posted_at is None
    assert await scene.vendor_runs() == []
    void = VoidAttempt(attempt=attempt, state=AttemptState.REFUSED)
    assert await scene.run(scene.activities.void_attempt, void) == Fence(state=S.APPROVED)
    await switch(scene, paused=False)
    again = await scene.cross(ref)
    assert (await scene.run(scene.activities.submit, again)).kind is SubmissionKind.ACCEPTED


@pytest.mark.parametrize("change", ["review", "off", "blocked", "nothing"])
async def test_what_the_rules_approved_is_not_sent_once_its_person_lets_them_no_longer(
    scene: Scene, change: str
) -> None:
    ref = await scene.begin(origin=Origin.SWEEP)
    await scene.fill(ref)
    async with scene.database.begin() as session:
        profile = (await session.exec(profile_of(scene.user_id))).one()
        profile.automation_mode = AutomationMode.AUTO
        application = (await session.exec(application_locked(ref.application_id))).one()
        seal = await seal_of(session, scene.keys, scene.user_id)
        shown = await load_shown(session, application, seal)
        session.add_all(application.approve(Actor.SYSTEM, shown.hash(seal), 0))
    staged = await scene.run(scene.activities.stage, ref)
    async with scene.database.begin() as session:
        profile = (await session.exec(profile_of(scene.user_id))).one()
        if change == "blocked":
            blocked = profile.read_preferences().model_copy(update={"blocked_companies": ["EXAMPLE Limited"]})
            profile.preferences = blocked.model_dump(mode="json")
        elif change != "nothing":
            profile.automation_mode = AutomationMode(change)
    fence = await opened(scene, ref, staged)
    if change == "nothing":
        assert fence.state is S.SUBMITTING
        return
    assert fence == Fence(state=S.AWAITING_APPROVAL)
    # what its person approves then is theirs to send
    await scene.approve(ref)
    assert (await opened(scene, ref, staged)).state is S.SUBMITTING


async def test_what_was_approved_after_staging_is_staged_again(scene: Scene) -> None:
    ref = await scene.begin()
    await scene.fill(ref)
    staged = await scene.run(scene.activities.stage, ref)
    assert (staged.file_id, staged.wait) == ("", 0)
    assert await opened(scene, ref, staged) == Fence(state=S.PREPARING)
    await scene.approve(ref)
    fence = await opened(scene, ref, staged)
    assert (fence.state, fence.attempt) == (S.APPROVED, None)
    assert fence.wait > 0


async def test_an_application_without_a_resume_is_not_staged(scene: Scene) -> None:
    ref = await scene.approved()
    async with scene.database.begin() as session:
        await session.delete((await session.exec(select(Document))).one())
    with pytest.raises(ApplicationError) as caught:
        await scene.run(scene.activities.stage, ref)
    assert (caught.value.type, caught.value.non_retryable) == ("profile_incomplete", True)


async def test_a_second_attempt_of_other_content_takes_the_first_ones_file_along(scene: Scene) -> None:
    ref = await scene.approved("short-1", *ASKED)
    first = await scene.cross(ref)
    await scene.run(scene.activities.void_attempt, VoidAttempt(attempt=first, state=AttemptState.ABSENT))
    await answer_anew(scene, ref, "Ada King")
    staged = await scene.run(scene.activities.stage, ref)
    assert (await opened(scene, ref, staged)).state is S.AWAITING_APPROVAL
    await scene.approve(ref)
    second = await scene.cross(ref)
    one, two = await scene.attempt(first), await scene.attempt(second)
    resume = (await payload(scene, second))["resume"]
    assert two.file_id == one.file_id != resume, "one run can ever have it"
    await scene.run(scene.activities.submit, second)
    taken = await scene.stage.skyvern.post(
        "/v1/run/workflows",
        json={"workflow_id": one.vendor_workflow_id, "parameters": await payload(scene, first)}
        | {"file_ids": [one.file_id]},
    )
    assert taken.status_code == 422


async def test_an_application_approved_by_the_old_workflow_is_sent_as_it_was(scene: Scene) -> None:
    ref = await scene.begin("long-gb-1")
    async with scene.database.begin() as session:
        application = await session.get_one(Application, ref.application_id)
        session.add(application.move(S.APPROVED, Actor.USER))
    attempt = await scene.cross(ref)
    given = await payload(scene, attempt)
    assert given["answers"] == []
    assert given["applicant"]["work_authorisation"] == [
        {"country": "GB", "authorised": True, "needs_sponsorship": False}
    ]
    assert (given["form_url"], given["letter"]) == ("", "")
    async with scene.database.begin() as session:
        assert given["job_url"] == (await session.get_one(Job, ref.job_id)).url
    assert (await sent(scene, attempt))["file_ids"] is None
    assert (await scene.application(ref)).approved_hash is None


async def test_what_was_queued_on_other_days_is_not_sent_in_excess_of_the_daily_cap(scene: Scene) -> None:
    first, second = [await scene.approved(slug) for slug in ("short-1", "short-2")]
    async with scene.database.begin() as session:
        (await session.exec(profile_of(scene.user_id))).one().daily_cap = 1
    await scene.cross(first)
    staged = await scene.run(scene.activities.stage, second)
    assert staged.wait > 0
    assert not staged.file_id
    assert await scene.state(second) is ApplicationState.APPROVED
