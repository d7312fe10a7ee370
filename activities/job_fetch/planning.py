"""Reads what a run may do and what is wanted, and stores what was decided: see `drafting`."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from activities.job_fetch.drafting import Draft, Lane, Rules, Wanted, draft
from activities.job_fetch.options import FetchOptions
from activities.job_fetch.pacing import KeyUse, calls_of_run, pace_of
from models.countries import COUNTRIES
from models.database import Database
from models.enums import FetchFault
from models.fetch_key import SPANS, USAGE

HEAD_START = timedelta(days=1)
"""A new search counts as a day old: it has nothing to show yet."""

_NOT_ITS_OWN = sorted({FetchFault.CREDENTIALS_REFUSED, FetchFault.RATE_LIMITED})
"""Faults of a key: they cost the search that met them nothing of its age, as its own do."""

_WANTED = """
WITH counted AS (
    SELECT user_id, count(*) AS searches FROM saved_search GROUP BY user_id
), wanted AS (
    SELECT search_id, sum(1.0 / searches) AS votes,
           array_agg(user_id ORDER BY user_id) FILTER (WHERE user_id = ANY(%(owners)s)) AS owners
    FROM saved_search JOIN counted USING (user_id) GROUP BY search_id
)
SELECT job_search.id,
       CAST(coalesce(wanted.votes, 0) + CAST(is_default AS int) AS float8) AS votes,
       coalesce(fetched_at, job_search.created_at - %(head_start)s) AS since,
       CASE WHEN last_error <> ALL(%(not_its_own)s) THEN tried_at END AS failed_at,
       coalesce(wanted.owners, '{}') AS owners
FROM job_search LEFT JOIN wanted ON wanted.search_id = job_search.id
WHERE (is_default OR wanted.search_id IS NOT NULL) AND country = ANY(%(countries)s)
  -- what was refused without a call would be refused again
  AND (last_error IS DISTINCT FROM 'bad_request' OR tried_at IS NOT NULL)
"""
_STORE = b"""
WITH run AS (
    UPDATE fetch_run SET left_out = %(left_out)s WHERE id = %(run_id)s AND ended_at IS NULL
)
UPDATE job_search SET next_at = new.at
FROM unnest(%(ids)s::uuid[], %(times)s::timestamptz[]) AS new (id, at)
WHERE job_search.id = new.id AND job_search.next_at IS DISTINCT FROM new.at
"""


async def make_draft(
    database: Database,
    options: FetchOptions,
    owners: Collection[UUID | None],
    at: datetime,
    *,
    paced: bool = True,
) -> Draft:
    """Return what a run does that begins then, with the keys of these owners (None: the installation)."""
    lanes = [lane for lane in await _lanes(database, options, at, paced=paced) if lane.owner_id in owners]
    given = {
        "owners": [owner for owner in owners if owner is not None],
        "not_its_own": [fault.value for fault in _NOT_ITS_OWN],
        "head_start": HEAD_START,
        "countries": list(COUNTRIES),
    }
    wanted = [Wanted(**row) for row in await database.rows(_WANTED, given)]
    return draft(wanted, lanes, Rules(at, options.interval, options.pages_per_search, all_due=not paced))


async def store_draft(database: Database, run_id: UUID, made: Draft) -> None:
    """Tell each search when it is brought next, and the run how many it leaves out."""
    times = dict(sorted(made.next_at.items()))
    values = {
        "left_out": made.left_out,
        "run_id": run_id,
        "ids": list(times),
        "times": list(times.values()),
    }
    async with database.bulk() as connection:
        await connection.execute(_STORE, values)


async def _lanes(database: Database, options: FetchOptions, at: datetime, *, paced: bool) -> list[Lane]:
    pace = pace_of(options.limits)
    long_term = pace.rate * options.interval.total_seconds()
    found = []
    for row in await database.rows(USAGE, {"at": at, "rate": pace.rate}):
        use = KeyUse(
            {window: row[window.value] for window in SPANS},
            row["level"],
            row["blocked_until"],
            row["refused_at"],
        )
        found.append(
            Lane(
                row["id"],
                row["owner_id"],
                calls_of_run(use, options.limits, at, paced=paced),
                long_term if use.refused_at is None else 0.0,
                use.blocked_until,
            )
        )
    return found
