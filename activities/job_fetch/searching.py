"""A search as it is asked of Adzuna, and whether a page behind is worth a call."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from activities.adverts.reading import JobRow
from activities.job_fetch.errors import failure
from activities.vendors.adzuna import SearchQuery
from models.countries import COUNTRIES
from models.country_as_place import country_as_place
from models.database import Database
from models.enums import FetchFault
from models.job_search import SearchTerms
from workflows.job_messages import FetchWindow

FIRST_DAYS = 30
LATE_DAYS = 1
"""How much later than its time of posting an ad may appear."""

_SEARCH = """
SELECT country, what, job_search.where, distance_km, salary_min, contract_type, contract_time, category,
       remote, fetched_at, newest_posted_at
FROM job_search WHERE id = %(id)s
"""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Found:
    """A page that was read: its ads, how many were asked for, the rows, and how many there are in all."""

    ads: int
    size: int
    rows: Sequence[JobRow]
    count: int | None


async def read_search(
    database: Database, search_id: UUID, window: FetchWindow | None, at: datetime
) -> tuple[SearchQuery, FetchWindow]:
    """Return what to ask, and the window that it is asked for: without one, all since the last fetch."""
    rows = await database.rows(_SEARCH, {"id": search_id})
    if not rows:
        raise failure(FetchFault.INTERNAL, last=True)
    since = window or FetchWindow(
        fetched_at=rows[0].pop("fetched_at"), newest_posted_at=rows[0].pop("newest_posted_at")
    )
    terms = SearchTerms.model_validate(rows[0])
    if terms.country not in COUNTRIES:
        raise failure(FetchFault.UNSUPPORTED_COUNTRY, last=True)
    if country_as_place(terms.where, terms.country) is not None:
        # Adzuna would find nothing, and say nothing
        raise failure(FetchFault.BAD_REQUEST, last=True)
    return query_of(terms, days_since(since.fetched_at, at)), since


def query_of(terms: SearchTerms, max_days_old: int | None = None) -> SearchQuery:
    """Return the query that asks for these terms."""
    return SearchQuery(**terms.model_dump(), max_days_old=max_days_old)


def days_since(fetched_at: datetime | None, at: datetime) -> int:
    """Return how old ads may be, in whole days: those that appeared since a fetch, at most a month."""
    if fetched_at is None:
        return FIRST_DAYS
    return min(FIRST_DAYS, max(1, math.ceil((at - fetched_at) / _DAY)) + LATE_DAYS)


def seen_with(window: FetchWindow, rows: Sequence[JobRow]) -> FetchWindow:
    """Return the window with the newest ad of this fetch, this page's among them."""
    seen = [row.posted_at for row in rows]
    if window.newest_seen is not None:
        seen.append(window.newest_seen)
    return window.model_copy(update={"newest_seen": max(seen, default=None)})


def is_last(found: Found, page: int, window: FetchWindow) -> bool:
    """Tell whether no page behind is worth a call: this one was not full, or reached what was known."""
    if found.ads < found.size or (found.count is not None and page * found.size >= found.count):
        return True
    newest = window.newest_posted_at
    return newest is not None and any(row.posted_at <= newest for row in found.rows)
