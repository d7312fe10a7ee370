"""Strong new matches are told of once, in one notification a day, and what is no news is not told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import time, timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select, update
from temporalio.testing import ActivityEnvironment

from activities.auto_apply_sweep import AutoApplySweepActivities
from activities.matching import strong
from activities.matching.strong import tell
from activities.reconcile import UNMAILED, ReconcileActivities
from models.account import Account
from models.answering_enums import MatchState
from models.automation import Automation
from models.base import now
from models.database import Database
from models.enums import AutomationMode, EventKind, NotificationKind
from models.event import Event
from models.job import Job
from models.job_mark import JobMark
from models.match_row import JobMatch
from models.notification import Notification
from models.profile import Profile
from tests.activities.people import ENGINEER, add_application, add_job
from tests.activities.sweep_scene import add_easy, match, matches_of, set_rules, set_wishes
from workflows.job_messages import StrongMatches, SweepCursor

EAGER = Automation(min_score=0, min_confidence=0, notify_score=0)
"""Rules of somebody who wants to be told of every match."""


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database of our own."""
    database = Database(database_url)
    yield database
    await database.close()


async def run(database: Database, after: UUID | None = None) -> StrongMatches:
    """Run the step."""
    steps = AutoApplySweepActivities(database)
    return await ActivityEnvironment().run(steps.tell_strong_matches, SweepCursor(after_user=after))


async def told(database: Database, user_id: UUID) -> list[int]:
    """Return of how many jobs each notification of strong matches tells."""
    query = select(Notification.number).where(
        Notification.user_id == user_id, Notification.kind == NotificationKind.STRONG_MATCHES
    )
    async with database.begin() as session:
        return list(await session.exec(query.order_by(col(Notification.id))))


async def a_day_passes(database: Database) -> None:
    """Have all that was told be told more than a day ago."""
    async with database.begin() as session:
        await session.exec(update(Notification).values(created_at=now() - timedelta(hours=25)))


async def test_all_strong_matches_are_told_in_one_notification_once(database: Database) -> None:
    person = await add_easy(database, rules=EAGER, mode=AutomationMode.OFF)
    jobs = [await add_job(database) for _ in range(3)]
    await match(database)
    (ref,) = (await run(database)).notifications
    assert ref.user_id == person
    assert await told(database, person) == [3]
    rows = await matches_of(database, person)
    assert all(rows[job.id].told_at is not None and not rows[job.id].to_tell for job in jobs)
    await a_day_passes(database)
    assert (await run(database)).notifications == []
    assert await told(database, person) == [3]


async def test_the_person_hears_of_it_live(database: Database) -> None:
    person = await add_easy(database, rules=EAGER)
    await match(database)
    await add_job(database)
    await match(database)
    (ref,) = (await run(database)).notifications
    async with database.begin() as session:
        events = list(await session.exec(select(Event).order_by(col(Event.number))))
    # the first is of the wishes that were matched
    assert [(each.kind, each.subject_id, each.data) for each in events[1:]] == [
        (EventKind.MATCHES_ADDED, person, {"matches": 1}),
        (
            EventKind.NOTIFICATION_ADDED,
            ref.notification_id,
            {"notification_kind": "strong_matches", "application_id": None},
        ),
    ]


async def test_a_job_in_several_towns_counts_once(database: Database) -> None:
    person = await add_easy(database, rules=EAGER)
    for place in ("Leeds", "York", "Hull"):
        await add_job(database, company="Example", description="The same.", location=place)
    await match(database)
    await run(database)
    assert await told(database, person) == [1]


async def test_at_most_one_notification_a_day_and_what_came_meanwhile_is_in_the_next(
    database: Database,
) -> None:
    person = await add_easy(database, rules=EAGER)
    await add_job(database)
    await match(database)
    await run(database)
    for _ in range(2):
        await add_job(database)
        await match(database)
        assert (await run(database)).notifications == []
    await a_day_passes(database)
    await run(database)
    assert await told(database, person) == [1, 2]


