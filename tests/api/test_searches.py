"""Saved searches: equal ones are one for everybody, countries are no places, each tells how fresh it is."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select, update

from models.account import Account
from models.base import now
from models.countries import COUNTRIES
from models.enums import FetchFault
from models.job_search import JobSearch, SavedSearch
from models.saved_search import ADVICE
from settings import JobsSettings
from tests.api.client import Api, Person, assert_problem, somebody_waits

SEARCH: dict[str, Any] = {"country": "gb", "what": "Python Engineer", "where": "London"}
PEOPLE = 25


async def save(person: Person, **terms: object) -> dict[str, Any]:
    """Save a search and return it."""
    answer = await person.post("/api/searches/", json={**SEARCH, **terms})
    assert answer.status_code == 201, answer.text
    saved: dict[str, Any] = answer.json()
    return saved


async def searches(person: Person) -> list[dict[str, Any]]:
    """List a person's searches."""
    listed: list[dict[str, Any]] = (await person.get("/api/searches/")).json()
    return listed


async def rows(api: Api) -> list[JobSearch]:
    """Return the searches that are fetched."""
    async with api.database.begin() as session:
        return list(await session.exec(select(JobSearch)))


async def test_a_search_is_saved_listed_read_renamed_and_deleted(api: Api) -> None:
    person = await api.person()
    saved = await save(person, name="Work in town", remote=True, distance_km=10)
    assert (saved["name"], saved["what"], saved["where"]) == ("Work in town", "python engineer", "london")
    assert (saved["country"], saved["remote"], saved["distance_km"]) == ("gb", True, 10)
    assert saved["origin"] == "person"
    path = f"/api/searches/{saved['id']}"
    assert (await person.get(path)).json() == saved
    renamed = (await person.patch(path, json={"name": "Elsewhere"})).json()
    assert renamed == {**saved, "name": "Elsewhere"}
    assert await searches(person) == [renamed]
    assert (await person.request("DELETE", path)).status_code == 204
    assert await searches(person) == []
    assert_problem(await person.get(path), 404, "not-found")
    assert await rows(api) == []


async def test_what_somebody_typed_goes_with_the_last_wish_for_it(api: Api) -> None:
    one, other = await api.person(), await api.person()
    shared, alone = await save(one, what="shared words"), await save(one, what="Anna Nowak's words")
    await save(other, what="shared words")
    await one.patch("/api/profile/", json={"preferences": {"titles": ["Baker"], "countries": ["gb"]}})
    for saved in (shared, alone):
        assert (await one.request("DELETE", f"/api/searches/{saved['id']}")).status_code == 204
    assert {each.what for each in await rows(api)} == {"shared words", "baker"}
    await one.patch("/api/profile/", json={"preferences": {"titles": ["Cook"]}})
    assert {each.what for each in await rows(api)} == {"shared words", "cook"}


async def test_a_search_of_the_settings_stays_whoever_leaves_it(api: Api) -> None:
    person = await api.person()
    saved = await save(person)
    async with api.database.begin() as session:
        await session.exec(update(JobSearch).values(is_default=True))
    assert (await person.request("DELETE", f"/api/searches/{saved['id']}")).status_code == 204
    assert len(await rows(api)) == 1


async def test_a_search_without_a_name_is_named_by_its_terms(api: Api) -> None:
    person = await api.person()
    assert (await save(person))["name"] == "Python engineer, London, United Kingdom"
    only = {"what": "", "where": "", "category": "IT-Jobs", "country": "NL", "remote": True}
    saved = await save(person, **only)
    assert (saved["name"], saved["category"]) == ("It-jobs, Netherlands, remote", "it-jobs")
    assert (await searches(person))[0] == saved


async def test_the_name_of_a_search_does_not_lie_open_in_the_database(api: Api) -> None:
    await save(await api.person(), name="canary")
    (row,) = await api.database.rows("SELECT saved_search::text AS row FROM saved_search", {})
    assert "canary" not in row["row"]
    assert b"canary".hex() not in row["row"]


