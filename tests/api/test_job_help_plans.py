"""What helps to find jobs reads no table as a whole: each of its statements has an index to go by."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import uuid4

import pytest
from psycopg.rows import DictRow

from models.database import SEARCHING, Database
from models.enums import TermKind
from models.search.similar import similar
from models.search.suggestions import SuggestionQuery, suggest
from models.search.typos import mended
from tests.api.client import job_with, store


class Explained(Database):
    """Keeps the plan of each read."""

    plans: list[str]

    async def rows(
        self, sql: str, parameters: Mapping[str, Any], *, prepare: bool | None = None
    ) -> list[DictRow]:
        """Run one read as ever."""
        plan = await super().rows(f"EXPLAIN {sql}", parameters, prepare=prepare)
        self.plans.append("\n".join(row["QUERY PLAN"] for row in plan))
        return await super().rows(sql, parameters, prepare=prepare)

    def scanned(self) -> list[str]:
        """Return the lines of the plans that read a whole table."""
        return [line for plan in self.plans for line in plan.splitlines() if "Seq Scan on" in line]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Explained]:
    """A database as the API reads it."""
    database = Explained(database_url, reader_options=SEARCHING)
    database.plans = []
    yield database
    await database.close()


@pytest.mark.parametrize("country", [None, "gb"])
@pytest.mark.parametrize("text", ["s", "se", "senior engineer"])
async def test_typing_help_goes_by_indexes(database: Explained, text: str, country: str | None) -> None:
    query = SuggestionQuery(kind=TermKind.TITLE, text=text, country=country)
    assert await suggest(database, query) == []
    assert len(database.plans) >= 3
    assert database.scanned() == []


async def test_typos_are_mended_by_indexes(database: Explained) -> None:
    assert await mended(database, "enginer") is None
    assert len(database.plans) == 2
    assert database.scanned() == []


@pytest.mark.parametrize("title", ["Engineer", "Senior Python Engineer - Payments (London)"])
async def test_similar_jobs_are_found_by_indexes(database: Explained, title: str) -> None:
    await store(database, job := job_with(title=title), job_with(title=title))
    assert len(await similar(database, job.id, uuid4(), 10)) == 1
    assert len(database.plans) == 5
    assert database.scanned() == []


async def test_a_scan_would_be_seen(database: Explained) -> None:
    await database.rows("SELECT FROM term WHERE shown = 'x'", {})
    assert database.scanned() != []
