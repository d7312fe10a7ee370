"""Jobs that are no longer advertised: old ones that no fetch has brought for long.

Days on which a country was not fetched do not count: after an outage, ours or Adzuna's, nothing has been
looked for and so nothing is missing. A country that no search asks for any more is as old as the others.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from models.base import now
from models.database import Database
from models.exchange_rate import PRICING_LOCK
from workflows.job_messages import UpkeepPage

JOBS_A_PAGE = 2000
SECONDS_A_CALL = 8.0
"""After so long the rest is left to the next call."""

DAYS_KNOWN = 400
"""How far back it is looked for days on which anything was fetched."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
NO_JOB = UUID(int=0)

# of each country the day since the beginning of which it was fetched on enough days; '' is all of them
_SINCE = """
WITH fetched AS (
    SELECT DISTINCT search.country, date_trunc('day', run.created_at, 'UTC') AS day
    FROM fetch_run run
    JOIN fetched_page page ON page.fetch_run_id = run.id AND page.page > 0
    JOIN job_search search ON search.id = page.search_id
    WHERE run.created_at > %(known)s
), every AS (
    SELECT country, day FROM fetched UNION SELECT '', day FROM fetched
), numbered AS (
    SELECT country, day, row_number() OVER (PARTITION BY country ORDER BY day DESC) AS number FROM every
)
SELECT country, least(day, %(unseen)s) AS since FROM numbered WHERE number = %(days)s
UNION ALL
SELECT DISTINCT country, NULL::timestamptz FROM job_search
WHERE country NOT IN (SELECT country FROM numbered WHERE number = %(days)s)
"""

PREPARE = f"""
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true), pg_advisory_xact_lock({PRICING_LOCK})
"""
EXPIRE = """
WITH walked AS MATERIALIZED (
    SELECT id, posted_at, country, seen_at FROM job
    WHERE expired_at IS NULL AND posted_at < %(old)s AND (posted_at, id) > (%(after_at)s, %(after_id)s)
    ORDER BY posted_at, id LIMIT %(limit)s
), gone AS MATERIALIZED (
    SELECT walked.id FROM walked
    LEFT JOIN unnest(%(countries)s::text[], %(since)s::timestamptz[]) AS fetched(country, since)
        ON fetched.country = walked.country
    WHERE walked.seen_at < CASE WHEN fetched.country IS NULL THEN %(since_any)s ELSE fetched.since END
), expired AS (
    UPDATE job SET expired_at = %(now)s FROM gone WHERE job.id = gone.id RETURNING 1
)
SELECT (SELECT count(*) FROM expired) AS rows, posted_at, id
FROM walked ORDER BY posted_at DESC, id DESC LIMIT 1
"""


@dataclass(frozen=True)
class Ages:
    """How long nobody may have seen a job that is old, and what is old, in days."""

    unseen_days: int
    old_days: int


class _Since(NamedTuple):
    """Since when a job of each country must have been seen; None where too little was fetched to tell."""

    countries: list[str]
    days: list[datetime | None]
    any_country: datetime | None


async def expire(
    database: Database, ages: Ages, at: datetime | None = None, jobs_a_page: int = JOBS_A_PAGE
) -> UpkeepPage:
    """Mark the next jobs as expired that were posted and last seen too long ago, page by page.

    They stay, for the applications that refer to them; one that is fetched again is advertised again.
    """
    moment = at or now()
    since = await _since(database, ages, moment)
    if since.any_country is None:
        return UpkeepPage(rows=0, more=False)
    place = {"after_at": LONG_AGO, "after_id": NO_JOB}
    parameters = {
        "now": moment,
        "old": moment - timedelta(days=ages.old_days),
        "limit": jobs_a_page,
        "countries": since.countries,
        "since": since.days,
        "since_any": since.any_country,
    }
    rows, began = 0, time.monotonic()
    while time.monotonic() - began < SECONDS_A_CALL:
        async with database.bulk() as connection:
            await connection.execute(PREPARE.encode())
            cursor = await connection.execute(EXPIRE, {**parameters, **place})
            last = await cursor.fetchone()
        if last is None:
            return UpkeepPage(rows=rows, more=False)
        rows += last["rows"]
        place = {"after_at": last["posted_at"], "after_id": last["id"]}
    # without any progress there is nothing that calling again at once would do better
    return UpkeepPage(rows=rows, more=rows > 0)


async def _since(database: Database, ages: Ages, moment: datetime) -> _Since:
    parameters = {
        "known": moment - timedelta(days=DAYS_KNOWN),
        "unseen": moment - timedelta(days=ages.unseen_days),
        "days": ages.unseen_days,
    }
    found = {row["country"]: row["since"] for row in await database.rows(_SINCE, parameters)}
    any_country = found.pop("", None)
    return _Since(list(found), list(found.values()), any_country)