async def test_what_has_been_fetched_is_told(api: Api) -> None:
    person = await api.person()
    saved = await save(person)
    told = ("last_refreshed_at", "next_refresh_at", "last_tried_at", "newest_posted_at", "last_error")
    assert [saved[name] for name in told] == [None] * 5
    assert (saved["ads_brought"], saved["ads_last"]) == (0, 0)
    moment = now().replace(microsecond=0)
    fetched = {"fetched_at": moment, "tried_at": moment + timedelta(1), "next_at": moment + timedelta(2)}
    counted = {"newest_posted_at": moment, "ads_brought": 70, "ads_last": 50}
    async with api.database.begin() as session:
        await session.exec(update(JobSearch).values(**fetched, **counted, last_error=FetchFault.RATE_LIMITED))
    (shown,) = await searches(person)
    plain = {
        name: shown[name] and str(shown[name]).replace("T", " ").replace("Z", "+00:00") for name in told[:4]
    }
    assert plain == {
        "last_refreshed_at": str(moment),
        "last_tried_at": str(moment + timedelta(1)),
        "next_refresh_at": str(moment + timedelta(2)),
        "newest_posted_at": str(moment),
    }
    assert (shown["ads_brought"], shown["ads_last"]) == (70, 50)
    assert shown["last_error"] == {"word": "rate_limited", "advice": ADVICE[FetchFault.RATE_LIMITED]}


def test_each_fault_has_its_advice() -> None:
    assert ADVICE.keys() == set(FetchFault)


async def test_equal_searches_of_many_people_at_once_are_one(api: Api) -> None:
    people = [await api.person() for _ in range(PEOPLE)]
    spellings = ["Python Engineer", "python  engineer", " PYTHON ENGINEER "]
    answers = await asyncio.gather(*(save(person, what=spellings[n % 3]) for n, person in enumerate(people)))
    assert len({each["id"] for each in answers}) == PEOPLE
    (search,) = await rows(api)
    async with api.database.begin() as session:
        wanted = (await session.exec(select(SavedSearch.search_id))).all()
    assert wanted == [search.id] * PEOPLE


async def test_accents_are_kept_apart_and_the_ways_to_write_them_are_not(api: Api) -> None:
    person = await api.person()
    await save(person, country="fr", where="Orl\u00e9ans")
    await save(person, country="fr", where="Orleans")
    again = await person.post("/api/searches/", json={**SEARCH, "country": "fr", "where": "Orle\u0301ans"})
    assert_problem(again, 409, "already-exists")


@pytest.mark.parametrize(
    "other",
    [
        {"country": "au"},
        {"where": "Leeds"},
        {"distance_km": 5},
        {"salary_min": 1},
        {"contract_type": "permanent"},
        {"contract_time": "part_time"},
        {"category": "it-jobs"},
        {"remote": True},
    ],
    ids=lambda each: next(iter(each)),
)
async def test_searches_that_differ_in_a_term_are_two(api: Api, other: dict[str, object]) -> None:
    person = await api.person()
    await save(person)
    saved = await save(person, **other)
    assert (
        saved.items()
        >= {name: value if name != "where" else "leeds" for name, value in other.items()}.items()
    )
    assert len(await rows(api)) == 2


async def test_what_is_saved_already_is_named(api: Api) -> None:
    person = await api.person()
    saved = await save(person)
    problem = assert_problem(await person.post("/api/searches/", json=SEARCH), 409, "already-exists")
    assert problem["id"] == saved["id"]


