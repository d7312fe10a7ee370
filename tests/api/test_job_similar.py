"""Jobs that are like one: by the words of titles, in reach, and never the job itself in another town."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from models.base import now
from models.job import Job
from models.term import TermWord
from tests.api.client import Api, Person, assert_problem, job_with, store


async def similar(person: Person, job: Job, **parameters: int) -> list[dict[str, Any]]:
    """Return the jobs that are like one."""
    answer = await person.get(f"/api/jobs/{job.id}/similar", params=dict(parameters))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def titles(person: Person, job: Job, **parameters: int) -> list[str]:
    """Return their titles."""
    return [item["title"] for item in await similar(person, job, **parameters)]


def aged(hours: int, title: str, **values: object) -> Job:
    """Return a job that was posted so many hours ago."""
    return job_with(
        **{"title": title, "posted_at": now() - timedelta(hours=hours), "company": None, **values}
    )


async def test_the_likest_come_first_and_what_shares_nothing_not_at_all(api: Api) -> None:
    person = await api.person()
    job = aged(0, "Senior Python Engineer - Payments")
    await store(
        api.database,
        job,
        aged(1, "Nurse"),
        aged(2, "Python Engineer"),
        aged(3, "Junior Python Engineer, Payments"),
        aged(4, "Python Engineers for data"),
        aged(5, "Payments Clerk"),
    )
    assert await titles(person, job) == [
        "Junior Python Engineer, Payments",
        "Python Engineer",
        "Python Engineers for data",
        "Payments Clerk",
    ]
    assert await titles(person, job, limit=2) == ["Junior Python Engineer, Payments", "Python Engineer"]


async def test_a_rare_word_tells_more_than_one_that_most_have(api: Api) -> None:
    person = await api.person()
    job = aged(0, "Erlang Engineer")
    await store(
        api.database,
        *(
            TermWord(word=word, jobs=jobs, seen_at=now())
            for word, jobs in (("erlang", 3), ("engineer", 9000))
        ),
        job,
        aged(1, "Network Engineer"),
        aged(2, "Erlang Developer"),
    )
    assert await titles(person, job) == ["Erlang Developer", "Network Engineer"]


async def test_what_most_titles_of_a_country_end_in_makes_none_alike(api: Api) -> None:
    person = await api.person()
    job = aged(0, "Senior Entwickler (m/w/d)", country="de")
    await store(
        api.database,
        job,
        aged(1, "Senior Koch (m/w/d)", country="de"),
        aged(2, "Entwickler", country="de"),
    )
    assert await titles(person, job) == ["Entwickler"]


async def test_only_what_is_open_and_in_reach_is_shown(api: Api) -> None:
    person = await api.person()
    job = aged(0, "Engineer")
    abroad = {"country": "de", "currency": "EUR"}
    await store(
        api.database,
        job,
        aged(1, "Engineer here"),
        aged(2, "Engineer abroad", **abroad),
        aged(3, "Engineer remote", **abroad, remote=True),
        aged(4, "Engineer expired", expired_at=now()),
    )
    assert await titles(person, job) == ["Engineer here", "Engineer remote"]
    # and somebody may ask about a job that has ended
    async with api.database.begin() as session:
        (await session.get_one(Job, job.id)).expired_at = now()
    assert await titles(person, job) == ["Engineer here", "Engineer remote"]


async def test_an_ad_in_several_towns_is_shown_once_and_never_beside_itself(api: Api) -> None:
    person = await api.person()
    job = aged(0, "Engineer", content_key="this")
    await store(
        api.database,
        job,
        aged(1, "Engineer", content_key="this", location="Leeds"),
        newest := aged(2, "Engineer", content_key="that", location="York"),
        aged(3, "Engineer", content_key="that", location="Hull"),
    )
    assert [item["id"] for item in await similar(person, job)] == [str(newest.id)]


async def test_what_a_person_has_hidden_is_hidden_here_too(api: Api) -> None:
    ada, bob = await api.person(), await api.person()
    job, other = aged(0, "Engineer"), aged(1, "Engineer", content_key="that")
    twin = aged(2, "Engineer", content_key="that")
    await store(api.database, job, other, twin)
    assert (await ada.put(f"/api/jobs/{twin.id}/hidden")).status_code == 204
    assert await titles(ada, job) == []
    assert await titles(bob, job) == ["Engineer"]


async def test_category_and_company_decide_between_titles_that_are_equally_like(api: Api) -> None:
    person = await api.person()
    job = aged(0, "Engineer", category="it-jobs", company="Acme")
    await store(
        api.database,
        job,
        aged(1, "Engineer of roads", category="civil", company="Roads"),
        aged(2, "Engineer of nets", category="it-jobs", company="Nets"),
        aged(3, "Engineer of bits", category="it-jobs", company="Acme"),
    )
    assert await titles(person, job) == ["Engineer of bits", "Engineer of nets", "Engineer of roads"]


@pytest.mark.parametrize(
    "title", ["***", "42", "Senior", "'; DROP TABLE job; --", "C++ / C# \\ & | ! (", "a:b 'c' <-> d"]
)
async def test_any_title_can_be_asked_about(api: Api, title: str) -> None:
    person = await api.person()
    job, other = aged(0, title), aged(1, title)
    await store(api.database, job, other)
    found = await titles(person, job)
    assert found == ([] if title in {"***", "42"} else [title])


@pytest.mark.parametrize("limit", ["0", "21", "x"])
async def test_no_more_than_twenty_can_be_asked_for(api: Api, limit: str) -> None:
    person = await api.person()
    await store(api.database, job := aged(0, "Engineer"), *(aged(n, "Engineer") for n in range(1, 24)))
    answer = await person.get(f"/api/jobs/{job.id}/similar", params={"limit": limit})
    assert_problem(answer, 422, "invalid")
    assert len(await titles(person, job)) == 10
    assert len(await titles(person, job, limit=20)) == 20


async def test_an_unknown_job_is_like_nothing(api: Api) -> None:
    person = await api.person()
    assert_problem(await person.get(f"/api/jobs/{uuid4()}/similar"), 404, "not-found")
    await store(api.database, job := aged(0, "Engineer"))
    assert_problem(await api.http.get(f"/api/jobs/{job.id}/similar"), 401, "unauthenticated")
