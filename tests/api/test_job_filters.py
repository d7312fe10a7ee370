"""Filters by place, pay, marks, applications and scores, and one ad for each content."""

from datetime import timedelta
from typing import Any

import pytest

from models.application import Application
from models.base import now
from models.enums import Actor, ApplicationState, EndReason, Origin, PayPeriod, TermKind
from models.exchange_rate import ExchangeRate
from models.job import Job
from models.job_mark import JobMark
from models.match_row import JobMatch
from models.term import Term
from tests.api.client import Api, Person, assert_problem, job_with, store

HOUR = timedelta(hours=1)
PER_EURO = {"GBP": 0.82918, "USD": 1.0389}
"""What the table of rates begins with."""

LONDON, CROYDON, LEEDS = (51.507, -0.128), (51.376, -0.098), (53.801, -1.549)


async def items(person: Person, **filters: str | int | bool) -> list[dict[str, Any]]:
    """Return what a search finds."""
    answer = await person.get("/api/jobs/", params=filters)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def titles(person: Person, **filters: str | int | bool) -> list[str]:
    """Return the titles of what a search finds."""
    return [item["title"] for item in await items(person, **filters)]


def at(title: str, point: tuple[float, float] | None, **values: object) -> Job:
    """Return a job somewhere."""
    latitude, longitude = point or (None, None)
    return job_with(title=title, latitude=latitude, longitude=longitude, **values)


def paid(title: str, most: int, currency: str, **values: object) -> Job:
    """Return a job with an employer's word on its pay."""
    year = {"salary_period": PayPeriod.YEAR, "salary_eur": most / PER_EURO.get(currency, 1.0)}
    return job_with(title=title, salary_max=most, currency=currency, **{**year, **values})


async def test_a_radius_is_in_kilometres_around_a_point(api: Api) -> None:
    person = await api.person()
    await store(api.database, at("a", LONDON), at("b", CROYDON), at("c", LEEDS), at("d", None))
    near = {"near": "51.507,-0.128"}
    assert set(await titles(person, **near, radius_km=14)) == {"a"}
    assert set(await titles(person, **near, radius_km=15)) == {"a", "b"}
    assert set(await titles(person, **near)) == {"a", "b"}
    assert set(await titles(person, **near, radius_km=300)) == {"a", "b", "c"}


async def test_a_radius_crosses_the_date_line(api: Api) -> None:
    person = await api.person()
    await store(api.database, at("west", (-16.8, 179.99)), at("east", (-16.8, -179.99)))
    assert set(await titles(person, near="-16.8,179.99", radius_km=5)) == {"west", "east"}


async def test_a_named_place_has_the_middle_of_its_jobs_and_those_that_only_name_it(api: Api) -> None:
    person = await api.person()
    place = Term(kind=TermKind.PLACE, country="gb", normal="london", shown="London", jobs=9, seen_at=now())
    place.latitude, place.longitude = LONDON
    await store(
        api.database,
        place,
        at("a", LONDON, location="Anywhere"),
        at("b", CROYDON, location="Croydon"),
        at("c", LEEDS, location="London Road, Leeds", area=["UK", "Leeds"]),
        at("d", None, location="London, UK"),
        at("e", None, location="Leeds", area=["UK", "Leeds"]),
    )
    assert set(await titles(person, location="London", radius_km=30)) == {"a", "b", "d"}
    assert set(await titles(person, location="london, UK", radius_km=5)) == {"a", "d"}
    assert await titles(person, location="croydon") == ["b"]


async def test_of_places_of_one_name_the_one_with_the_most_jobs_is_meant(api: Api) -> None:
    person = await api.person()
    for country, jobs, point in (("ca", 3, LEEDS), ("gb", 9, LONDON), ("us", 1, CROYDON)):
        place = Term(
            kind=TermKind.PLACE, country=country, normal="london", shown="London", jobs=jobs, seen_at=now()
        )
        place.latitude, place.longitude = point
        await store(api.database, place)
    await store(api.database, at("british", LONDON), at("other", LEEDS, country="ca"))
    assert await titles(person, location="London", radius_km=5) == ["british"]
    assert await titles(person, location="London", radius_km=5, country="ca") == ["other"]


