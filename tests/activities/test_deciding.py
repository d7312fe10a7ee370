"""What goes on alone, what its person must see, and what an approval holds."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from models.answer import ApprovedTopic
from models.answering_enums import AnswerSource, LogKind, Topic
from models.application import Application, application_locked
from models.application_log import broken_at
from models.base import now
from models.database import seal_of
from models.enums import Actor, ApplicationState, AutomationMode, EndReason, NotificationKind, Origin
from models.job import Job
from models.profile import profile_of
from models.question import questions_of
from models.shown import load_shown
from tests.activities.apply_scene import Asked, Scene, open_scene
from workflows.messages import ApplicationRef, Approved, ApproveShown, Remind
from workflows.messages import Asked as Standing

S, Source = ApplicationState, AnswerSource
WHY = Asked("Why us?", "Because.", topic=Topic.WHY_COMPANY)
CITY = Asked("City", "London", topic=Topic.CITY)


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    """A person with a complete profile."""
    async with open_scene(database_url, tmp_path) as scene:
        yield scene


async def prepared(
    scene: Scene, *asked: Asked, origin: Origin = Origin.PERSON, mode: AutomationMode = AutomationMode.REVIEW
) -> ApplicationRef:
    """Bring an application to the point at which it is decided."""
    ref = await scene.queue("short-1", origin, mode)
    await scene.run(scene.activities.prepare, ref)
    await scene.fill(ref, *(asked or (CITY,)))
    return ref


async def change(scene: Scene, ref: ApplicationRef, **columns: Any) -> None:  # noqa: ANN401 -- any column
    """Change an application's row."""
    async with scene.database.begin() as session:
        application = (await session.exec(application_locked(ref.application_id))).one()
        for name, value in columns.items():
            setattr(application, name, value)


async def enter(
    scene: Scene, ref: ApplicationRef, label: str, value: str | None, source: AnswerSource
) -> None:
    """Answer a question of the form, or take its answer away."""
    async with scene.database.begin() as session:
        seal = await seal_of(session, scene.keys, scene.user_id)
        questions = (await session.exec(questions_of(ref.application_id))).all()
        question = next(each for each in questions if each.label == label)
        if value is None:
            question.clear()
        else:
            question.answer(value, source, seal)


async def set_mode(scene: Scene, mode: AutomationMode) -> None:
    """Set the person's mode."""
    async with scene.database.begin() as session:
        (await session.exec(profile_of(scene.user_id))).one().automation_mode = mode


async def decide(scene: Scene, ref: ApplicationRef) -> Standing:
    """Decide."""
    return await scene.run(scene.activities.decide, ref)


async def approve(scene: Scene, ref: ApplicationRef, shown_hash: str | None) -> Approved:
    """Approve."""
    request = ApproveShown(application=ref, shown_hash=shown_hash or "")
    return await scene.run(scene.activities.approve, request)


async def test_in_review_mode_it_is_shown_and_the_person_told_once(scene: Scene) -> None:
    ref = await prepared(scene)
    first, second = await decide(scene, ref), await decide(scene, ref)
    assert (first.state, second.state) == (S.AWAITING_APPROVAL, S.AWAITING_APPROVAL)
    assert first.shown_hash == second.shown_hash
    assert first.deadline_at == second.deadline_at
    assert first.asked_at is not None
    assert first.deadline_at == first.asked_at + timedelta(days=7)
    assert (first.notification_id is not None, second.notification_id) == (True, None)
    assert [each.kind for each in await scene.notifications()] == [
        NotificationKind.APPLICATION_AWAITS_APPROVAL
    ]
    assert len(await scene.log(ref, LogKind.SHOWN)) == 1


async def test_a_changed_answer_is_shown_anew_and_logged(scene: Scene) -> None:
    ref = await prepared(scene)
    first = await decide(scene, ref)
    await enter(scene, ref, "City", "Leeds", Source.PERSON)
    second = await decide(scene, ref)
    assert first.shown_hash != second.shown_hash
    shown = [each.data["shown_hash"] for each in await scene.log(ref, LogKind.SHOWN)]
    assert shown == [first.shown_hash, second.shown_hash]
    assert second.notification_id is None


async def test_a_required_answer_that_was_taken_away_leads_back(scene: Scene) -> None:
    ref = await prepared(scene)
    await decide(scene, ref)
    await enter(scene, ref, "City", None, Source.PERSON)
    assert (await decide(scene, ref)).state is S.PREPARING
    assert await scene.state(ref) is S.PREPARING
    await enter(scene, ref, "City", "London", Source.PERSON)
    assert (await decide(scene, ref)).notification_id is not None


