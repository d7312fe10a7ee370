"""Adverts a second into the job table, beside bare COPY with INSERT … ON CONFLICT of rows made before.

Ours is the whole way of a page behind the network: JSON text to rows, normal forms, keys, upsert, counts.
The limit is given finished rows and counts nothing. Both take pages of 50, each in its own transaction.
"""

import json
import time
from datetime import datetime

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.adverts import JobRow, read_page
from activities.job_intake import Intake, take_in
from bench.figures import Figure, in_turn, rate_figure
from bench.servers import a_database
from local.adzuna.generator import ads
from local.adzuna.wire import Rendering
from models.base import new_id, now
from models.database import Database
from models.job import FetchRun, JobSearch
from workflows.messages import PageRef

COUNTRY = "gb"
SEEDS = range(1, 6)
ADVERTS = 4000
PAGE = 50
GOAL = 0.7

_COLUMNS = ", ".join(JobRow._fields)
_UPDATES = ", ".join(f"{name} = excluded.{name}" for name in JobRow._fields if name != "id")
_PREPARE = f"CREATE TEMPORARY TABLE IF NOT EXISTS bare AS SELECT {_COLUMNS} FROM job WITH NO DATA"  # noqa: S608
_COPY = f"COPY bare ({_COLUMNS}) FROM STDIN"
_STORE = f"""
    INSERT INTO job ({_COLUMNS}, created_at, seen_at) SELECT {_COLUMNS}, now(), now() FROM bare
    ON CONFLICT (source, source_id) DO UPDATE SET {_UPDATES}, seen_at = excluded.seen_at
"""  # noqa: S608 -- our own columns' names


def pages_of(seed: int, moment: datetime) -> list[str]:
    """Return the JSON texts of one seed's adverts, page by page."""
    rendering = Rendering(COUNTRY, app_id="bench", session="bench")
    documents = [rendering.job(ad) for ad in ads(COUNTRY, seed, ADVERTS, moment)]
    return [json.dumps(documents[start : start + PAGE]) for start in range(0, len(documents), PAGE)]


class Ours:
    """Takes pages in by the activity's own functions."""

    def __init__(self, database: Database, run_id: FetchRun, search: JobSearch) -> None:
        self.database, self.run, self.search = database, run_id, search
        self.page = 0

    async def rate(self, pages: list[str], moment: datetime) -> float:
        """Return adverts a second."""
        began, taken = time.perf_counter(), 0
        for text in pages:
            self.page += 1
            page = read_page(json.loads(text), COUNTRY, moment)
            ref = PageRef(fetch_run_id=self.run.id, search_id=self.search.id, page=self.page)
            intake = Intake(ref, page.rows, len(page.rows), page.unreadable)
            async with self.database.begin() as session:
                await take_in(session, intake, moment)
            taken += len(page.rows)
        return taken / (time.perf_counter() - began)


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
            await connection.execute(b"TRUNCATE bare")
            await connection.commit()
        return sum(map(len, pages)) / (time.perf_counter() - began)


async def _emptied(database: Database) -> None:
    async with database.begin() as session:
        await _truncate(session)


async def _truncate(session: AsyncSession) -> None:
    connection = await session.connection()
    await connection.exec_driver_sql("TRUNCATE job CASCADE")


async def ingest() -> list[Figure]:
    """Measure new adverts into an empty table, a different set each round."""
    with a_database() as url:
        database, moment = Database(url), now()
        run, search = FetchRun(workflow_run_id=str(new_id())), JobSearch(country=COUNTRY)
        async with database.begin() as session:
            session.add_all([run, search])
        seeds, ours = iter([seed for seed in SEEDS for _ in range(2)]), Ours(database, run, search)

        async def our_round() -> float:
            await _emptied(database)
            return await ours.rate(pages_of(next(seeds), moment), moment)

        async def bare_round() -> float:
            await _emptied(database)
            texts = pages_of(next(seeds), moment)
            return await bare_rate(url, [read_page(json.loads(text), COUNTRY, moment).rows for text in texts])

        pairs = await in_turn(our_round, bare_round, len(SEEDS))
        await database.close()
    return [rate_figure("ingest", "adverts/s", pairs, GOAL)]
