"""The orders of the job list, how it goes on in each, and what is counted of it."""

from datetime import timedelta
from typing import Any

import pytest

from models.base import now
from models.enums import ContractTime, ContractType, PayPeriod
from models.job import Job
from models.match_row import JobMatch
from models.search import counts
from models.search import page as pages
from tests.api.client import Api, Person, assert_problem, job_with, store

HOUR = timedelta(hours=1)
SORTS = ("newest", "relevance", "salary", "score")

Parameters = dict[str, str | int | bool]


async def page_of(person: Person, **parameters: str | int | bool) -> dict[str, Any]:
    """Return a page."""
    answer = await person.get("/api/jobs/", params=parameters)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def all_of(person: Person, **parameters: str | int | bool) -> list[str]:
    """Return the titles of all pages in their order."""
    page = await page_of(person, **parameters)
    titles = [item["title"] for item in page["items"]]
    while page["next_cursor"]:
        page = await page_of(person, **parameters, cursor=page["next_cursor"])
        assert page["items"]
        titles += [item["title"] for item in page["items"]]
    return titles


async def a_market(person: Person) -> list[Job]:
    """Store twelve jobs, some of them alike in pay, score and time; return them."""
    moment = now()
    jobs = [
        job_with(
            title=f"Cook {number}",
            posted_at=moment - (number // 3) * HOUR,
            **({"salary_eur": 1000.5 * (number % 4), "salary_period": PayPeriod.YEAR} if number % 4 else {}),
        )
        for number in range(12)
    ]
    await store(person.api.database, *jobs)
    matches = [
        JobMatch(user_id=person.id, job_id=job.id, score=None if number % 5 == 0 else 10 * (number % 5))
        for number, job in enumerate(jobs)
    ]
    await store(person.api.database, *matches)
    return jobs


async def test_each_order_goes_on_without_gap_or_repetition(api: Api) -> None:
    person = await api.person()
    jobs = await a_market(person)
    newest = sorted(jobs, key=lambda job: (job.posted_at, job.id), reverse=True)
    paid = sorted(
        (job for job in jobs if job.salary_eur), key=lambda job: (job.salary_eur, job.id), reverse=True
    )
    scored = [job for number, job in enumerate(jobs) if number % 5]
    scored.sort(key=lambda job: (jobs.index(job) % 5, job.id), reverse=True)
    for sort, expected in (("newest", newest), ("salary", paid), ("score", scored)):
        for filters in ({}, {"title": "cook"}, {"q": "cook"}):
            found = await all_of(person, sort=sort, limit=5, **filters)
            assert found == [job.title for job in expected], (sort, filters)
    ranked = await all_of(person, q="cook", limit=5)
    assert sorted(ranked) == sorted(job.title for job in jobs)


async def test_one_ad_stands_for_its_content_in_every_order(api: Api) -> None:
    person = await api.person()
    same = {"content_key": "same", "title": "Cook", "salary_eur": 50000.0}
    jobs = [job_with(**same, location=town, posted_at=now() - age * HOUR) for age, town in enumerate("abc")]
    await store(api.database, *jobs)
    await store(api.database, *(JobMatch(user_id=person.id, job_id=job.id, score=90) for job in jobs[1:]))
    for sort in SORTS:
        (item,) = (await page_of(person, q="cook", sort=sort, count=True))["items"]
        assert item["location"] == ("b" if sort == "score" else "a"), sort
        assert len(item["places"]) == 3


async def test_an_ad_without_pay_stands_for_none_with_pay_and_is_not_counted_by_salary(api: Api) -> None:
    person = await api.person()
    paid = job_with(content_key="same", salary_eur=50000.0, salary_period=PayPeriod.YEAR)
    await store(api.database, paid, job_with(content_key="same", posted_at=now() + HOUR), job_with())
    for words in ({}, {"title": "python"}):
        page = await page_of(person, sort="salary", count=True, facets=True, **words)
        assert [item["id"] for item in page["items"]] == [str(paid.id)], words
        assert page["total"] == {"count": 1, "capped": False}
        assert page["facets"]["country"] == [{"value": "gb", "count": 1}]


async def test_by_relevance_what_came_since_leaves_no_gap_behind_a_cursor(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await api.person()
    jobs = await a_market(person)
    # newer ads would take all places
    monkeypatch.setattr(pages, "IN_TITLE", len(jobs))
    monkeypatch.setattr(pages, "ANYWHERE", len(jobs))
    first = await page_of(person, q="cook", limit=4)
    shown = {item["id"] for item in first["items"]}
    left = [job for job in jobs if str(job.id) not in shown]
    await store(api.database, *(job_with(title=job.title, content_key=job.content_key) for job in left))
    await store(api.database, *(job_with(title="Cook") for _ in left))
    rest = await page_of(person, q="cook", cursor=first["next_cursor"])
    assert {item["id"] for item in rest["items"]} == {str(job.id) for job in left}


async def test_hidden_jobs_take_no_place_among_the_ranked(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "IN_TITLE", 2)
    monkeypatch.setattr(pages, "ANYWHERE", 1)
    person = await api.person()
    jobs = [job_with(title=f"Cook {number}", posted_at=now() - number * HOUR) for number in range(6)]
    await store(api.database, *jobs)
    assert await all_of(person, q="cook") == ["Cook 0", "Cook 1"]
    for job in jobs[:4]:
        assert (await person.put(f"/api/jobs/{job.id}/hidden")).status_code == 204
    assert await all_of(person, q="cook") == ["Cook 4", "Cook 5"]
    assert set(await all_of(person, q="cook", hidden=True)) == {"Cook 0", "Cook 1"}


async def test_a_cursor_is_of_one_order_only(api: Api) -> None:
    person = await api.person()
    await a_market(person)
    cursors = {sort: (await page_of(person, q="cook", sort=sort, limit=1))["next_cursor"] for sort in SORTS}
    for made_for in SORTS:
        for sort in SORTS:
            parameters: Parameters = {"q": "cook", "sort": sort, "cursor": cursors[made_for]}
            answer = await person.get("/api/jobs/", params=parameters)
            if made_for == sort:
                assert answer.status_code == 200
            else:
                problem = assert_problem(answer, 422, "invalid")
                assert problem["errors"][0]["loc"] == ["query", "cursor"]


async def test_relevance_needs_words(api: Api) -> None:
    person = await api.person()
    answer = await person.get("/api/jobs/", params={"sort": "relevance", "title": "cook"})
    assert assert_problem(answer, 422, "invalid")["errors"][0]["loc"] == ["query", "sort"]


async def test_a_list_counts_only_when_asked(api: Api) -> None:
    person = await api.person()
    await a_market(person)
    page = await page_of(person)
    assert (page["total"], page["facets"], page["corrected"]) == (None, None, None)
    page = await page_of(person, count=True, limit=2)
    assert page["total"] == {"count": 12, "capped": False}
    assert page["facets"] is None
    # of everything that is found, and not only of what comes behind
    later = await page_of(person, count=True, limit=2, cursor=page["next_cursor"])
    assert later["total"] == {"count": 12, "capped": False}
    assert (await page_of(person, count=True, q="waiter"))["total"] == {"count": 0, "capped": False}
    assert (await page_of(person, count=True, q="&"))["total"] == {"count": 0, "capped": False}


async def test_a_count_ends_at_its_bound(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "COUNTED", 11)
    person = await api.person()
    await a_market(person)
    page = await page_of(person, count=True, facets=True)
    assert page["total"] == {"count": 11, "capped": True}
    assert page["facets"]["capped"] is True
    assert page["facets"]["country"] == [{"value": "gb", "count": 11}]


async def test_facets_count_what_is_found_once_for_each_content(api: Api) -> None:
    person = await api.person()
    await store(
        api.database,
        job_with(title="Cook", contract_type=ContractType.PERMANENT, contract_time=ContractTime.FULL_TIME),
        job_with(title="Cook", country="us", remote=True, contract_time=ContractTime.PART_TIME),
        job_with(title="Cook", country="us", category="catering", content_key="same"),
        job_with(title="Cook", country="us", category="catering", content_key="same"),
        job_with(title="Waiter", country="de"),
    )
    facets = (await page_of(person, q="cook", facets=True))["facets"]
    assert facets.pop("capped") is False
    counted = {name: {each["value"]: each["count"] for each in facets[name]} for name in facets}
    assert counted == {
        "country": {"us": 2, "gb": 1},
        "remote": {"false": 2, "true": 1},
        "employment_type": {"permanent": 1, "full_time": 1, "part_time": 1},
        "category": {"it-jobs": 2, "catering": 1},
    }
    assert [each["value"] for each in facets["country"]] == ["us", "gb"]
