"""Old jobs that no fetch brings any more expire, page by page; days without fetches do not count."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from activities.job_upkeep.expiry import EXPIRE, PREPARE, Ages, expire
from models.base import new_id
from models.database import Database
from models.job import Job
from models.job_search import FetchedPage, FetchRun, JobSearch, SearchTerms
from tests.api.client import job_with, store

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
AGES = Ages(unseen_days=14, old_days=45)
DAY = timedelta(days=1)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database without jobs."""
    database = Database(database_url)
    yield database
    await database.close()


def job(seen: float, posted: float = 60, **values: object) -> Job:
    """Return a job that was last seen, and posted, so many days ago."""
    return job_with(seen_at=NOON - seen * DAY, posted_at=NOON - posted * DAY, **values)


async def fetched(database: Database, *days: int, country: str = "gb", page: int = 1) -> None:
    """Have a country fetched so many days ago."""
    async with database.begin() as session:
        search = JobSearch.of(SearchTerms(country=country, what=new_id().hex))
        session.add(search)
        await session.flush()
        for day in days:
            run = FetchRun(workflow_run_id=new_id().hex, created_at=NOON - day * DAY)
            session.add(run)
            await session.flush()
            session.add(FetchedPage(fetch_run_id=run.id, search_id=search.id, page=page))


async def expired(database: Database) -> set[UUID]:
    """Return the jobs that have expired."""
    async with database.begin() as session:
        return set(await session.exec(select(Job.id).where(col(Job.expired_at).is_not(None))))


async def test_only_what_is_old_and_was_not_seen_for_long_expires(database: Database) -> None:
    await fetched(database, *range(30))
    gone, fresh, seen = job(20, 60), job(20, 44), job(13, 60)
    edge = job(13.6, 60)
    await store(database, gone, fresh, seen, edge)
    page = await expire(database, AGES, NOON)
    assert (page.rows, page.more) == (1, False)
    assert await expired(database) == {gone.id}
    async with database.begin() as session:
        assert (await session.get_one(Job, gone.id)).expired_at == NOON


async def test_expiring_again_changes_nothing(database: Database) -> None:
    await fetched(database, *range(30))
    await store(database, job(20))
    assert (await expire(database, AGES, NOON)).rows == 1
    assert (await expire(database, AGES, NOON + DAY)).rows == 0
    async with database.begin() as session:
        assert (await session.exec(select(Job.expired_at))).one() == NOON


async def test_every_page_is_walked_whatever_it_holds(database: Database) -> None:
    await fetched(database, *range(30))
    jobs = [job(20 if number % 3 else 1, 60 + number) for number in range(20)]
    # several of one time, so that a page ends between them
    jobs += [job(20, 60) for _ in range(7)]
    await store(database, *jobs)
    assert (await expire(database, AGES, NOON, jobs_a_page=3)).rows == 20
    assert len(await expired(database)) == 20


async def test_after_an_outage_nothing_expires_before_enough_days_of_fetching(database: Database) -> None:
    # fetched until the outage 20 days ago; the first fetch after it has brought one of the jobs
    await fetched(database, *range(20, 40), 0)
    brought, not_yet, gone_before = job(0), job(20), job(39)
    await store(database, brought, not_yet, gone_before)
    await expire(database, AGES, NOON)
    assert await expired(database) == {gone_before.id}
    for days in range(1, 13):
        await fetched(database, -days)
        await expire(database, AGES, NOON + days * DAY)
    assert await expired(database) == {gone_before.id}
    await fetched(database, -13, -14)
    await expire(database, AGES, NOON + 14 * DAY)
    assert await expired(database) == {gone_before.id, not_yet.id}
    await expire(database, AGES, NOON + 15 * DAY)
    assert await expired(database) == {gone_before.id, not_yet.id, brought.id}


@pytest.mark.parametrize("days", [range(0), range(13)])
async def test_nothing_expires_where_too_little_was_ever_fetched(database: Database, days: range) -> None:
    await fetched(database, *days)
    await store(database, job(300, 400))
    assert (await expire(database, AGES, NOON)).rows == 0


async def test_runs_that_brought_no_page_are_no_fetches(database: Database) -> None:
    await fetched(database, *range(30), page=0)
    async with database.begin() as session:
        session.add_all(FetchRun(workflow_run_id=new_id().hex, created_at=NOON - n * DAY) for n in range(30))
    await store(database, job(300, 400))
    assert (await expire(database, AGES, NOON)).rows == 0


async def test_many_fetches_of_one_day_are_one_day(database: Database) -> None:
    await fetched(database, *([0] * 30))
    await store(database, job(20))
    assert (await expire(database, AGES, NOON)).rows == 0


async def test_a_country_that_could_not_be_fetched_waits_and_one_nobody_asks_for_does_not(
    database: Database,
) -> None:
    await fetched(database, *range(30))
    await fetched(database, *range(25, 60), country="fr")
    british, french, italian = job(20), job(20, country="fr"), job(20, country="it")
    french_before = job(45, country="fr")
    await store(database, british, french, italian, french_before)
    await expire(database, AGES, NOON)
    assert await expired(database) == {british.id, italian.id, french_before.id}


async def test_the_old_jobs_are_found_by_an_index(database: Database) -> None:
    parameters: dict[str, Any] = {
        "now": NOON,
        "old": NOON,
        "after_at": NOON - 9999 * DAY,
        "after_id": UUID(int=0),
        "limit": 2000,
        "countries": ["gb"],
        "since": [NOON],
        "since_any": NOON,
    }
    async with database.bulk() as connection:
        await connection.execute(PREPARE.encode())
        rows = await (await connection.execute(f"EXPLAIN {EXPIRE}".encode(), parameters)).fetchall()
    plan = "\n".join(str(row["QUERY PLAN"]) for row in rows)
    assert "Index Scan using ix_job_open" in plan or "Index Only Scan using ix_job_open" in plan, plan
    assert "Seq Scan on job" not in plan, plan
