"""What a search costs: no list reads all jobs, and what takes too long is broken off."""

from uuid import uuid4

import pytest
from psycopg import AsyncConnection

from models.base import now
from models.countries import COUNTRIES
from models.database import SEARCHING, Database
from models.search.conditions import Asked
from models.search.counts import counts_of
from models.search.cursor import JobCursor, Sort
from models.search.filters import JobFilters
from models.search.known import Known, find_out
from models.search.page import begun_at, page_of
from tests.api.client import ApiAt, assert_problem

SEARCHES: list[dict[str, str]] = [
    {},
    {"country": "gb"},
    {"q": "python developer"},
    {"q": '"machine learning" -senior OR nurse', "country": "gb", "remote": "true", "salary": "30000"},
    {"q": "python", "sort": "newest", "employment_type": "permanent"},
    {"q": "-python"},
    {"title": "engineer", "company": "acme", "location": "london"},
    {"near": "51.5,-0.12", "radius_km": "30"},
    {"category": "it-jobs", "posted_within": "3"},
    {"remote": "true", "employment_type": "full_time", "salary_known": "true", "currency": "GBP"},
    {"sort": "salary"},
    {"sort": "score", "min_score": "50"},
    {"saved": "true", "applied": "true"},
    {"saved": "false", "applied": "false", "hidden": "true"},
    {"salary": "50000"},
]

_FILL = """
INSERT INTO job (id, created_at, seen_at, source, source_id, country, title, company, description, location,
    area, latitude, longitude, remote, salary_predicted, salary_eur, currency, category, category_label, url,
    posted_at, content_key, fingerprint)
SELECT gen_random_uuid(), now(), now(), 'adzuna', n::text, (%(countries)s::text[])[1 + n %% 19],
    (ARRAY['Python developer', 'Nurse', 'Machine learning engineer'])[1 + n %% 3], 'Acme ' || n %% 50,
    'Work ' || n, 'London', ARRAY['UK', 'London'], 50 + n %% 3, n %% 5, n %% 9 = 0, false,
    CASE WHEN n %% 4 = 0 THEN n * 10 END, 'GBP', 'it-jobs', 'IT Jobs', 'https://example.org/' || n,
    now() - n * interval '1 minute', 'c' || n, 'f' || n
FROM generate_series(1, 4000) n
"""


@pytest.fixture
async def market(database_url: str) -> Database:
    """A few thousand jobs, and readers as the API has them."""
    database = Database(database_url, reader_options=SEARCHING)
    async with database.reader() as connection:
        await connection.execute(_FILL.encode(), {"countries": sorted(COUNTRIES)})
        await connection.execute(b"VACUUM ANALYZE job")
    return database


async def test_no_list_reads_all_jobs(market: Database) -> None:
    for search in SEARCHES:
        filters = JobFilters.model_validate(search)
        asked = Asked(filters, await find_out(market, filters, uuid4()), uuid4())
        for statement in (page_of(asked, begun_at(None)), counts_of(asked)):
            plan = await market.rows(f"EXPLAIN {statement.sql}", statement.parameters, prepare=False)
            lines = [row["QUERY PLAN"] for row in plan]
            assert not [line for line in lines if "Seq Scan on job " in line], (search, lines)
            rows = await market.rows(statement.sql, statement.parameters, prepare=statement.prepare)
            assert rows or search not in ({}, {"q": "python developer"})
    await market.close()


async def buffers_of(market: Database, filters: JobFilters) -> int:
    """Return how many pages of PostgreSQL's a page of the list takes."""
    sql, parameters, _ = page_of(Asked(filters, Known(), uuid4()), now())
    explained = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}"
    (plan,) = (await market.rows(explained, parameters, prepare=False))[0]["QUERY PLAN"]
    read: int = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
    return read


async def test_a_deep_page_reads_no_more_than_the_first(market: Database) -> None:
    (job,) = await market.rows("SELECT id, posted_at FROM job ORDER BY posted_at LIMIT 1 OFFSET 500", {})
    deep = str(JobCursor(Sort.NEWEST, job["posted_at"], job["id"]))
    first_page = await buffers_of(market, JobFilters())
    assert await buffers_of(market, JobFilters(cursor=deep)) < 1.5 * first_page < 1000
    await market.close()


async def test_a_search_that_takes_too_long_is_broken_off(
    api_at: ApiAt, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "statement_timeout=5s" in SEARCHING
    monkeypatch.setattr("api.app.SEARCHING", SEARCHING.replace("5s", "200ms"))
    async with api_at() as api, await AsyncConnection.connect(database_url) as holder:
        person = await api.person()
        await holder.execute(b"LOCK TABLE job IN ACCESS EXCLUSIVE MODE")
        answer = await person.get("/api/jobs/")
        problem = assert_problem(answer, 503, "unavailable")
        assert "longer" in problem["detail"]
        assert answer.headers["retry-after"]
        await holder.rollback()
        assert (await person.get("/api/jobs/")).status_code == 200
