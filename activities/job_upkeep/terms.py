"""The names that new jobs use, for typing help: counted page by page behind a mark.

Each job is counted once. A job's id is older than its row is visible, so the last minutes are left to a later
call, and the mark moves in the transaction that counts.
"""

import asyncio
from datetime import datetime, timedelta

from psycopg import AsyncConnection
from psycopg.rows import DictRow
from pydantic_core import to_json

from activities.job_upkeep.tally import Tally
from activities.matching.new_jobs import OVERLAP, first_id_at
from models.base import now
from models.database import Database
from workflows.job_messages import UpkeepPage

MARK = "terms"
JOBS_A_PAGE = 5_000

RARE = 3
RARE_FOR = timedelta(days=90)
UNSEEN_FOR = timedelta(days=365)
"""What fewer jobs than so many have named goes after the first time unseen, everything after the second."""

PRUNE_EVERY = timedelta(days=1)
PRUNED = "terms-pruned"
NO_JOB = "00000000-0000-0000-0000-000000000000"

_BEGIN_MARK = """
INSERT INTO sweep_mark (name, at, job_id) VALUES (%(name)s, %(at)s, %(job_id)s) ON CONFLICT DO NOTHING
"""
_READ_MARK = "SELECT at, job_id FROM sweep_mark WHERE name = %(name)s FOR UPDATE"
_MOVE_MARK = "UPDATE sweep_mark SET at = %(at)s, job_id = %(job_id)s WHERE name = %(name)s"
# of the ads of one content the first one stands for all of them
_PAGE = """
SELECT id, created_at, country, title, company, location, area, latitude, longitude, EXISTS (
    SELECT FROM job older
    WHERE older.content_key = page.content_key AND older.country = page.country AND older.id < page.id
) AS is_copy
FROM (SELECT * FROM job WHERE id > %(after)s AND id < %(before)s ORDER BY id LIMIT %(limit)s) page
ORDER BY id
"""
_COUNT_TERMS = """
INSERT INTO term (kind, country, normal, shown, jobs, latitude, longitude, located, seen_at)
SELECT kind, country, normal, shown, jobs, latitude, longitude, located, %(at)s
FROM json_to_recordset(%(terms)s::json) AS new(
    kind text, country text, normal text, shown text, jobs int, latitude float8, longitude float8, located int
)
ON CONFLICT (kind, country, normal) DO UPDATE SET
    jobs = term.jobs + excluded.jobs,
    shown = CASE WHEN term.shown IN (upper(term.shown), lower(term.shown)) THEN excluded.shown
            ELSE term.shown END,
    latitude = CASE WHEN excluded.located = 0 THEN term.latitude ELSE
        (coalesce(term.latitude, 0) * term.located + excluded.latitude * excluded.located)
        / (term.located + excluded.located) END,
    longitude = CASE WHEN excluded.located = 0 THEN term.longitude ELSE
        (coalesce(term.longitude, 0) * term.located + excluded.longitude * excluded.located)
        / (term.located + excluded.located) END,
    located = term.located + excluded.located,
    seen_at = excluded.seen_at
"""
_COUNT_WORDS = """
INSERT INTO term_word (word, jobs, seen_at)
SELECT word, jobs, %(at)s FROM json_to_recordset(%(words)s::json) AS new(word text, jobs int)
ON CONFLICT (word) DO UPDATE SET jobs = term_word.jobs + excluded.jobs, seen_at = excluded.seen_at
"""
_FORGET = tuple(
    f"DELETE FROM {table} WHERE seen_at < %(unseen)s OR (jobs < {RARE} AND seen_at < %(rare)s)"  # noqa: S608 -- ours
    for table in ("term", "term_word")
)

Connection = AsyncConnection[DictRow]


async def learn(database: Database, jobs_a_page: int = JOBS_A_PAGE, at: datetime | None = None) -> UpkeepPage:
    """Count the names of the next page of jobs; at the end of the jobs forget those that nobody uses."""
    at = at or now()
    async with database.bulk() as connection:
        mark = await _locked(connection, MARK, at)
        page = {"after": mark["job_id"], "before": first_id_at(at - OVERLAP), "limit": jobs_a_page}
        cursor = await connection.execute(_PAGE, page, prepare=False)
        if jobs := await cursor.fetchall():
            # it takes some 200 ms, for which nobody else's steps have to wait
            terms, words = await asyncio.to_thread(_counted, jobs)
            await connection.execute(_COUNT_TERMS, {"terms": terms, "at": at})
            await connection.execute(_COUNT_WORDS, {"words": words, "at": at})
            reached = {"at": jobs[-1]["created_at"], "job_id": jobs[-1]["id"]}
            await connection.execute(_MOVE_MARK, {"name": MARK, **reached})
    has_more = len(jobs) == jobs_a_page
    if not has_more:
        await _forget(database, at)
    return UpkeepPage(rows=len(jobs), more=has_more)


def _counted(jobs: list[DictRow]) -> tuple[str, str]:
    """Return the names and the words of jobs as JSON."""
    tally = Tally()
    for job in jobs:
        tally.add(job)
    return to_json(tally.terms()).decode(), to_json(tally.counted_words()).decode()


async def _locked(connection: Connection, name: str, at: datetime) -> DictRow:
    """Return the mark of this name, made where there is none, and keep others from it until the end."""
    await connection.execute(_BEGIN_MARK, {"name": name, "at": at, "job_id": NO_JOB})
    cursor = await connection.execute(_READ_MARK, {"name": name})
    found = await cursor.fetchone()
    if found is None:
        raise LookupError("a mark that was made is there")
    return found


async def _forget(database: Database, at: datetime) -> None:
    """Once a day, delete the names and words that were last seen long ago."""
    async with database.bulk() as connection:
        # nobody counts meanwhile
        await _locked(connection, MARK, at)
        mark = await _locked(connection, PRUNED, at)
        if at - mark["at"] < PRUNE_EVERY:
            return
        for forget in _FORGET:
            await connection.execute(forget, {"unseen": at - UNSEEN_FOR, "rare": at - RARE_FOR})
        await connection.execute(_MOVE_MARK, {"name": PRUNED, "at": at, "job_id": NO_JOB})
