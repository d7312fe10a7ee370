"""Caps and near duplicates, counted in the database under the lock of a profile."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import col, select, update

from models.answering_enums import SkipReason
from models.application import Application
from models.base import now
from models.claims import Claim, are_alike, claim, host_cap_is_reached, profile_locked
from models.database import Database
from models.enums import ApplicationState, AttemptState, Origin
from models.job import Job
from models.profile import profile_of
from tests.activities.people import add_application, add_job, add_person
from tests.activities.sweep_scene import EASY, set_rules

S = ApplicationState


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database of our own."""
    database = Database(database_url)
    yield database
    await database.close()


async def claimed(database: Database, user_id: UUID, job: Job) -> Claim:
    """Claim a job for a person."""
    async with database.begin() as session:
        profile = (await session.exec(profile_locked(user_id))).one()
        return await claim(session, profile, job, now())


async def test_a_free_person_may_apply(database: Database) -> None:
    person = await add_person(database)
    assert await claimed(database, person, await add_job(database)) == Claim()


async def test_the_daily_cap_tells_when_it_frees_a_place(database: Database) -> None:
    person = await add_person(database, cap=2)
    begun = now()
    for hours in (1, 20, 3):
        at = begun - timedelta(hours=hours)
        await add_application(database, person, await add_job(database), at=at)
    found = await claimed(database, person, await add_job(database))
    assert found.cap is SkipReason.DAILY_CAP
    assert found.free_at == begun + timedelta(hours=21)


async def test_a_cap_of_none_never_frees_a_place(database: Database) -> None:
    person = await add_person(database, cap=0)
    found = await claimed(database, person, await add_job(database))
    assert (found.cap, found.free_at) == (SkipReason.DAILY_CAP, None)


@pytest.mark.parametrize(
    ("company", "days", "state", "attempt", "counts"),
    [
        ("EXAMPLE", 2, S.SUBMITTED, None, True),
        ("Example Ltd", 29, S.AWAITING_APPROVAL, None, True),
        ("Example Ltd", 31, S.SUBMITTED, None, False),
        ("Another", 2, S.SUBMITTED, None, False),
        ("Example Ltd", 2, S.DECLINED, None, False),
        ("Example Ltd", 2, S.FAILED, AttemptState.ABSENT, False),
        ("Example Ltd", 2, S.FAILED, AttemptState.ENDED, True),
    ],
)
async def test_a_company_is_counted_by_its_normal_name(
    database: Database,
    company: str,
    days: int,
    state: ApplicationState,
    attempt: AttemptState | None,
    counts: bool,
) -> None:
    person = await add_person(database)
    earlier = await add_job(database, "Cook", company=company)
    at = now() - timedelta(days=days)
    await add_application(database, person, earlier, state, at=at, attempt=attempt)
    found = await claimed(database, person, await add_job(database, company="Example Limited"))
    assert found.cap is (SkipReason.COMPANY_CAP if counts else None)
    assert found.free_at == (at + timedelta(days=30) if counts else None)


async def test_an_unknown_company_has_no_cap_and_no_near_duplicate(database: Database) -> None:
    person = await add_person(database)
    await add_application(database, person, await add_job(database, "Data Engineer 1", company=None))
    job = await add_job(database, "Data Engineer 1", company=None, location="Nowhere")
    assert await claimed(database, person, job) == Claim()


async def test_another_try_at_the_same_job_is_not_held_against_its_company(database: Database) -> None:
    person, job = await add_person(database), await add_job(database)
    await add_application(database, person, job, S.NOT_SUBMITTED, attempt=AttemptState.ENDED)
    assert await claimed(database, person, job) == Claim()


@pytest.mark.parametrize(
    ("title", "changes", "is_near"),
    [
        ("Data Engineers", {}, True),
        ("Senior Engineer Data", {}, True),
        ("Data Engineer", {"company": "Northwind Trader"}, True),
        ("Data Engineer", {"location": "York", "area": ["UK", "North Yorkshire", "York"]}, False),
        ("Data Engineers", {"location": "UK", "area": ["UK"]}, True),
        ("Data Engineers", {"location": "West Yorkshire", "area": ["UK", "West Yorkshire"]}, True),
        ("Data Engineers", {"location": "Wales", "area": ["UK", "Wales"]}, False),
        ("Data Engineers", {"location": "", "area": []}, True),
        ("Data Engineers", {"location": "York", "area": ["UK", "N", "York"], "remote": True}, True),
        ("Data Engineers", {"country": "de"}, False),
        ("Data Analyst", {}, False),
        ("Data Engineers", {"company": "Southwind Metals"}, False),
        ("Data Engineers", {"company": None}, False),
    ],
)
async def test_a_near_duplicate_is_alike_in_title_and_company_and_not_elsewhere(
    database: Database, title: str, changes: dict[str, Any], is_near: bool
) -> None:
    person = await add_person(database)
    earlier = await add_application(
        database, person, await add_job(database, company="Northwind Traders Ltd")
    )
    job = await add_job(database, title, **{"company": "Northwind Traders", **changes})
    found = await claimed(database, person, job)
    assert found.near_duplicate_of == (earlier.id if is_near else None)