async def test_a_radius_needs_a_place_that_is_known(api: Api) -> None:
    person = await api.person()
    unknown = await person.get("/api/jobs/", params={"location": "Atlantis", "radius_km": 10})
    refused = assert_problem(unknown, 422, "unprocessable")["detail"]
    assert "not known where" in refused
    assert "near=latitude,longitude" in refused
    alone = await person.get("/api/jobs/", params={"radius_km": 10})
    assert assert_problem(alone, 422, "invalid")["errors"][0]["loc"] == ["query", "radius_km"]


async def test_a_salary_is_compared_in_the_currency_that_is_named(api: Api) -> None:
    person = await api.person()
    await store(
        api.database,
        paid("pounds", 50000, "GBP"),
        paid("dollars", 50000, "USD", country="us"),
        job_with(title="unknown", salary_max=90000),
    )
    assert set(await titles(person, salary=50000, currency="GBP")) == {"pounds"}
    assert set(await titles(person, salary=39000, currency="gbp")) == {"pounds", "dollars"}
    assert set(await titles(person, salary=50000, currency="USD")) == {"pounds", "dollars"}
    assert set(await titles(person, salary=50000, currency="USD", country="us")) == {"dollars"}


async def test_a_salary_is_in_the_persons_currency_else_the_countrys_else_each_jobs_own(api: Api) -> None:
    person = await api.person()
    await store(api.database, paid("pounds", 50000, "GBP"), paid("dollars", 50000, "USD", country="us"))
    assert set(await titles(person, salary=50000)) == {"pounds", "dollars"}
    assert await titles(person, salary=50001) == []
    assert await titles(person, salary=50000, country="us") == ["dollars"]
    preferences = {"preferences": {"currency": "EUR"}}
    assert (await person.patch("/api/profile/", json=preferences)).status_code == 200
    assert await titles(person, salary=50001) == ["pounds"]
    assert await titles(person, salary=50000, country="us") == []


async def test_new_rates_count_at_once_and_an_unknown_currency_is_refused(api: Api) -> None:
    person = await api.person()
    await store(api.database, paid("euros", 50000, "EUR", country="de"))
    unknown = await person.get("/api/jobs/", params={"salary": 1, "currency": "XXX"})
    assert "XXX" in assert_problem(unknown, 422, "unprocessable")["detail"]
    await store(api.database, ExchangeRate(currency="XXX", per_euro=2.0, as_of=now().date()))
    assert await titles(person, salary=100000, currency="XXX") == ["euros"]
    assert await titles(person, salary=100001, currency="XXX") == []


async def test_a_known_salary_is_the_employers_word(api: Api) -> None:
    person = await api.person()
    await store(
        api.database,
        paid("said", 50000, "GBP"),
        job_with(title="guessed", salary_max=50000, salary_predicted=True),
        job_with(title="none"),
    )
    assert await titles(person, salary_known=True) == ["said"]
    assert set(await titles(person, salary_known=False)) == {"guessed", "none"}


async def test_one_ad_stands_for_its_content_with_all_its_places(api: Api) -> None:
    person = await api.person()
    same = {"content_key": "same", "title": "Cook"}
    new, old, gone = (
        job_with(**same, location="Leeds", area=["UK", "Leeds"], posted_at=now() - HOUR),
        job_with(**same, location="York", area=["UK", "York"], posted_at=now() - 2 * HOUR, remote=True),
        job_with(**same, location="Hull", expired_at=now()),
    )
    abroad = job_with(**same, location="Cork", country="us", posted_at=now() - 3 * HOUR)
    await store(api.database, new, old, gone, abroad)
    first, second = await items(person)
    assert (first["id"], second["id"]) == (str(new.id), str(abroad.id))
    assert first["places"] == [
        {"job_id": str(new.id), "location": "Leeds"},
        {"job_id": str(old.id), "location": "York"},
    ]
    assert second["places"] == [{"job_id": str(abroad.id), "location": "Cork"}]
    # the newest of those that meet the filters
    assert [item["id"] for item in await items(person, location="york")] == [str(old.id)]
    assert [item["id"] for item in await items(person, remote=True)] == [str(old.id)]
    assert [item["id"] for item in await items(person, q="cook", country="gb")] == [str(new.id)]
    detail = (await person.get(f"/api/jobs/{gone.id}")).json()
    assert [place["location"] for place in detail["places"]] == ["Leeds", "York"]


