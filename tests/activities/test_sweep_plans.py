"""The sweep beside many people and jobs: it reads what is new and what matches, and scans no table."""

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy.dialects import postgresql
from sqlmodel import col, update

from activities.matching.strong import tell
from activities.matching.titles import titled_jobs
from bench.sweep_reads import reads_of, settled
from models.base import now
from models.database import Database
from models.job import Job
from models.match.score import SCORER_VERSION
from models.match_row import SweepMark
from models.profile import Preferences
from models.recommended import RecommendedCursor, RecommendedFilters, recommended_query
from tests.activities.people import add_application, add_job
from tests.activities.sweep_scene import EASY, add_easy, match, queue, set_wishes

EAGER = EASY.model_copy(update={"notify_score": 0})
MANY = 20_000
PER_PERSON = 40
"""The most rows that a handful of jobs and matches may cost in any table, all counted."""

# everybody looks for something else, and the jobs are none of anybody's
CROWD = f"""
INSERT INTO account (id, created_at, email, password_hash, role, master_key_id, data_key)
SELECT gen_random_uuid(), now(), 'many' || n || '@example.com', 'x', 'user', 'test', 'x'
FROM generate_series(1, {MANY}) n;
INSERT INTO profile (id, created_at, user_id, preferences, automation_mode, daily_cap, automation,
                     matched_version)
SELECT gen_random_uuid(), now(), id, '{{}}', 'auto', 5, '{{}}', {SCORER_VERSION} FROM account;
INSERT INTO interest (user_id, title, word, words)
SELECT id, 'engineer zone' || row_number() OVER (), 'zone' || row_number() OVER (),
       ARRAY['engineer', 'zone' || row_number() OVER ()]
FROM account;
INSERT INTO job (id, created_at, source, source_id, country, title, description, location, area, remote,
                 salary_predicted, currency, category, category_label, url, posted_at, content_key,
                 fingerprint, seen_at)
SELECT CAST(lpad(to_hex(n), 32, '0') AS uuid), now() - interval '20 days', 'many', n, 'gb', 'Shepherd ' || n,
       '', 'Leeds', '{{}}', false, false, 'GBP', 'it', 'IT', 'https://www.example.com/' || n,
       now() - interval '20 days', n, n, now()
FROM generate_series(1, {MANY}) n;
"""  # noqa: S608 -- a number of our own


@pytest.fixture
async def crowd(database_url: str) -> str:
    """The URL of a database with 20,000 people and as many old jobs."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute(CROWD.encode())
        for table in (b"account", b"profile", b"interest", b"job"):
            await connection.execute(b"VACUUM ANALYZE " + table)
    return database_url


async def test_new_jobs_and_candidates_are_found_without_scanning_a_table(crowd: str) -> None:
    database = Database(crowd)
    people = [await add_easy(database) for _ in range(3)]
    await match(database)
    for person in people:
        await add_application(database, person, await add_job(database, "Cook"))
    for _ in range(3):
        await add_job(database)
    await database.close()
    before = await settled(crowd)
    assert sum(matches for _, matches in await match(database)) == 9
    assert len((await queue(database)).applications) == 9
    await database.close()
    reads = reads_of(before, await settled(crowd))
    assert {table for table, each in reads.items() if each.scanned > PER_PERSON} == set()
    assert {table for table, each in reads.items() if each.fetched > 3 * PER_PERSON} == set()


async def test_changed_wishes_read_the_jobs_of_the_last_days_only(crowd: str) -> None:
    database = Database(crowd)
    person = await add_easy(database)
    await match(database)
    job = await add_job(database, "Cook")
    async with database.begin() as session:
        await session.merge(SweepMark(name="jobs", at=now(), job_id=job.id))
    await set_wishes(database, person, Preferences(titles=["Cook"]))
    await database.close()
    before = await settled(crowd)
    assert sum(matches for _, matches in await match(database)) == 1
    await database.close()
    reads = reads_of(before, await settled(crowd))
    assert {table for table, each in reads.items() if each.scanned + each.fetched > PER_PERSON} == set()


async def test_nobody_is_visited_who_has_nothing_to_be_told_or_matched_anew(crowd: str) -> None:
    database = Database(crowd)
    job = await add_job(database)
    for rules in (EAGER, EASY.model_copy(update={"notify_score": None})):
        await add_easy(database, rules=rules)
    await match(database)
    async with database.begin() as session:
        await session.exec(update(Job).where(col(Job.id) == job.id).values(rematch=True))
    await database.close()
    before = await settled(crowd)
    await match(database)
    assert len((await tell(database, None)).notifications) == 1
    await database.close()
    reads = reads_of(before, await settled(crowd))
    assert {table for table, each in reads.items() if each.scanned + each.fetched > PER_PERSON} == set()


async def test_titles_are_looked_for_by_the_index_of_words(crowd: str) -> None:
    database = Database(crowd)
    query = titled_jobs([["data", "engineer"], ["c++", "tutor"]], now() - timedelta(days=90), 1000)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy has no type for it
    text = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    plan = "\n".join(row["QUERY PLAN"] for row in await database.rows(f"EXPLAIN {text}", {}))
    await database.close()
    assert "ix_job_search" in plan
    assert "Seq Scan" not in plan


async def test_a_page_of_recommended_jobs_reads_its_jobs_and_no_others(crowd: str) -> None:
    database = Database(crowd)
    person = await add_easy(database)
    for number in range(3):
        await add_application(database, person, await add_job(database, f"Cook {number}"))
    async with await psycopg.AsyncConnection.connect(crowd, autocommit=True) as connection:
        matched = (
            "INSERT INTO job_match (user_id, job_id, state, score, confidence, breakdown, scorer_version,"
            " created_at, updated_at)"
            " SELECT %s, id, 'found', abs(hashtext(id::text)) %% 100, 0.5, '{}', 1, now(), now() FROM job"
        )
        await connection.execute(matched, (person,))
        hidden = (
            "INSERT INTO job_mark (user_id, job_id, content_key, hidden_at)"
            " SELECT %s, id, 'another ' || id, now() FROM job"
        )
        await connection.execute(hidden, (person,))
        await connection.execute("VACUUM ANALYZE job_match, job_mark")
    await database.close()
    before = await settled(crowd)
    since = now() - timedelta(days=90)
    for cursor in (None, str(RecommendedCursor(50, person))):
        sql, parameters = recommended_query(person, since, RecommendedFilters(cursor=cursor))
        # as often as a plan is made for all values
        for _ in range(7):
            assert len(await database.rows(sql, parameters)) == 21
    await database.close()
    reads = reads_of(before, await settled(crowd))
    # each of the jobs is read for its places, marks, state and likes: some eight times
    assert {table for table, each in reads.items() if each.scanned > 14 * PER_PERSON} == set()
    assert {table for table, each in reads.items() if each.fetched > 10 * 14 * 21} == set()
