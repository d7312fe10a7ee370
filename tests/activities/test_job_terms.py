"""What typing help learns of new jobs: each of them once, whatever happens in between."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from activities.job_upkeep.naming import company_name, place_names, title_name
from activities.job_upkeep.terms import MARK, PRUNED, learn
from activities.matching.new_jobs import first_id_at
from models.base import new_id, now
from models.database import Database
from models.enums import TermKind
from models.job import Job
from models.match_row import SweepMark
from models.term import COMMON_TITLE, Term, TermWord, normal_term
from tests.api.client import job_with, store

AGE = timedelta(hours=1)
SETTLED = timedelta(minutes=11)
Known = dict[str, int]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database without jobs."""
    database = Database(database_url)
    yield database
    await database.close()


def settled(age: timedelta = AGE, **values: object) -> Job:
    """Return a job that was stored so long ago."""
    moment = now() - age
    job_id = UUID(int=first_id_at(moment).int | new_id().int & (1 << 64) - 1)
    return job_with(**{"id": job_id, "created_at": moment, **values})


async def learn_all(database: Database, jobs_a_page: int = 100, minutes: int = 0) -> int:
    """Learn to the end, so many minutes from now, and return how many jobs were counted."""
    jobs, at = 0, now() + timedelta(minutes=minutes)
    while True:
        page = await learn(database, jobs_a_page, at)
        jobs += page.rows
        if not page.more:
            return jobs


async def known(database: Database, kind: str) -> Known:
    """Return how many jobs have each name of a kind."""
    rows = await database.rows("SELECT shown, jobs FROM term WHERE kind = %(kind)s", {"kind": kind})
    return {row["shown"]: row["jobs"] for row in rows}


async def words(database: Database) -> Known:
    """Return how many jobs have each word."""
    return {row["word"]: row["jobs"] for row in await database.rows("SELECT word, jobs FROM term_word", {})}


async def test_titles_companies_and_places_are_counted_with_their_words(database: Database) -> None:
    area = ["UK", "South East England", "Reading"]
    await store(
        database,
        settled(title="Senior C++ Engineer", company="Acme Ltd", area=area, latitude=51.0, longitude=-1.0),
        settled(
            title="SENIOR C++ ENGINEER", company="ACME Limited", area=area, latitude=52.0, longitude=-2.0
        ),
        settled(title="Nurse", company=None, area=["UK"], location="UK"),
    )
    assert await learn_all(database) == 3
    assert await known(database, "title") == {"Senior C++ Engineer": 2, "Nurse": 1}
    assert await known(database, "company") == {"Acme": 2}
    assert await known(database, "place") == {"South East England": 2, "Reading": 2}
    said = await words(database)
    assert said["c++"] == said["engineer"] == said["acme"] == said["reading"] == said["england"] == 2
    assert said["nurse"] == said["ltd"] == 1
    assert "uk" not in said
    async with database.begin() as session:
        reading = await session.get_one(Term, ("place", "gb", "reading"))
        assert (reading.latitude, reading.longitude, reading.located) == (51.5, -1.5, 2)


async def test_the_middle_of_a_place_is_that_of_all_its_jobs_of_all_pages(database: Database) -> None:
    places: list[dict[str, Any]] = [
        {"latitude": 50.0, "longitude": 1.0},
        {},
        {"latitude": 53.0, "longitude": 4.0},
        {"latitude": 53.0, "longitude": 4.0},
    ]
    await store(database, *(settled(AGE - timedelta(minutes=n), **at) for n, at in enumerate(places)))
    await learn_all(database, jobs_a_page=1)
    async with database.begin() as session:
        london = await session.get_one(Term, ("place", "gb", "london"))
        assert london.latitude == pytest.approx(52.0)
        assert london.longitude == pytest.approx(3.0)
        assert (london.jobs, london.located) == (4, 3)


async def test_an_ad_in_several_towns_counts_once_but_for_its_places(database: Database) -> None:
    same = {"content_key": "same", "title": "Cook", "company": "Acme"}
    await store(
        database,
        settled(timedelta(hours=3), **same, area=["UK", "London"]),
        settled(timedelta(hours=2), **same, area=["UK", "Leeds"]),
        settled(timedelta(hours=1), **same, area=["UK", "York"]),
        settled(timedelta(hours=1), **{**same, "country": "ie"}, area=["Ireland", "Cork"]),
    )
    # page by page, so that no page holds two of them
    assert await learn_all(database, jobs_a_page=1) == 4
    async with database.begin() as session:
        assert (await session.get_one(Term, ("title", "gb", "cook"))).jobs == 1
        assert (await session.get_one(Term, ("title", "ie", "cook"))).jobs == 1
    assert set(await known(database, "place")) == {"London", "Leeds", "York", "Cork"}
    assert (await words(database))["cook"] == 2


async def test_a_job_that_becomes_visible_late_is_neither_left_out_nor_counted_twice(
    database: Database,
) -> None:
    late = settled(SETTLED - timedelta(minutes=2), title="Late")
    await store(database, settled(SETTLED, title="Early"), settled(timedelta(0), title="Fresh"))
    assert await learn_all(database) == 1
    # its id was made before that of the fresh job, its row came after the mark was set
    await store(database, late)
    assert await learn_all(database) == 0
    assert await learn_all(database, minutes=5) == 1
    assert await learn_all(database, minutes=15) == 1
    assert await learn_all(database, minutes=25) == 0
    assert await known(database, "title") == {"Early": 1, "Late": 1, "Fresh": 1}