async def test_marks_count_for_all_places_and_for_one_person(api: Api) -> None:
    person, other = await api.person(), await api.person()
    one, two = (job_with(content_key="same", title=title) for title in ("one", "two"))
    plain = job_with(title="plain", posted_at=now() - HOUR)
    await store(api.database, one, two, plain)
    await store(
        api.database,
        JobMark(user_id=person.id, job_id=one.id, content_key="same", saved_at=now()),
        JobMark(user_id=other.id, job_id=plain.id, content_key=plain.content_key, hidden_at=now()),
    )
    assert [(item["title"], item["saved"], item["hidden"]) for item in await items(person)] == [
        ("two", True, False),
        ("plain", False, False),
    ]
    assert await titles(person, saved=True) == ["two"]
    assert await titles(person, saved=False) == ["plain"]
    assert await titles(person, hidden=True) == []
    assert await titles(other) == ["two"]
    assert await titles(other, hidden=True) == ["plain"]
    assert (await items(other, hidden=True))[0]["hidden"] is True
    assert await titles(other, hidden=False) == ["two"]
    assert (await person.get(f"/api/jobs/{two.id}")).json()["saved"] is True


async def test_applications_count_for_all_places_unless_they_never_were_sent(api: Api) -> None:
    person, other = await api.person(), await api.person()
    one, two = (job_with(content_key="same", title=title) for title in ("one", "two"))
    withdrawn, plain = job_with(title="withdrawn"), job_with(title="plain")
    await store(api.database, one, two, withdrawn, plain)
    held, _ = Application.queue(person.id, one, Origin.PERSON)
    ended, _ = Application.queue(person.id, withdrawn, Origin.PERSON)
    ended.move(ApplicationState.CANCELLED, Actor.USER, EndReason.CANCELLED_BY_USER)
    await store(api.database, held, ended)
    states = {item["title"]: item["application_state"] for item in await items(person)}
    assert states == {"two": "queued", "withdrawn": None, "plain": None}
    assert await titles(person, applied=True) == ["two"]
    assert set(await titles(person, applied=False)) == {"withdrawn", "plain"}
    assert len(await titles(other, applied=False)) == 3
    assert (await person.get(f"/api/jobs/{one.id}")).json()["application_state"] == "queued"


async def test_scores_are_shown_and_filtered_for_the_person_alone(api: Api) -> None:
    person, other = await api.person(), await api.person()
    good, poor, unseen = job_with(title="good"), job_with(title="poor"), job_with(title="unseen")
    await store(api.database, good, poor, unseen)
    await store(
        api.database,
        JobMatch(user_id=person.id, job_id=good.id, score=80),
        JobMatch(user_id=person.id, job_id=poor.id, score=40),
        JobMatch(user_id=other.id, job_id=unseen.id, score=90),
    )
    scores = {item["title"]: item["score"] for item in await items(person)}
    assert scores == {"good": 80, "poor": 40, "unseen": None}
    assert await titles(person, min_score=41) == ["good"]
    assert set(await titles(person, min_score=0)) == {"good", "poor"}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [({"category": "it-jobs"}, ["a"]), ({"category": "IT"}, []), ({"category": "it-jobs", "title": "b"}, [])],
)
async def test_a_category_is_adzunas_tag(api: Api, filters: dict[str, str], expected: list[str]) -> None:
    person = await api.person()
    await store(api.database, job_with(title="a"), job_with(title="b", category="legal-jobs"))
    assert await titles(person, **filters) == expected
