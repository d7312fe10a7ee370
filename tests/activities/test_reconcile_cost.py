"""Looking for what stands still costs what is not over, however much is."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select
from temporalio.testing import ActivityEnvironment

from activities.reconcile import ReconcileActivities
from models.database import Database
from models.enums import ApplicationState
from tests.activities.people import add_application, add_job, add_person
from workflows.stranded import Stranded

ROWS_MOST = 20

HISTORY = """
    INSERT INTO application (id, created_at, user_id, job_id, fingerprint, company_key, apply_url, origin,
        mode, state, stage, outcome, retryable, moved_at, submitted_at, log_length, log_head)
    SELECT gen_random_uuid(), now(), user_id, job_id, n || word, '', n || word, 'person', 'auto', word,
        'applied', CASE WHEN word = 'submitted' THEN 'rejected' END, false,
        now() - interval '60 days' - n * interval '1 minute', now() - interval '60 days', 1, ''
    FROM application, generate_series(1, 3000) AS n,
        unnest(ARRAY['submitted', 'cancelled', 'declined', 'failed', 'unknown_outcome']) AS word
"""
TOLD = """
    INSERT INTO notification (id, created_at, user_id, application_id, kind, number, mailed_at)
    SELECT gen_random_uuid(), now() - n * interval '1 minute', user_id, id, 'application_reminder', 1, now()
    FROM (SELECT id, user_id, row_number() OVER () AS n FROM application) AS old
"""
SAID = """
    INSERT INTO chat_message (id, created_at, user_id, role, state)
    SELECT gen_random_uuid(), now() - n * interval '1 hour', user_id, 'assistant', 'done'
    FROM (SELECT user_id, row_number() OVER () AS n FROM application) AS old
"""
FLUSH = select(func.pg_stat_force_next_flush())
READ = """
    SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) AS rows FROM pg_stat_user_tables
    WHERE relname IN ('application', 'notification', 'chat_message')
"""


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database of our own."""
    database = Database(database_url)
    yield database
    await database.close()


async def rows_read(database: Database) -> int:
    """Return how many rows were ever read of these tables, by scans or through indexes."""
    async with database.reader() as connection:
        row = await (await connection.execute(READ.encode())).fetchone()
    assert row is not None
    return int(row["rows"])


async def tell_what_was_read(database: Database) -> None:
    """Have the connections that steps use tell what they have read; else they do so when they please."""
    async with database.engine.connect() as connection:
        await connection.execute(FLUSH)
        await connection.commit()
        await connection.execute(FLUSH)


async def find(database: Database) -> Stranded:
    """Run the step."""
    return await ActivityEnvironment().run(ReconcileActivities(database, mails=True).find_stranded)


async def test_the_search_reads_none_of_what_is_over(database: Database) -> None:
    person, job = await add_person(database), await add_job(database)
    await add_application(database, person, job, ApplicationState.SKIPPED)
    async with database.reader() as connection:
        # one job for all: the lock against applying twice is about jobs
        await connection.execute("DROP INDEX uq_application_job")
        await connection.execute(HISTORY.encode())
        for statement in (TOLD, SAID, "VACUUM ANALYZE"):
            await connection.execute(statement.encode())
        for _ in range(2):
            await connection.execute("SELECT pg_stat_force_next_flush()")
    before = await rows_read(database)
    stranded = await find(database)
    await tell_what_was_read(database)
    assert stranded == Stranded(applications=[], chat_turns=[], notifications=[])
    assert await rows_read(database) - before < ROWS_MOST
