"""Matching anew: ads that have changed, a scorer that has, wishes at once, and people who were away."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select, update
from temporalio.testing import ActivityEnvironment

from activities import auto_apply_sweep
from activities.auto_apply_sweep import AutoApplySweepActivities
from activities.matching import pairs
from activities.matching.pairs import match_pairs
from activities.matching.rows import AWAY, People
from models.account import Account
from models.base import now
from models.database import Database
from models.enums import AutomationMode, EventKind, TermKind
from models.event import Event
from models.exchange_rate import ExchangeRate
from models.job import Job
from models.login_session import LoginSession
from models.match.score import SCORER_VERSION
from models.match_row import Interest, JobMatch
from models.profile import Preferences, Profile
from models.term import Term
from tests.activities.people import ENGINEER, add_application, add_job
from tests.activities.sweep_scene import add_easy, match, matches_of, queue, set_wishes, sweep, verdict
from workflows.job_messages import MatchCursor, MatchPhase, PersonRef


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database of our own."""
    database = Database(database_url)
    yield database
    await database.close()


async def change(database: Database, job: Job, **values: Any) -> None:  # noqa: ANN401 -- columns
    """Have an ad say something else, as a fetch does it."""
    async with database.begin() as session:
        await session.exec(update(Job).where(col(Job.id) == job.id).values(rematch=True, **values))


async def marked(database: Database) -> list[UUID]:
    """Return the jobs that are to be matched anew."""
    async with database.begin() as session:
        return list(await session.exec(select(Job.id).where(Job.rematch)))


async def profile_is(database: Database, user_id: UUID, **values: Any) -> None:  # noqa: ANN401 -- columns
    """Change a profile beside the API."""
    async with database.begin() as session:
        await session.exec(update(Profile).where(col(Profile.user_id) == user_id).values(**values))


async def version(database: Database, user_id: UUID) -> int:
    """Return by which scorer a person was matched."""
    async with database.begin() as session:
        query = select(Profile.matched_version).where(Profile.user_id == user_id)
        return (await session.exec(query)).one()


async def test_a_changed_ad_is_matched_anew_for_whoever_looks_for_it_now(database: Database) -> None:
    engineer, cook = await add_easy(database), await add_easy(database, Preferences(titles=["Cook"]))
    job = await add_job(database)
    await match(database)
    before = (await matches_of(database, engineer))[job.id]
    await change(database, job, remote=True, description="From home, with Python.")
    await match(database)
    after = (await matches_of(database, engineer))[job.id]
    assert after.breakdown != before.breakdown
    assert (after.created_at, after.updated_at > before.updated_at) == (before.created_at, True)
    await change(database, job, title="Cook")
    await match(database)
    assert await verdict(database, engineer, job) is None
    assert await verdict(database, cook, job) == ("candidate", None)
    assert await marked(database) == []


async def test_a_changed_ad_leaves_what_is_queued_and_decided_for_good(database: Database) -> None:
    queued, applied = await add_easy(database), await add_easy(database)
    job = await add_job(database)
    await add_application(database, applied, job)
    await sweep(database)
    await change(database, job, title="Cook")
    await match(database)
    assert await verdict(database, queued, job) == ("queued", None)
    assert await verdict(database, applied, job) == ("skipped", "already_applied")


async def test_a_changed_ad_that_many_look_for_is_gone_on_with_and_marked_to_the_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await add_easy(database) for _ in range(5)]
    job = await add_job(database)
    await match(database)
    await change(database, job, description="Other words.")
    monkeypatch.setattr(pairs, "PAIRS_A_WRITE", 2)
    monkeypatch.setattr(auto_apply_sweep, "SECONDS_A_PAGE", 0.0)
    steps = AutoApplySweepActivities(database)
    cursor = MatchCursor(phase=MatchPhase.CHANGED)
    found = []
    while await marked(database) == [job.id]:
        page = await ActivityEnvironment().run(steps.match_jobs, cursor)
        found.append(page.matches)
        assert page.next is not None
        cursor = page.next
    assert found == [2, 2, 1]
    stamps = {(await matches_of(database, person))[job.id].updated_at for person in people}
    assert len(stamps) == 3


async def test_an_ad_that_changes_while_it_is_matched_stays_marked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_easy(database)
    job = await add_job(database)
    await match(database)
    await change(database, job, description="Other words.")

    async def meanwhile(*arguments: Any, **options: Any) -> tuple[int, bool]:  # noqa: ANN401 -- as they come
        done = await match_pairs(*arguments, **options)
        await change(database, job, description="Once more other words.")
        return done

    with monkeypatch.context() as patch:
        patch.setattr("activities.matching.changed.match_pairs", meanwhile)
        await match(database)
    assert await marked(database) == [job.id]
    await match(database)
    assert await marked(database) == []


async def test_whom_an_older_scorer_has_matched_is_matched_anew(database: Database) -> None:
    person = await add_easy(database)
    job, gone = await add_job(database), await add_job(database, "Cook")
    await match(database)
    assert await version(database, person) == SCORER_VERSION
    await profile_is(database, person, matched_version=0)
    async with database.begin() as session:
        await session.exec(update(JobMatch).values(scorer_version=0, score=1))
        session.add(JobMatch(user_id=person, job_id=gone.id, score=99))
    await match(database)
    found = await matches_of(database, person)
    assert set(found) == {job.id}
    assert (found[job.id].scorer_version, found[job.id].score != 1) == (SCORER_VERSION, True)
    assert await version(database, person) == SCORER_VERSION


