"""The job list: filters, order and pages, and one job by itself."""

import base64
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from models.base import now
from models.countries import COUNTRIES
from models.enums import ContractTime, ContractType, PayPeriod
from models.keyset import escaped
from models.search.conditions import Asked
from models.search.filters import JobFilters
from models.search.known import Known
from models.search.page import page_of
from tests.api.client import Api, Person, assert_problem, job_with, store

Found = list[str]


POUNDS = 0.82918
"""For a euro: what the table of rates begins with."""


def yearly(pounds: float) -> dict[str, Any]:
    """Return what a job's row has beside a yearly salary in pounds."""
    return {"salary_period": PayPeriod.YEAR, "salary_eur": pounds / POUNDS}


async def titles(person: Person, **filters: str | int | bool) -> Found:
    """Return the titles that a search finds, in their order."""
    answer = await person.get("/api/jobs/", params=filters)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


async def test_a_job_is_shown_as_it_was_advertised_with_its_attribution(api: Api) -> None:
    person = await api.person()
    job = job_with(salary_min=40000, salary_max=50000, contract_type=ContractType.PERMANENT, company=None)
    await store(api.database, job)
    answer = await person.get("/api/jobs/")
    (item,) = answer.json()["items"]
    assert item["id"] == str(job.id)
    assert item["company"] is None
    assert item["attribution"] == {"label": "Jobs by Adzuna", "url": "https://www.adzuna.co.uk"}
    assert (item["salary_min"], item["salary_max"], item["currency"]) == (40000, 50000, "GBP")
    assert item["salary_is_estimate"] is False
    assert item["contract_type"] == "permanent"
    assert "description" not in item
    assert answer.json()["next_cursor"] is None


async def test_one_job_is_shown_with_its_text_also_when_it_has_expired(api: Api) -> None:
    person = await api.person()
    job = job_with(expired_at=now(), description="All of it.")
    await store(api.database, job)
    answer = await person.get(f"/api/jobs/{job.id}")
    assert answer.status_code == 200
    assert answer.json()["description"] == "All of it."
    assert answer.json()["expired_at"] is not None
    assert await titles(person) == []


async def test_an_unknown_job_is_not_found(api: Api) -> None:
    person = await api.person()
    assert_problem(await person.get(f"/api/jobs/{uuid4()}"), 404, "not-found")
    assert_problem(await person.get("/api/jobs/1"), 422, "invalid")


async def test_each_country_is_attributed_to_its_own_site(api: Api) -> None:
    person = await api.person()
    await store(api.database, *(job_with(country=country) for country in COUNTRIES))
    items = (await person.get("/api/jobs/", params={"limit": 100})).json()["items"]
    ending = {"gb": "co.uk", "us": "com", "au": "com.au", "br": "com.br", "mx": "com.mx"}
    ending |= {"nz": "co.nz", "za": "co.za"}
    sites = {item["country"]: item["attribution"]["url"] for item in items}
    assert sites == {each: f"https://www.adzuna.{ending.get(each, each)}" for each in COUNTRIES}


MARKET: list[dict[str, Any]] = [
    {"title": "Senior Python engineer", "company": "Acme Ltd", "location": "London, UK"},
    {"title": "Nurse 100%", "company": "NHS_Trust", "location": "Leeds, UK", "remote": True},
    {"title": "Nurse 1000", "company": "NHSXTrust", "location": "Leeds, UK"},
    {"title": "C:\\temp cleaner", "company": None, "location": "Paris", "country": "fr", "currency": "EUR"},
]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"title": "python"}, ["Senior Python engineer"]),
        ({"title": "ENGINEER senior"}, ["Senior Python engineer"]),
        ({"title": "python nurse"}, []),
        ({"title": "1000"}, ["Nurse 1000"]),
        ({"title": "%"}, []),
        ({"title": "_"}, []),
        ({"title": "c:\\temp"}, ["C:\\temp cleaner"]),
        ({"title": "'; DROP TABLE job; --"}, []),
        ({"title": "engin sen"}, ["Senior Python engineer"]),
        ({"title": "gineer"}, []),
        ({"company": "NHS_Trust"}, ["Nurse 100%"]),
        ({"company": "NHS"}, ["Nurse 100%", "Nurse 1000"]),
        ({"company": "nurse"}, []),
        ({"company": "acme"}, ["Senior Python engineer"]),
        ({"location": "leeds"}, ["Nurse 100%", "Nurse 1000"]),
        ({"country": "FR"}, ["C:\\temp cleaner"]),
        ({"remote": "true"}, ["Nurse 100%"]),
        ({"remote": "false"}, ["Senior Python engineer", "Nurse 1000", "C:\\temp cleaner"]),
        ({"currency": "eur"}, ["C:\\temp cleaner"]),
        ({"title": "  "}, [job["title"] for job in MARKET]),
        ({"title": "nurse", "remote": "true", "location": "leeds", "currency": "GBP"}, ["Nurse 100%"]),
    ],
)
async def test_each_filter_finds_what_it_says(api: Api, filters: dict[str, str], expected: Found) -> None:
    person = await api.person()
    moment = now()
    jobs = [job_with(posted_at=moment - timedelta(hours=age), **job) for age, job in enumerate(MARKET)]
    await store(api.database, *jobs)
    assert await titles(person, **filters) == expected