async def test_a_person_in_auto_mode_is_not_asked_where_they_said_everything(scene: Scene) -> None:
    ref = await prepared(scene, mode=AutomationMode.AUTO)
    standing = await decide(scene, ref)
    application = await scene.application(ref)
    assert (standing.state, standing.undo_until) == (S.APPROVED, application.undo_until)
    assert application.undo_until == application.moved_at + timedelta(minutes=10)
    (approved,) = await scene.log(ref, LogKind.APPROVED)
    assert approved.data == {"actor": "system", "shown_hash": application.approved_hash}
    assert await scene.notifications() == []


@pytest.mark.parametrize(
    ("topic", "required", "approved", "state"),
    [
        (Topic.WHY_COMPANY, True, [], S.AWAITING_APPROVAL),
        (Topic.WHY_COMPANY, True, [Topic.WHY_ROLE], S.AWAITING_APPROVAL),
        (Topic.WHY_COMPANY, True, [Topic.WHY_COMPANY], S.APPROVED),
        (Topic.WHY_COMPANY, False, [], S.APPROVED),
        (None, True, [Topic.WHY_COMPANY], S.AWAITING_APPROVAL),
    ],
)
async def test_auto_mode_sends_no_required_draft_of_a_topic_that_was_never_approved(
    scene: Scene, topic: Topic | None, required: bool, approved: list[Topic], state: ApplicationState
) -> None:
    ref = await prepared(
        scene, Asked("Why us?", "x", topic=topic, required=required), mode=AutomationMode.AUTO
    )
    await enter(scene, ref, "Why us?", "Drafted.", Source.DRAFT)
    async with scene.database.begin() as session:
        session.add_all(ApprovedTopic(user_id=scene.user_id, topic=each) for each in approved)
    assert (await decide(scene, ref)).state is state


@pytest.mark.parametrize(
    ("score", "confidence", "mode", "state"),
    [
        (70, 0.5, AutomationMode.AUTO, S.APPROVED),
        (69, 0.9, AutomationMode.AUTO, S.AWAITING_APPROVAL),
        (99, 0.49, AutomationMode.AUTO, S.AWAITING_APPROVAL),
        (None, 0.9, AutomationMode.AUTO, S.AWAITING_APPROVAL),
        (99, None, AutomationMode.AUTO, S.AWAITING_APPROVAL),
        (99, 0.9, AutomationMode.REVIEW, S.AWAITING_APPROVAL),
    ],
)
async def test_what_the_sweep_chose_needs_score_confidence_and_the_mode_of_today(
    scene: Scene,
    score: int | None,
    confidence: float | None,
    mode: AutomationMode,
    state: ApplicationState,
) -> None:
    await set_mode(scene, AutomationMode.AUTO)
    ref = await prepared(scene, origin=Origin.SWEEP, mode=AutomationMode.AUTO)
    await set_mode(scene, mode)
    await change(scene, ref, score=score, confidence=confidence)
    assert (await decide(scene, ref)).state is state


async def test_a_passed_deadline_ends_it_and_the_person_is_told(scene: Scene) -> None:
    ref = await prepared(scene)
    await decide(scene, ref)
    await change(scene, ref, deadline_at=now() - timedelta(seconds=1))
    standing = await decide(scene, ref)
    assert (standing.state, standing.reason) == (S.EXPIRED, EndReason.DEADLINE_PASSED)
    assert standing.notification_id is not None
    assert await decide(scene, ref) == standing


async def test_a_closed_job_ends_it(scene: Scene) -> None:
    ref = await prepared(scene, mode=AutomationMode.AUTO)
    async with scene.database.begin() as session:
        (await session.get_one(Job, ref.job_id)).expired_at = now()
    standing = await decide(scene, ref)
    assert (standing.state, standing.reason) == (S.EXPIRED, EndReason.JOB_CLOSED)


async def test_what_the_fence_sent_back_has_its_full_time_again(scene: Scene) -> None:
    ref = await prepared(scene)
    shown = (await decide(scene, ref)).shown_hash
    await approve(scene, ref, shown)
    await change(scene, ref, asked_at=now() - timedelta(days=9), deadline_at=now() - timedelta(days=2))
    await enter(scene, ref, "City", "Leeds", Source.PERSON)
    async with scene.database.begin() as session:
        application = (await session.exec(application_locked(ref.application_id))).one()
        session.add(application.move(S.AWAITING_APPROVAL, Actor.SYSTEM))
    standing = await decide(scene, ref)
    assert standing.state is S.AWAITING_APPROVAL
    assert standing.deadline_at is not None
    assert standing.deadline_at > now() + timedelta(days=6)
    # they thought that it was done: they are told again, once
    assert standing.notification_id is not None
    again = await decide(scene, ref)
    assert (again.notification_id, again.deadline_at) == (None, standing.deadline_at)