@pytest.mark.parametrize(
    ("rules", "is_told"),
    [
        ({}, True),
        ({"notify_score": None}, False),
        ({"notify_score": 100}, False),
        ({"min_confidence": 1}, False),
        ({"min_score": 100}, True),
    ],
    ids=range(5),
)
async def test_the_persons_thresholds_say_what_is_strong(
    database: Database, rules: dict[str, object], is_told: bool
) -> None:
    person = await add_easy(database, rules=EAGER.model_copy(update=rules))
    await add_job(database, "Data Engineer, Platform of the Far North of Everything")
    await match(database)
    await run(database)
    assert await told(database, person) == ([1] if is_told else [])


async def test_a_match_behind_a_gate_is_never_told(database: Database) -> None:
    person = await add_easy(database, rules=EAGER)
    await add_job(database, expired_at=now())
    await match(database)
    await run(database)
    assert await told(database, person) == []


async def test_who_registers_is_not_told_of_older_jobs(database: Database) -> None:
    await add_job(database, created_at=now() - timedelta(days=3))
    await add_job(database)
    person = await add_easy(database, rules=EAGER)
    await match(database)
    await run(database)
    assert await told(database, person) == [1]


async def test_what_was_told_is_not_told_again_when_it_is_matched_anew(database: Database) -> None:
    person = await add_easy(database, rules=EAGER)
    job = await add_job(database)
    await match(database)
    await run(database)
    await set_rules(database, person, EAGER)
    await match(database)
    async with database.begin() as session:
        await session.exec(update(Job).where(col(Job.id) == job.id).values(rematch=True))
    await match(database)
    await a_day_passes(database)
    assert (await run(database)).notifications == []
    assert await told(database, person) == [1]


async def test_the_same_ad_in_a_further_town_is_no_news(database: Database) -> None:
    person = await add_easy(database, rules=EAGER)
    same = {"company": "Example", "description": "The same."}
    await add_job(database, location="Leeds", **same)
    await match(database)
    await run(database)
    await a_day_passes(database)
    await add_job(database, location="York", **same)
    await match(database)
    assert (await run(database)).notifications == []
    await add_job(database, location="York", company="Another", description="The same.")
    await match(database)
    await run(database)
    assert await told(database, person) == [1, 1]


async def test_what_was_told_is_not_told_again_after_other_wishes_for_a_while(database: Database) -> None:
    person = await add_easy(database, rules=EAGER)
    job = await add_job(database)
    await match(database)
    await run(database)
    await set_wishes(database, person, ENGINEER.model_copy(update={"titles": ["Gardener"]}))
    await match(database)
    kept = (await matches_of(database, person))[job.id]
    assert (kept.state, kept.score, kept.breakdown, kept.to_tell) == (MatchState.FOUND, None, {}, False)
    await set_wishes(database, person, ENGINEER)
    await match(database)
    assert (await matches_of(database, person))[job.id].score is not None
    await a_day_passes(database)
    assert (await run(database)).notifications == []
    assert await told(database, person) == [1]


async def test_a_job_that_is_no_news_any_more_leaves_nothing_after_other_wishes(database: Database) -> None:
    person = await add_easy(database, rules=EAGER)
    await add_job(database)
    await match(database)
    await run(database)
    async with database.begin() as session:
        await session.exec(update(JobMatch).values(told_at=now() - timedelta(days=3)))
    await set_wishes(database, person, ENGINEER.model_copy(update={"titles": ["Gardener"]}))
    await match(database)
    assert await matches_of(database, person) == {}


async def test_nothing_is_told_by_rules_that_were_just_changed(database: Database) -> None:
    person = await add_easy(database, rules=EAGER)
    await add_job(database)
    await match(database)
    await set_rules(database, person, EAGER.model_copy(update={"notify_score": None}))
    assert (await run(database)).notifications == []
    await match(database)
    assert (await run(database)).notifications == []
    assert await told(database, person) == []