async def test_a_new_scorer_waits_for_new_jobs_and_has_so_many_pages_a_sweep(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await add_easy(database) for _ in range(5)]
    await match(database)
    job = await add_job(database)
    for person in people:
        await profile_is(database, person, matched_version=0)
    monkeypatch.setattr(auto_apply_sweep, "SECONDS_A_PAGE", 0.0)
    monkeypatch.setattr(auto_apply_sweep, "PAGES_A_PHASE", 2)
    steps = AutoApplySweepActivities(database)
    cursor: MatchCursor | None = MatchCursor()
    while cursor is not None and cursor.phase is not MatchPhase.OUTDATED:
        cursor = (await ActivityEnvironment().run(steps.match_jobs, cursor)).next
    # the new job was matched with everybody before any of them was matched anew
    assert [await verdict(database, person, job) for person in people] == [("candidate", None)] * 5
    assert [await version(database, person) for person in people] == [0] * 5
    while cursor is not None:
        cursor = (await ActivityEnvironment().run(steps.match_jobs, cursor)).next
    assert sorted([await version(database, person) for person in people]) == [0] * 3 + [SCORER_VERSION] * 2
    # and what was left is gone on with
    await match(database)
    await match(database)
    assert [await version(database, person) for person in people] == [SCORER_VERSION] * 5


async def test_one_person_is_matched_at_once_when_their_wishes_have_changed(database: Database) -> None:
    person, other = await add_easy(database), await add_easy(database)
    job = await add_job(database)
    steps = AutoApplySweepActivities(database)
    assert await ActivityEnvironment().run(steps.match_person, PersonRef(user_id=person)) == 1
    assert await verdict(database, person, job) == ("candidate", None)
    assert await verdict(database, other, job) is None
    # once, and they hear of it
    assert await ActivityEnvironment().run(steps.match_person, PersonRef(user_id=person)) == 0
    assert await ActivityEnvironment().run(steps.match_person, PersonRef(user_id=uuid4())) == 0
    async with database.begin() as session:
        (event,) = await session.exec(select(Event))
    assert (event.kind, event.user_id, event.data) == (EventKind.MATCHES_ADDED, person, {"matches": 1})


async def test_nothing_is_queued_by_wishes_of_before(database: Database) -> None:
    person = await add_easy(database)
    await add_job(database)
    await match(database)
    await set_wishes(database, person, Preferences(titles=["Cook"]))
    assert (await queue(database)).applications == []
    await set_wishes(database, person, ENGINEER)
    await match(database)
    assert len((await queue(database)).applications) == 1


async def test_who_changes_their_wishes_between_two_pages_is_read_anew(database: Database) -> None:
    person = await add_easy(database)
    await match(database)
    people = People()
    first, second = await add_job(database), await add_job(database)
    until = float("inf")
    await match_pairs(database, [first], until, people=people)
    barred = Preferences(titles=["Data Engineer"], countries=["fr"])
    await set_wishes(database, person, barred)
    await match_pairs(database, [second], until, people=people)
    assert await verdict(database, person, second) == ("skipped", "wrong_country")


async def leave(database: Database, user_id: UUID) -> None:
    """Have somebody be registered for long."""
    async with database.begin() as session:
        (await session.get_one(Account, user_id)).created_at = now() - AWAY - timedelta(days=1)


async def test_who_is_away_and_has_nothing_applied_to_for_them_sleeps(database: Database) -> None:
    asleep = await add_easy(database, mode=AutomationMode.OFF)
    in_session, on = await add_easy(database, mode=AutomationMode.OFF), await add_easy(database)
    await match(database)
    for person in (asleep, in_session, on):
        await leave(database, person)
    async with database.begin() as session:
        days = timedelta(days=1)
        for person, until in ((in_session, now() + days), (asleep, now() - days)):
            session.add(LoginSession(user_id=person, last_used_at=now(), expires_at=until))
    job = await add_job(database)
    await match(database)
    assert await verdict(database, asleep, job) is None
    assert await verdict(database, in_session, job) == ("found", None)
    assert await verdict(database, on, job) == ("candidate", None)
    assert await version(database, asleep) < 0
    async with database.begin() as session:
        assert (await session.exec(select(Interest).where(Interest.user_id == asleep))).all() == []
    # neither new jobs nor a new scorer come to them, and as soon as they wish something they are back
    await match(database)
    assert await version(database, asleep) < 0
    await set_wishes(database, asleep, ENGINEER)
    await match(database)
    assert await verdict(database, asleep, job) == ("found", None)


async def test_pay_and_distance_are_compared_by_our_rates_and_places(database: Database) -> None:
    wanted = Preferences(
        titles=["Data Engineer"], salary_floor=50_000, currency="EUR", locations=["York"], radius_km=50
    )
    near = await add_easy(database, wanted)
    far = await add_easy(database, wanted.model_copy(update={"radius_km": 10}))
    async with database.begin() as session:
        for country, jobs, latitude, longitude in (("gb", 9, 53.96, -1.08), ("us", 2, 39.96, -76.73)):
            york = Term(
                kind=TermKind.PLACE, country=country, normal="york", shown="York", seen_at=now(), jobs=jobs
            )
            york.latitude, york.longitude = latitude, longitude
            session.add(york)
        await session.merge(ExchangeRate(currency="GBP", per_euro=0.5, as_of=now().date()))
    job = await add_job(database, salary_max=30_000, latitude=53.80, longitude=-1.55)
    await match(database)
    assert await verdict(database, near, job) == ("candidate", None)
    assert await verdict(database, far, job) == ("skipped", "wrong_place")
    async with database.begin() as session:
        await session.merge(ExchangeRate(currency="GBP", per_euro=0.9, as_of=now().date()))
    await set_wishes(database, near, wanted)
    await match(database)
    assert await verdict(database, near, job) == ("skipped", "pay_too_low")
