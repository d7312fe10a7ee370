"""The sweep: who applies to what by itself, never twice and never beyond the caps."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from activities import auto_apply_sweep
from models.account import Account
from models.application import Application
from models.application_log import LogEntry, broken_at
from models.base import now
from models.claims import profile_locked
from models.database import Database
from models.enums import ApplicationState, AttemptState, AutomationMode, EventKind, Origin
from models.event import Event
from models.installation import THE_ROW, Installation
from models.profile import Profile
from tests.activities.people import add_application, add_job
from tests.activities.sweep_scene import (
    EASY,
    add_easy,
    age,
    applications,
    match,
    matches_of,
    queue,
    set_rules,
    sweep,
    verdict,
)
from tests.api.client import somebody_waits
from workflows.job_messages import SweepPage

S = ApplicationState


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database of our own."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.mark.parametrize("mode", [AutomationMode.REVIEW, AutomationMode.AUTO])
async def test_a_match_is_queued_with_its_log_and_event(database: Database, mode: AutomationMode) -> None:
    person, job = await add_easy(database, mode=mode), await add_job(database)
    page = await sweep(database)
    (queued,) = await applications(database, person)
    assert [(ref.application_id, ref.user_id, ref.job_id) for ref in page.applications] == [
        (queued.id, person, job.id)
    ]
    assert (queued.state, queued.origin, queued.mode) == (S.QUEUED, Origin.SWEEP, mode)
    assert page.next_user is None
    async with database.begin() as session:
        entry = (await session.exec(select(LogEntry))).one()
        queue_event = select(Event).where(Event.kind == EventKind.APPLICATION_CHANGED)
        event = (await session.exec(queue_event)).one()
    assert broken_at([entry]) is None
    assert entry.data == {"from": None, "to": "queued", "actor": "system", "reason": None}
    assert (event.subject_id, event.data) == (queued.id, {"state": "queued", "reason": None})
    found = (await matches_of(database, person))[job.id]
    assert (queued.score, queued.confidence) == (found.score, found.confidence)
    assert await verdict(database, person, job) == ("queued", None)


async def test_a_repeated_call_names_the_same_applications_and_queues_no_more(database: Database) -> None:
    person = await add_easy(database)
    await add_job(database)
    first = await sweep(database)
    assert len(first.applications) == 1
    assert await queue(database) == first
    assert await sweep(database) == first
    assert len(await applications(database, person)) == 1


@pytest.mark.parametrize("lacking", [{"identity": False}, {"resume": False}, {"cap": 0}])
async def test_who_lacks_something_keeps_their_candidates(
    database: Database, lacking: dict[str, Any]
) -> None:
    person, job = await add_easy(database, **lacking), await add_job(database)
    assert (await sweep(database)).applications == []
    found = await verdict(database, person, job)
    assert found is not None
    assert found[0] == "candidate"


async def test_for_who_has_automation_off_jobs_are_found_and_nobody_is_visited(database: Database) -> None:
    person, job = await add_easy(database, mode=AutomationMode.OFF), await add_job(database)
    assert (await sweep(database)).applications == []
    assert await verdict(database, person, job) == ("found", None)
    # a page of one person would name whom to go on after
    assert (await queue(database, people_a_page=1)).next_user is None


async def test_switching_off_and_pausing_keep_candidates_for_later(database: Database) -> None:
    person, job = await add_easy(database), await add_job(database)
    await match(database)
    await _change(database, person, automation_mode=AutomationMode.OFF)
    assert (await queue(database)).applications == []
    await _change(database, person, automation_mode=AutomationMode.AUTO)
    paused = EASY.model_copy(update={"paused_until": now() + timedelta(hours=1)})
    await set_rules(database, person, paused)
    assert (await sweep(database)).applications == []
    assert await verdict(database, person, job) == ("candidate", None)
    await set_rules(database, person, EASY)
    assert len((await sweep(database)).applications) == 1


async def test_the_kill_switch_keeps_candidates_for_later(database: Database) -> None:
    person, job = await add_easy(database), await add_job(database)
    async with database.begin() as session:
        await session.merge(Installation(id=THE_ROW, applying_paused_at=now()))
    assert (await sweep(database)).applications == []
    assert await verdict(database, person, job) == ("candidate", None)
    async with database.begin() as session:
        await session.merge(Installation(id=THE_ROW, applying_paused_at=None))
    assert len((await queue(database)).applications) == 1


async def test_a_locked_account_is_left_out(database: Database) -> None:
    person = await add_easy(database)
    await add_job(database)
    async with database.begin() as session:
        (await session.get_one(Account, person)).locked_at = now()
    assert (await sweep(database)).applications == []


async def test_rules_that_nobody_can_read_any_more_stop_no_one_else(database: Database) -> None:
    broken, sound = await add_easy(database), await add_easy(database)
    await add_job(database)
    await match(database)
    await _change(database, broken, automation={"min_score": "no number"})
    assert [ref.user_id for ref in (await queue(database)).applications] == [sound]


@pytest.mark.parametrize("state", list(ApplicationState))
async def test_whatever_became_of_an_application_its_job_is_not_tried_again(
    database: Database, state: ApplicationState
) -> None:
    person, job = await add_easy(database), await add_job(database)
    await add_application(database, person, job, state)
    assert (await sweep(database)).applications == []
    assert await verdict(database, person, job) == ("skipped", "already_applied")


async def test_the_same_job_under_another_id_or_in_another_town_is_applied_to_once(
    database: Database,
) -> None:
    rules = EASY.model_copy(update={"company_cap": 9})
    person = await add_easy(database, rules=rules)
    same = {"company": "Example", "description": "The same text."}
    await add_job(database, **same)
    await add_job(database, **same)
    await add_job(database, **same, location="York", posted_at=now() - timedelta(hours=2))
    reworded = {"company": "Example", "description": "Another text, the same job."}
    await add_job(database, **reworded, posted_at=now() - timedelta(hours=3))
    assert len((await sweep(database)).applications) == 1
    reasons = [each.reason for each in (await matches_of(database, person)).values() if each.reason]
    assert reasons == ["already_applied"] * 3
    async with database.begin() as session:
        (await session.exec(select(Application))).one().state = S.SUBMITTED
    await add_job(database, **same)
    assert (await sweep(database)).applications == []
    assert len(await applications(database, person)) == 1


async def test_the_best_and_of_these_the_newest_are_taken_up_to_the_cap(database: Database) -> None:
    person = await add_easy(database, cap=2)
    jobs = [
        await add_job(database, title, description=str(hours), posted_at=now() - timedelta(hours=hours))
        for title, hours in (
            ("Data Engineer", 3),
            ("Data Engineer, Platform of the Far North", 1),
            ("Data Engineer", 2),
            ("Data Engineer", 4),
        )
    ]
    taken = [ref.job_id for ref in (await sweep(database)).applications]
    assert taken == [jobs[2].id, jobs[0].id]
    assert len(await applications(database, person)) == 2
    for left in (jobs[1], jobs[3]):
        assert await verdict(database, person, left) == ("candidate", "daily_cap")


async def test_what_a_daily_cap_left_is_queued_the_next_day_until_it_is_too_old(database: Database) -> None:
    person = await add_easy(database, cap=1)
    newer, older = await add_job(database), await add_job(database, posted_at=now() - timedelta(days=2))
    old = await add_job(database, posted_at=now() - timedelta(days=3))
    assert [ref.job_id for ref in (await sweep(database)).applications] == [newer.id]
    async with database.begin() as session:
        today = (await session.exec(select(Application))).one()
        today.state, today.created_at = S.SUBMITTED, now() - timedelta(hours=25)
    await age(database, old, days=8)
    assert [ref.job_id for ref in (await sweep(database)).applications] == [older.id]
    assert await verdict(database, person, old) == ("skipped", "too_old")


async def test_a_candidate_whose_job_has_closed_is_skipped(database: Database) -> None:
    person, job = await add_easy(database), await add_job(database)
    await match(database)
    job.expired_at = now()
    async with database.begin() as session:
        await session.merge(job)
    assert (await queue(database)).applications == []
    assert await verdict(database, person, job) == ("skipped", "job_closed")


async def test_a_company_is_applied_to_once_in_thirty_days(database: Database) -> None:
    person = await add_easy(database)
    first = await add_job(database, "Data Engineer", company="Example Ltd")
    second = await add_job(database, "Data Engineer, Payments", company="EXAMPLE")
    assert [ref.job_id for ref in (await sweep(database)).applications] == [first.id]
    assert await verdict(database, person, second) == ("skipped", "company_cap")


@pytest.mark.parametrize(("mode", "queued"), [(AutomationMode.AUTO, False), (AutomationMode.REVIEW, True)])
async def test_a_near_duplicate_is_skipped_alone_and_a_warning_in_review(
    database: Database, mode: AutomationMode, queued: bool
) -> None:
    person = await add_easy(database, mode=mode, rules=EASY.model_copy(update={"company_cap": 9}))
    earlier = await add_application(database, person, await add_job(database, company="Northwind Traders"))
    job = await add_job(database, "Data Engineers", company="Northwind Trader")
    await set_titles(database, person, ["Data Engineers"])
    page = await sweep(database)
    if queued:
        (reference,) = page.applications
        stored = next(each for each in await applications(database, person) if each.job_id == job.id)
        assert (stored.id, stored.near_duplicate_of) == (reference.application_id, earlier.id)
    else:
        assert await verdict(database, person, job) == ("skipped", "near_duplicate")


@pytest.mark.parametrize(
    ("state", "attempt", "hours", "counts"),
    [
        (S.SUBMITTED, None, 1, True),
        (S.SUBMITTED, None, 25, False),
        (S.UNKNOWN_OUTCOME, AttemptState.RUNNING, 1, True),
        (S.QUEUED, None, 1, True),
        (S.CANCELLED, None, 1, False),
        (S.DECLINED, None, 1, False),
        (S.EXPIRED, None, 1, False),
        (S.SKIPPED, None, 1, False),
        (S.FAILED, None, 1, False),
        (S.FAILED, AttemptState.REFUSED, 1, False),
        (S.FAILED, AttemptState.ABSENT, 1, False),
        (S.FAILED, AttemptState.ENDED, 1, True),
        (S.NOT_SUBMITTED, AttemptState.ENDED, 1, True),
    ],
)
async def test_the_cap_counts_what_may_have_reached_an_employer_within_a_day(
    database: Database, state: ApplicationState, attempt: AttemptState | None, hours: int, counts: bool
) -> None:
    person = await add_easy(database, cap=1)
    earlier = await add_job(database, title="Cook")
    at = now() - timedelta(hours=hours)
    await add_application(database, person, earlier, state, at=at, attempt=attempt)
    await add_job(database)
    assert len((await sweep(database)).applications) == (0 if counts else 1)


async def test_sweeps_at_the_same_time_keep_the_cap(database: Database) -> None:
    person = await add_easy(database, cap=3)
    for _ in range(12):
        await add_job(database)
    pages = await asyncio.gather(*(sweep(database) for _ in range(4)))
    assert len(await applications(database, person)) == 3
    assert max(len(page.applications) for page in pages) == 3


async def test_a_sweep_waits_for_whoever_applies_for_the_person_just_now(database: Database) -> None:
    person = await add_easy(database, cap=1)
    asked_for = await add_job(database, title="Cook")
    await add_job(database)
    await match(database)
    async with database.begin() as session:
        await session.exec(profile_locked(person))
        queueing = asyncio.create_task(queue(database))
        await somebody_waits(database)
        application, entry = Application.queue(person, asked_for, Origin.PERSON)
        session.add(application)
        await session.flush()
        session.add(entry)
    assert (await queueing).applications == []
    assert [each.job_id for each in await applications(database, person)] == [asked_for.id]


async def test_people_are_gone_through_page_by_page(database: Database) -> None:
    people = sorted([await add_easy(database) for _ in range(5)])
    await add_job(database)
    await match(database)
    seen: list[UUID] = []
    after = None
    for _ in range(3):
        page = await queue(database, after, people_a_page=2)
        seen += [ref.user_id for ref in page.applications]
        after = page.next_user
    assert (seen, after) == (people, None)


async def test_a_page_that_takes_too_long_is_gone_on_with(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = sorted([await add_easy(database) for _ in range(3)])
    await add_job(database)
    await match(database)
    monkeypatch.setattr(auto_apply_sweep, "SECONDS_A_PAGE", 0.0)
    first = await queue(database)
    assert (len(first.applications), first.next_user) == (1, people[0])
    second = await queue(database, first.next_user)
    last = await queue(database, second.next_user)
    assert [ref.user_id for ref in last.applications] == [people[2]]
    assert last.next_user is None


async def test_one_person_may_leave_while_the_sweep_runs(database: Database) -> None:
    person = await add_easy(database)
    await add_job(database)
    await match(database)
    page = await queue(database, people_a_page=1)
    assert page.next_user == person
    last = await queue(database, page.next_user, people_a_page=1)
    assert last == SweepPage(applications=[], next_user=None)


async def _change(database: Database, user_id: UUID, **values: Any) -> None:  # noqa: ANN401 -- any column
    async with database.begin() as session:
        profile = (await session.exec(select(Profile).where(Profile.user_id == user_id))).one()
        for name, value in values.items():
            setattr(profile, name, value)


async def set_titles(database: Database, user_id: UUID, titles: list[str]) -> None:
    """Have a person look for other titles."""
    await _change(database, user_id, preferences={"titles": titles}, wishes_changed_at=now())