async def test_what_has_closed_was_hidden_or_applied_to_meanwhile_is_no_news(database: Database) -> None:
    person = await add_easy(database, rules=EAGER)
    closed, hidden, applied, old = [await add_job(database) for _ in range(4)]
    await match(database)
    await add_application(database, person, applied)
    async with database.begin() as session:
        mark = JobMark(user_id=person, job_id=hidden.id, content_key=hidden.content_key, hidden_at=now())
        session.add(mark)
        await session.exec(update(Job).where(col(Job.id) == closed.id).values(expired_at=now()))
        long_ago = now() - timedelta(days=3)
        await session.exec(update(Job).where(col(Job.id) == old.id).values(created_at=long_ago))
    assert (await run(database)).notifications == []
    # and nobody comes back to it
    async with database.begin() as session:
        assert (await session.exec(select(JobMatch.job_id).where(JobMatch.to_tell))).all() == []


async def test_quiet_hours_and_a_locked_account_wait(database: Database) -> None:
    quiet = EAGER.model_copy(update={"quiet_from": time(0, 0), "quiet_to": time(23, 59, 59)})
    sleeper, locked = await add_easy(database, rules=quiet), await add_easy(database, rules=EAGER)
    async with database.begin() as session:
        (await session.get_one(Account, locked)).locked_at = now()
    await add_job(database)
    await match(database)
    assert (await run(database)).notifications == []
    await set_rules(database, sleeper, EAGER)
    await match(database)
    assert [ref.user_id for ref in (await run(database)).notifications] == [sleeper]


async def test_two_at_once_tell_each_person_once(database: Database) -> None:
    people = [await add_easy(database, rules=EAGER) for _ in range(5)]
    await add_job(database)
    await match(database)
    pages = await asyncio.gather(*(run(database) for _ in range(3)))
    assert sum(len(page.notifications) for page in pages) == 5
    assert [await told(database, person) for person in people] == [[1]] * 5


async def test_people_are_told_page_by_page_and_those_with_nothing_are_not_visited(
    database: Database,
) -> None:
    people = sorted([await add_easy(database, rules=EAGER) for _ in range(5)])
    await add_easy(database, rules=EAGER.model_copy(update={"notify_score": None}))
    await add_job(database)
    await match(database)
    seen: list[UUID] = []
    after = None
    for _ in range(3):
        page = await tell(database, after, people_a_page=2)
        seen += [ref.user_id for ref in page.notifications]
        after = page.next_user
    assert (seen, after) == (people, None)


async def test_rules_that_nobody_can_read_any_more_stop_no_one_else(database: Database) -> None:
    broken, sound = await add_easy(database, rules=EAGER), await add_easy(database, rules=EAGER)
    await add_job(database)
    await match(database)
    async with database.begin() as session:
        broken_rules = update(Profile).where(col(Profile.user_id) == broken)
        await session.exec(broken_rules.values(automation={"min_score": "no number"}))
    assert [ref.user_id for ref in (await run(database)).notifications] == [sound]


async def test_what_breaks_off_tells_nothing_and_is_told_the_next_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await add_easy(database, rules=EAGER)
    job = await add_job(database)
    await match(database)

    def broken(*_: object, **__: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr(strong, "record", broken)
        with pytest.raises(ConnectionResetError):
            await run(database)
    assert await told(database, person) == []
    assert (await matches_of(database, person))[job.id].told_at is None
    assert len((await run(database)).notifications) == 1
    assert await told(database, person) == [1]


async def test_a_notification_whose_mail_was_never_begun_is_found_again(database: Database) -> None:
    person = await add_easy(database, rules=EAGER)
    await add_job(database)
    await match(database)
    # whoever told it was killed before it could start the mail
    (ref,) = (await run(database)).notifications
    async with database.begin() as session:
        await session.exec(update(Notification).values(created_at=now() - UNMAILED - timedelta(minutes=1)))
    stranded = await ActivityEnvironment().run(ReconcileActivities(database, mails=True).find_stranded)
    assert stranded.notifications == [ref]
    assert ref.user_id == person