async def test_a_process_that_is_killed_while_it_counts_loses_and_doubles_nothing(database: Database) -> None:
    await store(database, *(settled(AGE - timedelta(minutes=n), title="Cook") for n in range(6)))
    assert (await learn(database, 3)).rows == 3
    async with database.bulk() as connection:
        # it has read its page and stands before the last of what it writes
        await connection.execute(b"LOCK TABLE term_word IN EXCLUSIVE MODE")
        counting = asyncio.create_task(learn(database, 3))
        pid = await waiting(database)
        await connection.execute("SELECT pg_terminate_backend(%s)", [pid])
        with pytest.raises(psycopg.OperationalError):
            await counting
    assert await known(database, "title") == {"Cook": 3}
    assert await learn_all(database, 3) == 3
    assert await known(database, "title") == {"Cook": 6}
    assert (await words(database))["cook"] == 6


async def waiting(database: Database) -> int:
    """Wait until somebody waits for a lock on a table and return their process."""
    query = "SELECT pid FROM pg_locks WHERE NOT granted AND locktype = 'relation'"
    async with asyncio.timeout(90):
        while not (rows := await database.rows(query, {})):  # noqa: ASYNC110 -- there is no event to wait for
            await asyncio.sleep(0.01)
    pid: int = rows[0]["pid"]
    return pid


async def test_two_that_count_at_once_count_each_job_once(database: Database) -> None:
    await store(database, *(settled(AGE - timedelta(minutes=n), title="Cook") for n in range(8)))
    pages = await asyncio.gather(*(learn(database, 2) for _ in range(4)))
    assert [page.rows for page in pages] == [2, 2, 2, 2]
    assert await known(database, "title") == {"Cook": 8}


def title(shown: str, jobs: int, seen_at: datetime) -> Term:
    """Return a title that so many jobs had."""
    normal = normal_term(shown)
    return Term(kind=TermKind.TITLE, country="gb", normal=normal, shown=shown, jobs=jobs, seen_at=seen_at)


async def test_what_nobody_uses_any_more_is_forgotten(database: Database) -> None:
    moment = now()
    ages = {"once": (1, 91), "lately": (1, 89), "often": (COMMON_TITLE, 364), "long ago": (9, 366)}
    terms = [title(name, n, moment - timedelta(days=days)) for name, (n, days) in ages.items()]
    said = [TermWord(word=each.normal, jobs=each.jobs, seen_at=each.seen_at) for each in terms]
    mark = SweepMark(name=PRUNED, at=moment - timedelta(days=2), job_id=UUID(int=0))
    await store(database, *terms, *said, mark)
    await learn(database)
    assert set(await known(database, "title")) == set(await words(database)) == {"lately", "often"}
    # and not again on the same day
    await store(database, title("once", 1, moment - timedelta(days=91)))
    await learn(database)
    assert "once" in await known(database, "title")


async def test_a_job_like_one_long_known_renews_it_and_the_mark_stays_at_the_end(database: Database) -> None:
    long_ago = now() - timedelta(days=400)
    await store(
        database,
        title("COOK", 2, long_ago),
        job := settled(title="Cook"),
    )
    await learn_all(database)
    async with database.begin() as session:
        cook = await session.get_one(Term, ("title", "gb", "cook"))
        assert (cook.jobs, cook.shown) == (3, "Cook")
        assert cook.seen_at > long_ago + timedelta(days=399)
        assert (await session.get_one(SweepMark, MARK)).job_id == job.id


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Softwareentwickler (m/w/d)", "Softwareentwickler"),
        ("Entwickler [w/m/x] Java", "Entwickler Java"),
        ("Développeur H/F", "Développeur"),
        ("Engineer (all genders) - ", "Engineer"),
        ("Sales (B2B)", "Sales (B2B)"),
        ("  Cook \t of  soups ", "Cook of soups"),
        ("***", None),
        ("x" * 81, None),
    ],
)
def test_titles_lose_what_names_nothing(title: str, shown: str | None) -> None:
    name = title_name(title)
    assert (name and name.shown) == shown


@pytest.mark.parametrize(
    ("company", "shown"),
    [
        ("Müller GmbH & Co. KG", "Müller"),
        ("Meta Platforms, Inc. ", "Meta Platforms"),
        ("Limited", "Limited"),
        ("Co-operative Group", "Co-operative Group"),
        ("", None),
    ],
)
def test_companies_lose_their_legal_form(company: str, shown: str | None) -> None:
    name = company_name(company)
    assert (name and name.shown) == shown


def test_places_are_the_levels_below_the_country() -> None:
    def shown(location: str, area: list[str]) -> set[str]:
        return {name.shown for name in place_names(location, area)}

    assert shown("Soho, London", ["UK", "London", "Soho"]) == {"London", "Soho"}
    assert shown("Deutschland", ["Deutschland"]) == set()
    assert shown("Soho, London", []) == {"Soho, London"}


def test_names_are_equal_without_case_accents_and_signs() -> None:
    assert normal_term("ŁÓDŹ: Śródmieście") == "lodz srodmiescie"
    assert normal_term("Großkönigsdorf/Ærø") == "grosskonigsdorf aero"
    assert normal_term("C++ & C# (.NET)") == "c++ c# net"
