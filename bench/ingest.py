"""Adverts a second into the job table, beside bare COPY with INSERT … ON CONFLICT of rows made before.

Ours is the whole way of a page behind the network: JSON text to rows, normal forms, keys, upsert, counts.
The limit is given finished rows and counts nothing. Both take pages of 50, each in its own transaction on
one connection, into a database of their own: `ingest` adverts that are new, `ingest_again` those that are
there already, as most are in each later run. `ingest_memory` is what the process holds after all of them,
beside what it held after the first tenth: whatever is brought, nothing may pile up.
"""

import gc
import json
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from activities.adverts.reading import JobRow, read_page
from activities.job_intake import Intake, take_in
from bench.bare_intake import open_bare
from bench.figures import KILOBYTES, Figure, cost_figure, rate_figure
from bench.servers import a_database
from local.adzuna.generator import MAXIMUM_AGE, ads
from local.adzuna.wire import Rendering
from models.base import new_id, now
from models.database import Database
from models.job_search import FetchRun, JobSearch, SearchTerms
from workflows.job_messages import PageRef

COUNTRY = "gb"
SEED = 1
MONTHS = 10
ADVERTS_A_MONTH = 5000
PAGE = 50
TURN = 10
"""How many pages one takes in before it is the other's turn."""

BYTES_A_KB = 1024
GOAL = 0.7
ALLOWED_KB = 10_240
"""So much may the process grow from one tenth to ten: pools, caches of a fixed size, fragments."""


def pages_of(month: int, moment: datetime) -> list[str]:
    """Return the JSON texts of the adverts of a month, so many months ago, page by page; each has its own."""
    rendering = Rendering(COUNTRY, app_id="bench", session="bench")
    found = ads(COUNTRY, SEED, ADVERTS_A_MONTH, moment - month * MAXIMUM_AGE)
    documents = [rendering.job(ad) for ad in found]
    return [json.dumps(documents[start : start + PAGE]) for start in range(0, len(documents), PAGE)]


def rows_of(pages: list[str], moment: datetime) -> list[list[JobRow]]:
    """Return the pages' rows."""
    return [read_page(json.loads(text), COUNTRY, moment).rows for text in pages]


@dataclass
class Ours:
    """Takes pages in by the activity's own functions, all counted under one run and search."""

    database: Database
    run: FetchRun
    search: JobSearch
    numbers: Iterator[int]

    async def rate(self, pages: list[str], moment: datetime) -> float:
        """Return adverts a second."""
        began, taken = time.perf_counter(), 0
        for text in pages:
            read = read_page(json.loads(text), COUNTRY, moment)
            page = PageRef(fetch_run_id=self.run.id, search_id=self.search.id, page=next(self.numbers))
            async with self.database.bulk() as connection:
                await take_in(connection, Intake(page, read.rows, len(read.rows), read.unreadable), moment)
            taken += len(read.rows)
        return taken / (time.perf_counter() - began)


def resident_kb() -> float:
    """Return how much memory this process holds."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / BYTES_A_KB


@asynccontextmanager
async def open_ours(url: str) -> AsyncIterator[Ours]:
    """Connect to a migrated database and begin a run."""
    database = Database(url)
    try:
        ours = Ours(
            database,
            FetchRun(workflow_run_id=str(new_id())),
            JobSearch.of(SearchTerms(country=COUNTRY)),
            count(1),
        )
        async with database.begin() as session:
            session.add_all([ours.run, ours.search])
        yield ours
    finally:
        await database.close()


async def ingest() -> list[Figure]:
    """Measure each month's adverts as new ones, and then once more, and the memory after each month."""
    new: list[tuple[float, float]] = []
    again: list[tuple[float, float]] = []
    held: list[float] = []
    moment = now()
    with a_database() as our_url, a_database() as bare_url:
        async with open_ours(our_url) as ours, open_bare(bare_url) as bare:
            for month in range(MONTHS):
                pages = pages_of(month, moment)
                turns = [pages[start : start + TURN] for start in range(0, len(pages), TURN)]
                for pairs in (new, again):
                    for texts in turns:
                        our_rate = await ours.rate(texts, moment)
                        pairs.append((our_rate, await bare.rate(rows_of(texts, moment))))
                del pages, turns
                held.append(resident_kb())
    return [
        rate_figure("ingest", "adverts/s", new, GOAL),
        rate_figure("ingest_again", "adverts/s", again, GOAL),
        cost_figure("ingest_memory", KILOBYTES, [(held[-1], held[0])], ALLOWED_KB),
    ]