@pytest.mark.parametrize(
    ("state", "days", "is_near"),
    [(S.SUBMITTED, 29, True), (S.SUBMITTED, 31, False), (S.QUEUED, 1, True), (S.CANCELLED, 1, False)],
)
async def test_near_duplicates_are_held_applications_of_thirty_days(
    database: Database, state: ApplicationState, days: int, is_near: bool
) -> None:
    person = await add_person(database)
    earlier = await add_job(database, company="Example")
    at = now() - timedelta(days=days)
    kept = await add_application(database, person, earlier, state, at=at)
    found = await claimed(database, person, await add_job(database, "Data Engineers", company="Example"))
    assert found.near_duplicate_of == (kept.id if is_near else None)


async def test_caps_are_other_peoples_matter(database: Database) -> None:
    person, other = await add_person(database, cap=1), await add_person(database)
    await add_application(database, other, await add_job(database, company="Example"))
    assert await claimed(database, person, await add_job(database, company="Example")) == Claim()


async def test_hosts_count_by_what_crossed_the_fence_within_a_day(database: Database) -> None:
    person = await add_person(database)
    await set_rules(database, person, EASY.model_copy(update={"host_cap": 2}))

    async def reached(host: str) -> bool:
        async with database.begin() as session:
            profile = (await session.exec(profile_of(person))).one()
            return await host_cap_is_reached(session, profile, host, now())

    async def add(host: str, attempt: AttemptState | None) -> None:
        application = await add_application(database, person, await add_job(database), attempt=attempt)
        named = update(Application).where(col(Application.id) == application.id).values(host=host)
        async with database.begin() as session:
            await session.exec(named)

    for state in (AttemptState.RUNNING, AttemptState.ABSENT, AttemptState.REFUSED, None):
        await add("jobs.example.com", state)
    await add("elsewhere.example.com", AttemptState.ENDED)
    assert not await reached("jobs.example.com")
    await add("jobs.example.com", AttemptState.OPEN)
    assert await reached("jobs.example.com")
    assert not await reached("elsewhere.example.com")
    async with database.begin() as session:
        connection = await session.connection()
        await connection.execute(text("UPDATE submit_attempt SET created_at = now() - interval '25 hours'"))
    assert not await reached("jobs.example.com")
    await set_rules(database, person, EASY.model_copy(update={"host_cap": 0}))
    assert await reached("jobs.example.com")


async def test_claims_at_the_same_time_count_one_after_the_other(database: Database) -> None:
    person = await add_person(database, cap=2)
    jobs = [await add_job(database) for _ in range(6)]

    async def apply(job: Job) -> bool:
        async with database.begin() as session:
            profile = (await session.exec(profile_locked(person))).one()
            if (await claim(session, profile, job, now())).cap is not None:
                return False
            application, entry = Application.queue(person, job, Origin.PERSON)
            session.add(application)
            await session.flush()
            session.add(entry)
            return True

    assert sum(await asyncio.gather(*map(apply, jobs))) == 2


async def test_a_claim_beside_many_applications_is_quick(database: Database) -> None:
    person = await add_person(database, cap=50)
    first = await add_application(database, person, await add_job(database, company="Company First"))
    async with database.begin() as session:
        connection = await session.connection()
        for statement in _MANY:
            await connection.execute(text(statement), {"user": person, "like": first.job_id, "id": first.id})
    async with database.begin() as session:
        assert len((await session.exec(select(Application.id))).all()) == 1501
    job = await add_job(database, "Data Engineers", company="Company Firsts")
    await claimed(database, person, job)
    began = time.perf_counter()
    found = await claimed(database, person, job)
    assert time.perf_counter() - began < 1.0
    assert found.near_duplicate_of == first.id


_COLUMNS = ", ".join(Job.model_fields)
_MANY = (
    f"INSERT INTO job ({_COLUMNS})"  # noqa: S608 -- our own columns
    f" SELECT {_COLUMNS} FROM (SELECT (jsonb_populate_record(job,"
    " jsonb_build_object('id', gen_random_uuid(), 'source_id', 'many' || n, 'fingerprint', 'many' || n,"
    " 'company', 'Business ' || md5(n::text)))).* FROM job, generate_series(1, 1500) n WHERE id = :like) j",
    "INSERT INTO application SELECT (jsonb_populate_record(a, jsonb_build_object("
    "'id', gen_random_uuid(), 'job_id', j.id, 'fingerprint', j.fingerprint, 'apply_url', j.source_id,"
    " 'company_key', lower(j.company), 'created_at', now() - interval '2 days'))).*"
    " FROM application a, job j WHERE a.id = :id AND a.user_id = :user AND j.source_id LIKE 'many%'",
)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("data engineer", "data engineer", True),
        ("data engineer", "engineer data", True),
        ("data engineer", "data engineers", True),
        ("warehouse operative nights 1", "warehouse operative nights 2", False),
        ("c developer embedded systems", "c++ developer embedded systems", False),
        ("java developer", "javascript developer", False),
        ("", "", False),
    ],
)
def test_texts_are_alike_from_nine_tenths_on(one: str, other: str, alike: bool) -> None:
    assert are_alike(one, other) is alike
    assert are_alike(other, one) is alike