@pytest.mark.parametrize(
    ("minimum", "expected"),
    [(0, ["both", "minimum only"]), (45000, ["both", "minimum only"]), (50000, ["both"]), (50001, [])],
)
async def test_the_salary_filter_compares_what_the_employer_offers(
    api: Api, minimum: int, expected: Found
) -> None:
    person = await api.person()
    await store(
        api.database,
        job_with(title="no salary", posted_at=now() - timedelta(hours=3)),
        job_with(
            title="minimum only", salary_min=45000, posted_at=now() - timedelta(hours=2), **yearly(45000)
        ),
        job_with(
            title="both",
            salary_min=40000,
            salary_max=50000,
            posted_at=now() - timedelta(hours=1),
            **yearly(50000),
        ),
        job_with(title="estimate", salary_min=90000, salary_max=90000, salary_predicted=True),
    )
    assert await titles(person, salary=minimum) == expected


async def test_an_estimated_salary_is_marked(api: Api) -> None:
    person = await api.person()
    await store(api.database, job_with(salary_min=1, salary_max=2, salary_predicted=True))
    (item,) = (await person.get("/api/jobs/")).json()["items"]
    assert item["salary_is_estimate"] is True


async def test_employment_types_and_ages_are_filtered(api: Api) -> None:
    person = await api.person()
    await store(
        api.database,
        job_with(title="a", contract_type=ContractType.CONTRACT, posted_at=now() - timedelta(days=3)),
        job_with(title="b", contract_time=ContractTime.PART_TIME, posted_at=now() - timedelta(hours=20)),
    )
    assert await titles(person, employment_type="contract") == ["a"]
    assert await titles(person, employment_type="part_time") == ["b"]
    assert await titles(person, employment_type="full_time") == []
    assert await titles(person, posted_within=1) == ["b"]
    assert await titles(person, posted_within=4) == ["b", "a"]


async def test_pages_follow_each_other_without_gap_or_repetition(api: Api) -> None:
    person = await api.person()
    moment = now()
    # several were posted at the same instant, so that the id must decide
    jobs = [job_with(title=f"{n}", posted_at=moment - timedelta(hours=n // 4)) for n in range(11)]
    await store(api.database, *jobs)
    seen: list[str] = []
    parameters: dict[str, str | int | bool] = {"limit": 3}
    for _ in range(4):
        page: dict[str, Any] = (await person.get("/api/jobs/", params=parameters)).json()
        seen += [item["id"] for item in page["items"]]
        parameters["cursor"] = page["next_cursor"] or ""
    expected = sorted(jobs, key=lambda job: (job.posted_at, job.id), reverse=True)
    assert seen == [str(job.id) for job in expected]
    assert parameters["cursor"] == ""


async def test_a_job_posted_meanwhile_moves_no_page(api: Api) -> None:
    person = await api.person()
    await store(api.database, *(job_with(posted_at=now() - timedelta(hours=n + 1)) for n in range(4)))
    first = (await person.get("/api/jobs/", params={"limit": 2})).json()
    await store(api.database, job_with())
    second = (await person.get("/api/jobs/", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert not {item["id"] for item in first["items"]} & {item["id"] for item in second["items"]}
    assert len(second["items"]) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "x" * 101),
        ("title", "a b c d e f g h i"),
        ("title", "a\0b"),
        ("location", "a\nb"),
        ("country", "xx"),
        ("remote", "perhaps"),
        ("salary", "-1"),
        ("salary", "9" * 40),
        ("salary", "nan"),
        ("currency", "pounds"),
        ("posted_within", "0"),
        ("posted_within", "9999999999999999999999"),
        ("employment_type", "slavery"),
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "1e3"),
        ("cursor", "x"),
        ("cursor", "é"),
        ("cursor", base64.urlsafe_b64encode(b"n\x7f" + b"\xff" * 31).decode()),
        ("cursor", base64.urlsafe_b64encode(b"n\x80" + b"\x00" * 31).decode()),
        ("cursor", base64.urlsafe_b64encode(b"x" + b"\x00" * 32).decode()),
        ("titel", "x"),
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(api: Api, name: str, value: str) -> None:
    person = await api.person()
    problem = assert_problem(await person.get("/api/jobs/", params={name: value}), 422, "invalid")
    assert problem["errors"][0]["loc"] == ["query", name]


async def test_any_other_place_is_a_place_all_the_same(api: Api) -> None:
    person = await api.person()
    await store(api.database, job_with())
    for place in (b"\x00" * 32, b"\xff" * 24 + b"\x00" * 8):
        cursor = base64.urlsafe_b64encode(b"n" + place).decode()
        assert await titles(person, cursor=cursor) == []


def test_values_are_parameters_and_never_part_of_the_sql() -> None:
    hostile = "x');--"
    filters = JobFilters(q=hostile, title=hostile, company=hostile, location=hostile, category=hostile)
    sql, parameters, _ = page_of(Asked(filters, Known(), uuid4()), now())
    assert hostile not in sql
    assert list(parameters.values()).count(hostile) == 6


def test_pattern_signs_stand_for_themselves() -> None:
    assert escaped("50%_\\") == "50\\%\\_\\\\"
