"""Saving and hiding jobs: once, for the whole group of an ad, and whoever asks at the same time."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from models.base import now
from models.job import Job
from models.job_mark import JobMark
from tests.api.client import Api, Person, assert_problem, job_with, store

MARKS = ("saved", "hidden")


async def marks(api: Api, person: Person) -> list[dict[str, Any]]:
    """Return a person's marks as they are stored."""
    async with api.database.begin() as session:
        found = await session.exec(select(JobMark).where(JobMark.user_id == person.id))
        return [mark.model_dump() for mark in found]


async def mark(person: Person, job: Job, name: str, method: str = "PUT") -> None:
    """Put or delete a mark."""
    answer = await person.request(method, f"/api/jobs/{job.id}/{name}")
    assert answer.status_code == 204, answer.text
    assert answer.content == b""


async def a_group(api: Api) -> list[Job]:
    """Store one ad in three towns."""
    jobs = [
        job_with(content_key="same", location=town, posted_at=now() - timedelta(days=n))
        for n, town in enumerate("abc")
    ]
    await store(api.database, *jobs)
    return jobs


@pytest.mark.parametrize("name", MARKS)
async def test_a_mark_is_put_once_and_taken_away(api: Api, name: str) -> None:
    person = await api.person()
    await store(api.database, job := job_with())
    await mark(person, job, name)
    (first,) = await marks(api, person)
    other = "hidden" if name == "saved" else "saved"
    assert first[f"{name}_at"] is not None
    assert first[f"{other}_at"] is None
    assert first["content_key"] == job.content_key
    await mark(person, job, name)
    assert await marks(api, person) == [first]
    for _ in range(2):
        await mark(person, job, name, "DELETE")
        assert await marks(api, person) == []


async def test_a_job_that_loses_one_mark_keeps_the_other(api: Api) -> None:
    person = await api.person()
    await store(api.database, job := job_with())
    for name in MARKS:
        await mark(person, job, name)
    await mark(person, job, "hidden", "DELETE")
    (left,) = await marks(api, person)
    assert left["hidden_at"] is None
    assert left["saved_at"] is not None


@pytest.mark.parametrize("name", MARKS)
async def test_a_mark_is_for_the_whole_group(api: Api, name: str) -> None:
    person = await api.person()
    first, second, third = await a_group(api)
    await mark(person, first, name)
    await mark(person, second, name)
    assert [each["job_id"] for each in await marks(api, person)] == [first.id]
    await mark(person, third, name, "DELETE")
    assert await marks(api, person) == []


async def test_an_ad_that_was_changed_after_it_was_saved_can_be_taken_away(api: Api) -> None:
    person = await api.person()
    await store(api.database, job := job_with(content_key="before"))
    await mark(person, job, "saved")
    async with api.database.begin() as session:
        (await session.get_one(Job, job.id)).content_key = "after"
    await mark(person, job, "saved", "DELETE")
    assert await marks(api, person) == []


async def test_marks_are_everybodys_own(api: Api) -> None:
    ada, bob = await api.person(), await api.person()
    await store(api.database, job := job_with())
    await mark(ada, job, "saved")
    await mark(bob, job, "saved", "DELETE")
    assert len(await marks(api, ada)) == 1
    await mark(bob, job, "hidden")
    assert [each["hidden_at"] for each in await marks(api, ada)] == [None]


async def test_many_at_once_put_and_take_one_mark_without_failing(api: Api) -> None:
    person = await api.person()
    jobs = await a_group(api)
    await asyncio.gather(*(mark(person, job, "saved") for job in jobs * 3))
    assert len(await marks(api, person)) == 1
    every = [(job, name, method) for job in jobs for name in MARKS for method in ("PUT", "DELETE")]
    await asyncio.gather(*(mark(person, *each) for each in every))
    assert all(each["saved_at"] or each["hidden_at"] for each in await marks(api, person))


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("name", MARKS)
async def test_an_unknown_job_cannot_be_marked(api: Api, name: str, method: str) -> None:
    person = await api.person()
    answer = await person.request(method, f"/api/jobs/{uuid4()}/{name}")
    assert_problem(answer, 404, "not-found")


async def test_an_expired_job_can_be_saved(api: Api) -> None:
    person = await api.person()
    await store(api.database, job := job_with(expired_at=now()))
    await mark(person, job, "saved")


async def test_nobody_marks_without_a_token(api: Api) -> None:
    await store(api.database, job := job_with())
    assert_problem(await api.http.put(f"/api/jobs/{job.id}/saved"), 401, "unauthenticated")


async def test_who_was_erased_meanwhile_is_told_so(api: Api) -> None:
    person = await api.person()
    await store(api.database, job := job_with())
    async with api.database.bulk() as connection:
        await connection.execute("DELETE FROM account WHERE id = %s", [person.id])
    assert_problem(await person.put(f"/api/jobs/{job.id}/saved"), 401, "unauthenticated")
