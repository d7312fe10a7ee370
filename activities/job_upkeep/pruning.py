"""What nobody needs any more: matches of jobs long expired, searches that nobody wants, and old calls."""

from datetime import timedelta

from models.base import now
from models.database import Database
from workflows.job_messages import UpkeepPage

MATCHES_KEPT = timedelta(days=30)
MATCHES_LATEST = timedelta(days=45)
"""How long after it expired a job is still looked at: all that is older was pruned long ago."""

SEARCHES_KEPT = timedelta(days=30)
CALLS_KEPT = timedelta(days=40)
"""Longer than the ledger's longest window."""

ROWS = 2_000
"""How many rows of a kind a page deletes."""

# what was queued stays: it says why there is an application
_MATCHES = b"""
WITH old AS (
    SELECT job_match.user_id, job_match.job_id
    FROM job JOIN job_match ON job_match.job_id = job.id
    WHERE job.expired_at > %(latest)s AND job.expired_at < %(before)s AND job_match.state <> 'queued'
    LIMIT %(rows)s
)
DELETE FROM job_match USING old
WHERE job_match.user_id = old.user_id AND job_match.job_id = old.job_id AND job_match.state <> 'queued'
"""
# locked first, as by whoever saves it at this moment, and looked at again behind the lock
_UNWANTED = """NOT is_default AND greatest(created_at, fetched_at, tried_at) < %(before)s
    AND NOT EXISTS (SELECT FROM saved_search WHERE saved_search.search_id = job_search.id)"""
_SEARCHES_FOUND = f"""
SELECT id FROM job_search WHERE {_UNWANTED} LIMIT %(rows)s FOR UPDATE SKIP LOCKED
"""  # noqa: S608 -- made of our own text
_SEARCHES = f"""
DELETE FROM job_search WHERE id = ANY(%(ids)s) AND {_UNWANTED}
"""  # noqa: S608 -- as above
_CALLS = b"""
DELETE FROM fetch_call WHERE id IN (
    SELECT call.id FROM fetch_key CROSS JOIN LATERAL (
        SELECT id FROM fetch_call
        WHERE fetch_key_id = fetch_key.id AND created_at < %(before)s ORDER BY created_at LIMIT %(rows)s
    ) call
)
"""


async def prune(database: Database) -> UpkeepPage:
    """Delete a page of each; there may be more while one of them was full."""
    counts = [await _matches(database), await _searches(database), await _calls(database)]
    return UpkeepPage(rows=sum(counts), more=max(counts) >= ROWS)


async def _matches(database: Database) -> int:
    moment = now()
    values = {"before": moment - MATCHES_KEPT, "latest": moment - MATCHES_LATEST, "rows": ROWS}
    async with database.bulk() as connection:
        return (await connection.execute(_MATCHES, values)).rowcount


async def _searches(database: Database) -> int:
    values = {"before": now() - SEARCHES_KEPT, "rows": ROWS}
    async with database.bulk() as connection:
        found = await (await connection.execute(_SEARCHES_FOUND.encode(), values)).fetchall()
        ids = [row["id"] for row in found]
        return (await connection.execute(_SEARCHES.encode(), {**values, "ids": ids})).rowcount


async def _calls(database: Database) -> int:
    values = {"before": now() - CALLS_KEPT, "rows": ROWS}
    async with database.bulk() as connection:
        return (await connection.execute(_CALLS, values)).rowcount
