"""What nobody needs any more goes page by page, and nothing that anybody may still need."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, col, func, select, update
from temporalio.testing import ActivityEnvironment

from activities.job_upkeep import pruning
from activities.job_upkeep.activities import JobUpkeepActivities
from activities.job_upkeep.expiry import Ages
from models.answering_enums import MatchState
from models.base import now
from models.database import Database
from models.fetch_key import FetchCall, FetchKey
from models.job import Job
from models.job_search import JobSearch, SearchTerms
from models.match_row import JobMatch
from tests.activities.fetch_scene import save_search
from tests.activities.people import add_job, add_person
from workflows.job_messages import UpkeepPage

DAY = timedelta(days=1)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database of our own."""
    database = Database(database_url)
    yield database
    await database.close()


async def prune(database: Database) -> UpkeepPage:
    """Prune a page, as the activity does."""
    steps = JobUpkeepActivities(database, Ages(14, 45))
    return await ActivityEnvironment().run(steps.prune_jobs)


async def add(database: Database, *rows: SQLModel) -> None:
    """Store rows."""
    async with database.begin() as session:
        session.add_all(rows)


async def count(database: Database, table: type[SQLModel]) -> int:
    """Count a table's rows."""
    async with database.begin() as session:
        return int((await session.exec(select(func.count()).select_from(table))).one())


async def a_match(database: Database, days: float | None, **changes: Any) -> Job:  # noqa: ANN401 -- any column
    """Store a match with a job that expired so many days ago."""
    person = await add_person(database)
    job = await add_job(database, expired_at=None if days is None else now() - days * DAY)
    await add(database, JobMatch(user_id=person, job_id=job.id, **changes))
    return job


async def test_matches_of_long_expired_jobs_go_and_what_was_queued_stays(database: Database) -> None:
    gone = await a_match(database, 31)
    await a_match(database, 31, state=MatchState.SKIPPED)
    kept = [
        await a_match(database, 31, state=MatchState.QUEUED),
        await a_match(database, 29),
        await a_match(database, None),
    ]
    assert await prune(database) == UpkeepPage(rows=2, more=False)
    async with database.begin() as session:
        left = set(await session.exec(select(JobMatch.job_id)))
        assert left == {job.id for job in kept}
        # the job itself is kept for who applied
        assert await session.get(Job, gone.id) is not None
    assert await prune(database) == UpkeepPage(rows=0, more=False)


async def test_searches_that_nobody_wants_go_after_a_month(database: Database) -> None:
    person, old = await add_person(database), now() - 31 * DAY
    await save_search(database, SearchTerms(country="gb", what="wanted"), person)
    changed: dict[str, dict[str, Any]] = {
        "default": {"is_default": True},
        "fetched": {"fetched_at": now() - 29 * DAY},
        "tried": {"tried_at": now() - 29 * DAY},
        "unwanted": {"fetched_at": old},
    }
    for what, changes in changed.items():
        search = JobSearch.of(SearchTerms(country="gb", what=what))
        await add(database, search)
        async with database.begin() as session:
            await session.exec(update(JobSearch).where(col(JobSearch.id) == search.id).values(**changes))
    await add(database, JobSearch.of(SearchTerms(country="gb", what="never fetched")))
    async with database.begin() as session:
        await session.exec(update(JobSearch).values(created_at=old))
    await add(database, JobSearch.of(SearchTerms(country="gb", what="new")))
    assert (await prune(database)).rows == 2
    async with database.begin() as session:
        assert set(await session.exec(select(JobSearch.what))) == {
            "wanted",
            "default",
            "fetched",
            "tried",
            "new",
        }


async def test_a_search_that_is_saved_at_this_moment_is_left_alone(database: Database) -> None:
    search = JobSearch.of(SearchTerms(country="gb"))
    search.created_at = now() - 31 * DAY
    await add(database, search)
    async with database.begin() as session:
        await session.exec(select(JobSearch).with_for_update())
        assert (await prune(database)).rows == 0
    assert (await prune(database)).rows == 1


async def test_calls_go_that_are_older_than_any_window(database: Database) -> None:
    key = FetchKey()
    await add(database, key)
    ages = (0, 30.9, 32, 39, 41, 99)
    await add(database, *(FetchCall(fetch_key_id=key.id, created_at=now() - age * DAY) for age in ages))
    assert (await prune(database)).rows == 2
    assert await count(database, FetchCall) == 4


async def test_a_full_page_says_that_there_may_be_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "ROWS", 2)
    for _ in range(3):
        await a_match(database, 40)
    assert await prune(database) == UpkeepPage(rows=2, more=True)
    assert await prune(database) == UpkeepPage(rows=1, more=False)