async def test_an_approval_holds_what_was_shown_and_undoes_for_a_while(scene: Scene) -> None:
    await scene.automate(undo_minutes=3)
    ref = await prepared(scene, WHY, CITY)
    await enter(scene, ref, "Why us?", "Drafted.", Source.DRAFT)
    shown = (await decide(scene, ref)).shown_hash
    approved = await approve(scene, ref, shown)
    application = await scene.application(ref)
    assert (approved.state, approved.stale) == (S.APPROVED, False)
    assert application.approved_hash == shown
    assert approved.undo_until == application.moved_at + timedelta(minutes=3)
    async with scene.database.begin() as session:
        topics = (await session.exec(select(ApprovedTopic.topic))).all()
    assert topics == [Topic.WHY_COMPANY]
    assert (await decide(scene, ref)).undo_until == approved.undo_until


async def test_approved_twice_it_is_approved_once(scene: Scene) -> None:
    ref = await prepared(scene)
    shown = (await decide(scene, ref)).shown_hash
    assert await approve(scene, ref, shown) == await approve(scene, ref, shown)
    assert len(await scene.log(ref, LogKind.APPROVED)) == 1
    assert (await approve(scene, ref, "another")).stale


async def test_a_stale_hash_approves_nothing(scene: Scene) -> None:
    ref = await prepared(scene)
    shown = (await decide(scene, ref)).shown_hash
    await enter(scene, ref, "City", "Leeds", Source.PERSON)
    approved = await approve(scene, ref, shown)
    assert (approved.state, approved.stale) == (S.AWAITING_APPROVAL, True)
    assert await scene.log(ref, LogKind.APPROVED) == []
    assert (await approve(scene, ref, (await decide(scene, ref)).shown_hash)).state is S.APPROVED


async def test_what_lacks_a_required_answer_cannot_be_approved(scene: Scene) -> None:
    ref = await prepared(scene)
    await decide(scene, ref)
    await enter(scene, ref, "City", None, Source.PERSON)
    async with scene.database.begin() as session:
        application = await session.get_one(Application, ref.application_id)
        seal = await seal_of(session, scene.keys, scene.user_id)
        shown = (await load_shown(session, application, seal)).hash(seal)
    assert (await approve(scene, ref, shown)).stale


@pytest.mark.parametrize("state", [S.CANCELLED, S.DECLINED, S.EXPIRED, S.PREPARING])
async def test_what_does_not_wait_for_approval_is_not_approved(scene: Scene, state: ApplicationState) -> None:
    ref = await prepared(scene)
    shown = (await decide(scene, ref)).shown_hash
    await change(scene, ref, state=state)
    assert (await approve(scene, ref, shown)).state is state
    assert await scene.state(ref) is state


async def test_each_wait_has_three_reminders_of_its_own(scene: Scene) -> None:
    ref = await prepared(scene)
    remind = scene.activities.remind
    assert (await scene.run(remind, Remind(application=ref, number=1))).notification_id is None
    await decide(scene, ref)
    first = await scene.run(remind, Remind(application=ref, number=1))
    assert first.notification_id is not None
    assert (await scene.run(remind, Remind(application=ref, number=1))).notification_id is None
    await enter(scene, ref, "City", None, Source.PERSON)
    await decide(scene, ref)
    assert (await scene.run(remind, Remind(application=ref, number=2))).notification_id is None
    await enter(scene, ref, "City", "London", Source.PERSON)
    await decide(scene, ref)
    assert (await scene.run(remind, Remind(application=ref, number=1))).notification_id is not None
    numbers = [
        each.number
        for each in await scene.notifications()
        if each.kind is NotificationKind.APPLICATION_REMINDER
    ]
    assert sorted(numbers) == [1, 4]


async def test_the_log_of_it_all_is_whole_and_holds_nothing_personal(scene: Scene) -> None:
    ref = await prepared(scene, WHY, Asked("City", "canary-city", topic=Topic.CITY))
    shown = (await decide(scene, ref)).shown_hash
    await approve(scene, ref, shown)
    log = await scene.log(ref)
    assert broken_at(log) is None
    assert "canary" not in str([each.data for each in log])
    assert "London" not in str([each.data for each in log])
