"""Adverts a second into the job table, beside bare COPY with INSERT … ON CONFLICT of rows made before.

Ours is the whole way of a page behind the network: JSON text to rows, normal forms, keys, upsert, counts.
The limit is given finished rows and counts nothing. Both take pages of 50, each in its own transaction,
on one connection: `ingest` adverts that are new, `ingest_again` those that are there already, as most are
in each later run.
"""

import json
import time
from datetime import datetime

import psycopg

from activities.adverts import JobRow, read_page
from activities.job_intake import Intake, take_in
from bench.figures import Figure, rate_figure
from bench.servers import a_database
from local.adzuna.generator import MAXIMUM_AGE, ads
from local.adzuna.wire import Rendering
from models.base import new_id, now
from models.database import Database
from models.job import FetchRun, JobSearch
from workflows.messages import PageRef

COUNTRY = "gb"
ROUNDS = 5
SEED = 1
ADVERTS = 4000
PAGE = 50
GOAL = 0.7

_COLUMNS = ", ".join(JobRow._fields)
_UPDATES = ", ".join(f"{name} = excluded.{name}" for name in JobRow._fields if name != "id")
_PREPARE = f"CREATE TEMPORARY TABLE bare ON COMMIT DELETE ROWS AS SELECT {_COLUMNS} FROM job WITH NO DATA"  # noqa: S608
_COPY = f"COPY bare ({_COLUMNS}) FROM STDIN"
_STORE = f"""
    INSERT INTO job ({_COLUMNS}, created_at, seen_at) SELECT {_COLUMNS}, now(), now() FROM bare
    ON CONFLICT (source, source_id) DO UPDATE SET {_UPDATES}, seen_at = excluded.seen_at
"""  # noqa: S608 -- our own columns' names


def pages_of(month: int, moment: datetime) -> list[str]:
    """Return the JSON texts of the adverts of a month, so many months ago, page by page; each has its own."""
    rendering = Rendering(COUNTRY, app_id="bench", session="bench")
    documents = [rendering.job(ad) for ad in ads(COUNTRY, SEED, ADVERTS, moment - month * MAXIMUM_AGE)]
    return [json.dumps(documents[start : start + PAGE]) for start in range(0, len(documents), PAGE)]


def rows_of(pages: list[str], moment: datetime) -> list[list[JobRow]]:
    """Return the pages' rows."""
    return [read_page(json.loads(text), COUNTRY, moment).rows for text in pages]


async def bare_rate(url: str, pages: list[list[JobRow]]) -> float:
    """Return rows a second by the driver alone."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute(_PREPARE.encode())
        await connection.commit()
        began = time.perf_counter()
        for rows in pages:
            async with connection.cursor().copy(_COPY.encode()) as copy:
                for row in rows:
                    await copy.write_row(row)
            await connection.execute(_STORE.encode())
            await connection.commit()
        return sum(map(len, pages)) / (time.perf_counter() - began)


class Ours:
    """Takes pages in by the activity's own functions."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.run, self.search = FetchRun(workflow_run_id=str(new_id())), JobSearch(country=COUNTRY)
        self.page = 0

    async def begin(self) -> None:
        """Store the run and the search under which all pages are counted."""
        async with self.database.begin() as session:
            session.add_all([self.run, self.search])

    async def rate(self, pages: list[str], moment: datetime) -> float:
        """Return adverts a second."""
        began, taken = time.perf_counter(), 0
        for text in pages:
            self.page += 1
            read = read_page(json.loads(text), COUNTRY, moment)
            page = PageRef(fetch_run_id=self.run.id, search_id=self.search.id, page=self.page)
            async with self.database.bulk() as connection:
                await take_in(connection, Intake(page, read.rows, len(read.rows), read.unreadable), moment)
            taken += len(read.rows)
        return taken / (time.perf_counter() - began)


async def ingest() -> list[Figure]:
    """Measure each round's adverts as new ones into an empty table, and then once more."""
    with a_database() as url:
        database, moment = Database(url), now()
        try:
            ours = Ours(database)
            await ours.begin()
            new, again = [], []
            for month in range(ROUNDS):
                pages = pages_of(month, moment)
                rows = rows_of(pages, moment)
                await _empty(database)
                our_rates = [await ours.rate(pages, moment), await ours.rate(pages, moment)]
                await _empty(database)
                bare_rates = [await bare_rate(url, rows), await bare_rate(url, rows)]
                new.append((our_rates[0], bare_rates[0]))
                again.append((our_rates[1], bare_rates[1]))
        finally:
            await database.close()
    return [
        rate_figure("ingest", "adverts/s", new, GOAL),
        rate_figure("ingest_again", "adverts/s", again, GOAL),
    ]


async def _empty(database: Database) -> None:
    async with database.bulk() as connection:
        await connection.execute(b"TRUNCATE job CASCADE")