async def test_one_person_saving_the_same_many_times_at_once_saves_it_once(api: Api) -> None:
    person = await api.person()
    answers = await asyncio.gather(*(person.post("/api/searches/", json=SEARCH) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]
    assert len(await searches(person)) == 1


async def test_a_search_that_is_being_saved_at_this_moment_counts(api: Api) -> None:
    person = await api.person()
    for number in range(JobsSettings().searches_per_person - 1):
        await save(person, where=f"Town {number}")
    (kept, *_) = await rows(api)
    async with api.database.begin() as session:
        await session.exec(select(Account.id).where(Account.id == person.id).with_for_update(key_share=True))
        last = JobSearch.of(kept.terms().model_copy(update={"where": "here"}))
        session.add(last)
        await session.flush()
        session.add(SavedSearch(user_id=person.id, search_id=last.id))
        await session.flush()
        late = asyncio.create_task(person.post("/api/searches/", json={**SEARCH, "where": "There"}))
        await somebody_waits(api.database)
    assert_problem(await late, 409, "conflict")
    assert len(await searches(person)) == JobsSettings().searches_per_person


async def test_a_person_has_so_many_searches_and_no_more(api: Api) -> None:
    person, other = await api.person(), await api.person()
    limit = JobsSettings().searches_per_person
    towns = [f"Town {number}" for number in range(limit + 3)]
    for town in towns[: limit - 1]:
        await save(person, where=town)
    late = [person.post("/api/searches/", json={**SEARCH, "where": town}) for town in towns[limit - 1 :]]
    answers = await asyncio.gather(*late)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert assert_problem(refused, 409, "conflict")["limit"] == limit
    assert str(limit) in refused.json()["detail"]
    listed = await searches(person)
    assert len(listed) == limit
    # what was refused leaves nothing to be fetched
    assert len(await rows(api)) == limit
    await save(other)
    await person.request("DELETE", f"/api/searches/{listed[0]['id']}")
    await save(person, where="Another")


async def test_searches_are_their_persons_alone(api: Api) -> None:
    person, other = await api.person(), await api.person()
    saved = await save(person, name="Canary")
    path = f"/api/searches/{saved['id']}"
    assert await searches(other) == []
    for answer in (
        await other.get(path),
        await other.patch(path, json={"name": "Mine"}),
        await other.request("DELETE", path),
        await person.get(f"/api/searches/{uuid4()}"),
    ):
        assert_problem(answer, 404, "not-found")
    assert await searches(person) == [saved]
    theirs = await save(other)
    assert "Canary" not in str(theirs)
    assert (await person.request("DELETE", path)).status_code == 204
    assert await searches(other) == [theirs]


async def test_nobody_is_shown_searches_without_a_login(api: Api) -> None:
    for method, path in (
        ("GET", ""),
        ("POST", ""),
        ("GET", uuid4()),
        ("PATCH", uuid4()),
        ("DELETE", uuid4()),
    ):
        assert_problem(await api.http.request(method, f"/api/searches/{path}"), 401, "unauthenticated")


async def test_a_country_without_jobs_is_refused_and_the_others_named(api: Api) -> None:
    person = await api.person()
    problem = assert_problem(
        await person.post("/api/searches/", json={**SEARCH, "country": "se"}), 422, "invalid"
    )
    (error,) = problem["errors"]
    assert error["loc"] == ["body", "country"]
    assert ", ".join(sorted(COUNTRIES)) in error["msg"]
    assert len(COUNTRIES) == 19


@pytest.mark.parametrize(
    ("country", "where"),
    [
        ("gb", "UK"),
        ("gb", "the U.K."),
        ("gb", "United Kingdom"),
        ("gb", "GB"),
        ("de", "Deutschland"),
        ("de", " germany "),
        ("de", "DE"),
        ("nl", "the Netherlands"),
        ("at", "\u00d6sterreich"),
        ("at", "O\u0308STERREICH"),
        ("ch", "die Schweiz"),
        ("fr", "la France"),
        ("es", "Espa\u00f1a"),
        ("in", "\u092d\u093e\u0930\u0924"),
        ("sg", "\u65b0\u52a0\u5761"),
        ("us", "U.S.A."),
        ("us", "Germany"),
        ("gb", "Ireland"),
        ("za", "Suid-Afrika"),
        ("gb", "UK (United Kingdom)"),
        ("gb", "all of the UK"),
        ("de", "Germany, Europe"),
        ("de", "ganz Deutschland"),
        ("fr", "en France"),
        ("de", "DEU"),
        ("in", "Republic of India"),
    ],
)
async def test_a_country_is_no_place_to_search_in(api: Api, country: str, where: str) -> None:
    person = await api.person()
    problem = assert_problem(
        await person.post("/api/searches/", json={"country": country, "what": "cook", "where": where}),
        422,
        "invalid",
    )
    (error,) = problem["errors"]
    assert error["loc"] == ["body", "where"]
    assert "leave it empty" in error["msg"]
    assert await rows(api) == []


@pytest.mark.parametrize(
    ("country", "where"),
    [
        ("gb", "Scotland"),
        ("gb", "Northern Ireland"),
        ("us", "New Mexico"),
        ("us", "CA"),
        ("us", "Holland, Michigan"),
        ("us", "Peru, IN"),
        ("us", "IN"),
        ("us", "IND"),
        ("in", "All Saints, Pune"),
        ("gb", "London, UK"),
        ("gb", "Europe"),
        ("ch", "BE"),
        ("br", "Franca"),
        ("be", "Luxembourg"),
        ("mx", "Ciudad de M\u00e9xico"),
        ("nl", "Noord-Holland"),
        ("za", "\u200f\u05d9\u05e8\u05d5\u05e9\u05dc\u05d9\u05dd"),
    ],
)
async def test_a_place_is_a_place(api: Api, country: str, where: str) -> None:
    assert (await save(await api.person(), country=country, where=where))["where"] == where.lower()


@pytest.mark.parametrize(
    ("terms", "where"),
    [
        ({"what": "", "where": ""}, []),
        ({"what": " ", "where": " ", "remote": True}, []),
        ({"what": "a\0b"}, ["what"]),
        ({"what": "a\nb"}, ["what"]),
        ({"where": "a\x1bb"}, ["where"]),
        ({"what": "x" * 101}, ["what"]),
        ({"what": "one " * 9}, ["what"]),
        ({"what": "!?"}, ["what"]),
        ({"where": "\u2026", "what": "cook"}, ["where"]),
        ({"name": "x" * 101}, ["name"]),
        ({"category": "it jobs"}, ["category"]),
        ({"distance_km": 0}, ["distance_km"]),
        ({"distance_km": 501}, ["distance_km"]),
        ({"distance_km": 5, "where": ""}, []),
        ({"salary_min": 0}, ["salary_min"]),
        ({"salary_min": 10**30}, ["salary_min"]),
        ({"contract_type": "slavery"}, ["contract_type"]),
        ({"country": None}, ["country"]),
    ],
    ids=range(18),
)
async def test_a_search_that_makes_no_sense_is_refused(
    api: Api, terms: dict[str, object], where: list[str]
) -> None:
    person = await api.person()
    problem = assert_problem(await person.post("/api/searches/", json={**SEARCH, **terms}), 422, "invalid")
    assert problem["errors"][0]["loc"] == ["body", *where]
    assert await rows(api) == []


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\0b", None])
async def test_a_name_is_one_line(api: Api, name: str | None) -> None:
    person = await api.person()
    saved = await save(person)
    answer = await person.patch(f"/api/searches/{saved['id']}", json={"name": name})
    assert_problem(answer, 422, "invalid")
    assert await searches(person) == [saved]


async def test_half_a_sign_is_refused(api: Api) -> None:
    person = await api.person()
    body = b'{"country": "gb", "what": "\\ud800"}'
    answer = await person.post("/api/searches/", content=body, headers={"Content-Type": "application/json"})
    assert assert_problem(answer, 422, "invalid")["errors"][0]["loc"] == ["body", "what"]


async def test_a_search_is_asked_in_the_letters_it_was_saved_in(api: Api) -> None:
    assert (await save(await api.person(), country="de", what="Straßenbau"))["what"] == "straßenbau"
