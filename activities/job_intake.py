"""Brings a page's rows into the job table by one statement, to which they go as one JSON document.

For a page that is less work than COPY into a temporary table, which has to be emptied after every page.

A row counts as changed when the advert itself says something else than before. Adzuna's old style of
description is an excerpt around the words searched for, so one advert has several: the longest is kept, and
another excerpt changes nothing, whichever search brought it last.
"""

from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection
from psycopg.rows import DictRow
from pydantic_core import to_json

from activities.adverts.reading import JobRow
from models.exchange_rate import PRICING_LOCK, SALARY_EUR
from workflows.job_messages import PageRef

_COLUMNS = JobRow._fields
_NAMES = ", ".join(_COLUMNS)
# a page is always a handful of rows, and a plan that is kept from when the job table was small must not scan
# it once it is large: so each row is looked up by the index. A page that a crash of the server swallows after
# its commit is fetched again by the next run, so nobody waits for the disk
_OFF = ("enable_hashjoin", "enable_mergejoin", "enable_seqscan", "synchronous_commit")
_SWITCHED_OFF = ", ".join(f"set_config('{name}', 'off', true)" for name in _OFF)
_PREPARE = f"SELECT {_SWITCHED_OFF}, pg_advisory_xact_lock({PRICING_LOCK})"

# what follows from the advert by our own rules alone, and the description, which has a rule of its own
_DERIVED = ("remote", "remote_reason", "salary_period", "content_key", "fingerprint")
_KEYS = ("id", "source", "source_id")
_SAID = tuple(name for name in _COLUMNS if name not in {*_KEYS, *_DERIVED, "description"})


def _tuple(alias: str, names: tuple[str, ...]) -> str:
    return f"({', '.join(f'{alias}.{name}' for name in names)})"


def _is_excerpt(alias: str) -> str:
    return f"({alias}.description LIKE '%% ...%%' OR {alias}.description LIKE '...%%')"


# what a match is made of: whoever was matched with the ad as it was is matched anew
_NOT_MATCHED = {*_KEYS, "remote_reason", "category_label", "url", "posted_at", "content_key", "fingerprint"}
_MATCHED = tuple(name for name in _COLUMNS if name not in _NOT_MATCHED)

# a job that expired because nobody saw it is back once it is seen; one that expired while it was advertised
# is back only when it is posted anew
_WAS_UNSEEN = "job.seen_at < job.expired_at"
_IS_BACK = f"(job.posted_at <> excluded.posted_at OR {_WAS_UNSEEN})"
_LONGER = """(length(new.description), new.description COLLATE "C")
           > (length(old.description), old.description COLLATE "C")"""
# a row that is not there yet differs in everything
_CHANGED = f"""
    {_tuple("old", _SAID)} IS DISTINCT FROM {_tuple("new", _SAID)}
    OR CASE WHEN old.description = new.description
            THEN {_tuple("old", _DERIVED)} IS DISTINCT FROM {_tuple("new", _DERIVED)}
            ELSE NOT {_is_excerpt("new")} OR ({_is_excerpt("old")} AND {_LONGER}) END"""
_SET = ", ".join(f"{name} = excluded.{name}" for name in (*_SAID, "description", *_DERIVED, "salary_eur"))
_STORE = f"""
WITH marked AS (
    INSERT INTO fetched_page (fetch_run_id, search_id, page)
    VALUES (%(fetch_run_id)s, %(search_id)s, %(page)s) ON CONFLICT DO NOTHING RETURNING 1
), compared AS MATERIALIZED (
    SELECT new.*, old.id AS known_id, ({_CHANGED}) AS changed
    FROM json_populate_recordset(NULL::job, %(rows)s::json) new
    LEFT JOIN job old ON old.source = new.source AND old.source_id = new.source_id
), stored AS (
    INSERT INTO job ({_NAMES}, salary_eur, created_at, seen_at)
    SELECT {_NAMES}, {SALARY_EUR.format(job="compared")}, %(now)s, %(now)s FROM compared WHERE changed
    ON CONFLICT (source, source_id) DO UPDATE SET {_SET}, seen_at = excluded.seen_at,
        expired_at = CASE WHEN NOT {_IS_BACK} THEN job.expired_at END,
        rematch = job.rematch OR (job.expired_at IS NOT NULL AND {_IS_BACK})
            OR {_tuple("job", _MATCHED)} IS DISTINCT FROM {_tuple("excluded", _MATCHED)}
    RETURNING xmax = 0 AS is_new
), seen AS (
    UPDATE job SET seen_at = %(now)s,
        expired_at = CASE WHEN NOT {_WAS_UNSEEN} THEN job.expired_at END,
        rematch = job.rematch OR (job.expired_at IS NOT NULL AND {_WAS_UNSEEN})
    FROM compared WHERE job.id = compared.known_id AND NOT changed
), followed AS (
    UPDATE job_mark SET content_key = compared.content_key FROM compared
    WHERE job_mark.job_id = compared.known_id AND changed AND job_mark.content_key <> compared.content_key
), counted AS (
    SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE NOT is_new) AS changed FROM stored
), summed AS (
    UPDATE fetch_run SET
        pages = pages + 1,
        ads_new = ads_new + counted.new,
        ads_changed = ads_changed + counted.changed,
        ads_unchanged = ads_unchanged + %(ads)s - counted.new - counted.changed,
        ads_unreadable = ads_unreadable + %(unreadable)s
    FROM counted, marked WHERE fetch_run.id = %(fetch_run_id)s
)
UPDATE job_search SET fetched_at = %(now)s, last_error = NULL,
    newest_posted_at = greatest(newest_posted_at, %(newest)s),
    ads_brought = ads_brought + counted.new,
    ads_last = CASE WHEN %(page)s = 1 THEN 0 ELSE ads_last END
        + CASE WHEN %(page)s = 1 OR EXISTS (SELECT FROM marked) THEN %(ads)s ELSE 0 END
FROM counted WHERE job_search.id = %(search_id)s RETURNING counted.new
"""  # noqa: S608 -- made of our own columns' names only


@dataclass(frozen=True)
class Intake:
    """A page that was read: the rows, each source id once, and the counts of its adverts.

    `known_to` is when the newest ad of a fetch was posted that is complete with this page, else null: a page
    that is still to come must not be taken for known.
    """

    page: PageRef
    rows: list[JobRow]
    readable: int
    unreadable: int
    known_to: datetime | None = None


async def take_in(connection: AsyncConnection[DictRow], intake: Intake, now: datetime) -> int:
    """Upsert the rows and count the page in its run, once however often it is taken in; return the new jobs.

    To be called in a transaction of its own.
    """
    parameters = {
        "rows": to_json([row._asdict() for row in intake.rows]).decode(),
        "fetch_run_id": intake.page.fetch_run_id,
        "search_id": intake.page.search_id,
        "page": intake.page.page,
        "now": now,
        "newest": intake.known_to,
        "ads": intake.readable,
        "unreadable": intake.unreadable,
    }
    # sent together, since no answer is waited for but the last
    async with connection.pipeline():
        await connection.execute(_PREPARE)
        stored = await connection.execute(_STORE, parameters)
    counted = await stored.fetchone()
    return 0 if counted is None else int(counted["new"])
