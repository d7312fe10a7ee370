"""A search from filters to rows: what must be known first, the page, its counts, words that nobody has."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.database import Database
from models.search.conditions import Asked
from models.search.counts import counts_of, read_counts
from models.search.filters import JobFilters
from models.search.known import find_out
from models.search.page import Statement, begun_at, page_of
from models.search.shown import page_json
from models.search.typos import mended
from models.search.words import has_nothing_to_find

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Found:
    """The rows of a page, one more than asked for where the list goes on, and what is told beside them."""

    rows: Rows
    filters: JobFilters
    more: dict[str, Any]

    def json(self) -> bytes:
        """Return it as the JSON of a JobPage."""
        return page_json(self.rows, self.filters, self.more)


async def find(database: Database, filters: JobFilters, me: UUID) -> Found:
    """Return one page of what somebody searches for.

    Where it finds nothing, words that no ad has are replaced by the nearest that one has, and it is searched
    once more: also behind a cursor, since that came from such a page. UnprocessableError for a place or a
    currency that nobody knows.
    """
    found = await _find(database, filters, me)
    if found.rows or not filters.words:
        return found
    better = {name: word for name, text in filters.words.items() if (word := await mended(database, text))}
    if not better:
        return found
    instead = await _find(database, filters.with_words(better), me)
    if not instead.rows:
        return found
    instead.more["corrected"] = ", ".join(better.values())
    return instead


async def _find(database: Database, filters: JobFilters, me: UUID) -> Found:
    asked = Asked(filters, await find_out(database, filters, me), me)
    begun = begun_at(filters.place)
    if has_nothing_to_find(filters):
        return Found([], filters, read_counts([], filters))
    rows = await _rows(database, page_of(asked, begun))
    counted = await _rows(database, counts_of(asked)) if filters.count or filters.facets else []
    return Found(rows, filters, {"begun": begun, **read_counts(counted, filters)})


async def _rows(database: Database, statement: Statement) -> Rows:
    return await database.rows(statement.sql, statement.parameters, prepare=statement.prepare)
