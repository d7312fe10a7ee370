"""Salaries in euro follow the rates: page by page, resumable, and only what has changed is written."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from activities.adverts.reading import read_page
from activities.job_intake import Intake, take_in
from activities.job_upkeep.prices import price
from models.base import new_id, now
from models.database import Database
from models.exchange_rate import PRICES_MARK, PRICING_LOCK, ExchangeRate
from models.job import Job
from models.job_search import FetchRun, JobSearch, SearchTerms
from models.match_row import SweepMark
from tests.activities.fetch_scene import raw_ad
from tests.api.client import job_with, somebody_waits, store
from workflows.job_messages import PageRef

BEFORE_ALL = UUID(int=0)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database without jobs."""
    database = Database(database_url)
    yield database
    await database.close()


async def rate(database: Database, currency: str, per_euro: float) -> None:
    """Change a rate as the API does."""
    async with database.begin() as session:
        change = update(ExchangeRate).where(col(ExchangeRate.currency) == currency)
        await session.exec(change.values(per_euro=per_euro))
        await session.merge(SweepMark(name=PRICES_MARK, at=now(), job_id=BEFORE_ALL))


async def prices(database: Database) -> list[float | None]:
    """Return what every job pays in euro, in the order of their ids."""
    async with database.begin() as session:
        return list(await session.exec(select(Job.salary_eur).order_by(col(Job.id))))


async def price_all(database: Database, jobs_a_page: int = 100) -> tuple[int, int]:
    """Price to the end; return how many pages it took and how many rows were written."""
    pages = rows = 0
    while True:
        page = await price(database, jobs_a_page)
        pages, rows = pages + 1, rows + page.rows
        if not page.more:
            return pages, rows


def paying(amount: float | None, currency: str = "GBP", **values: object) -> Job:
    """Return a job that pays so much a year, and is not priced yet."""
    period = "year" if amount else None
    return job_with(salary_max=amount, currency=currency, salary_period=period, **values)


async def test_without_a_change_of_rates_nothing_is_done(database: Database) -> None:
    await store(database, paying(1000))
    assert await price_all(database) == (1, 0)
    assert await prices(database) == [None]


async def test_every_salary_is_priced_by_the_new_rate_whatever_the_pages(database: Database) -> None:
    jobs = [paying(1000.0 * number) for number in range(1, 8)]
    await store(database, *jobs)
    await rate(database, "GBP", 0.5)
    assert await price_all(database, 3) == (3, 7)
    assert await prices(database) == [2000.0 * number for number in range(1, 8)]
    assert await price_all(database, 3) == (1, 0)


async def test_a_page_that_ends_with_the_last_job_ends_with_the_next_call(database: Database) -> None:
    await store(database, *(paying(1000) for _ in range(4)))
    await rate(database, "GBP", 0.5)
    assert await price_all(database, 2) == (3, 4)


async def test_only_a_years_pay_of_the_employers_own_word_is_priced(database: Database) -> None:
    await store(
        database,
        paying(1000, salary_predicted=True),
        job_with(salary_min=12, salary_max=14, salary_period="hour"),
        job_with(salary_min=45, salary_max=60),
        paying(None),
        job_with(salary_min=1000, salary_period="year"),
        paying(1000, "XYZ"),
    )
    await rate(database, "GBP", 0.5)
    await price_all(database)
    assert await prices(database) == [None, None, None, None, 2000.0, None]


async def test_only_what_has_changed_is_written(database: Database) -> None:
    await store(database, paying(1000), paying(1000, "EUR"), paying(1000, "USD"))
    await rate(database, "GBP", 0.5)
    assert (await price_all(database))[1] == 3
    await rate(database, "GBP", 0.25)
    assert (await price_all(database))[1] == 1
    assert (await prices(database))[:2] == [4000.0, 1000.0]


async def test_it_goes_on_where_it_ended_and_begins_anew_with_new_rates(database: Database) -> None:
    await store(database, *(paying(1000) for _ in range(6)))
    await rate(database, "GBP", 0.5)
    assert (await price(database, 2)).more
    assert await prices(database) == [2000.0] * 2 + [None] * 4
    assert (await price(database, 2)).more
    await rate(database, "GBP", 0.25)
    assert await price_all(database, 2) == (4, 6)
    assert await prices(database) == [4000.0] * 6


async def test_two_at_once_do_the_work_once(database: Database) -> None:
    await store(database, *(paying(1000) for _ in range(9)))
    await rate(database, "GBP", 0.5)
    done = await asyncio.gather(*(price_all(database, 2) for _ in range(3)))
    assert sum(rows for _, rows in done) == 9
    assert await prices(database) == [2000.0] * 9


async def test_an_ad_that_comes_in_while_rates_change_is_priced_by_the_new_ones(database: Database) -> None:
    run, search = FetchRun(workflow_run_id="run"), JobSearch.of(SearchTerms(country="gb"))
    await store(database, run, search)
    read = read_page([raw_ad(salary_min=40000)], "gb", now())
    ref = PageRef(fetch_run_id=run.id, search_id=search.id, page=1)

    async def bring() -> None:
        async with database.bulk() as connection:
            await take_in(connection, Intake(ref, read.rows, 1, 0), now())

    async with database.bulk() as change:
        await change.execute(f"SELECT pg_advisory_xact_lock({PRICING_LOCK})".encode())
        await change.execute(b"UPDATE exchange_rate SET per_euro = 0.5 WHERE currency = 'GBP'")
        bringing = asyncio.create_task(bring())
        await somebody_waits(database)
    await bringing
    assert await prices(database) == [80000.0]


async def test_a_job_that_came_after_the_mark_is_not_looked_at_again(database: Database) -> None:
    await store(database, *(paying(1000) for _ in range(3)))
    await rate(database, "GBP", 0.5)
    assert (await price(database, 2)).more
    async with database.begin() as session:
        mark = await session.get_one(SweepMark, PRICES_MARK)
        assert mark.job_id == (await session.exec(select(Job.id).order_by(col(Job.id)).offset(1))).first()
        mark.job_id = new_id()
    assert await price_all(database) == (1, 0)
