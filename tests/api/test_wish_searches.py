"""The searches that bring what a profile wishes: kept with the wishes, and dropped with them."""

import asyncio
from typing import Any

from sqlmodel import select

from models.job_search import JobSearch
from models.profile import Preferences
from models.saved_search import wished
from tests.api.client import Api, Person, assert_problem

WISHES: dict[str, Any] = {"titles": ["Cook", "Baker"], "countries": ["gb", "fr", "de"]}
FIRST = {("cook", "gb"), ("cook", "fr"), ("baker", "gb"), ("baker", "fr")}


async def change(person: Person, **profile: object) -> None:
    """Change a person's profile."""
    answer = await person.patch("/api/profile/", json=profile)
    assert answer.status_code == 200, answer.text


async def searches(person: Person) -> list[dict[str, Any]]:
    """List a person's searches."""
    listed: list[dict[str, Any]] = (await person.get("/api/searches/")).json()
    return listed


async def kept(person: Person) -> set[tuple[str, str]]:
    """Return what is searched where for a person's wishes."""
    return {(each["what"], each["country"]) for each in await searches(person) if each["origin"] == "wishes"}


async def test_the_first_titles_are_searched_in_the_first_countries_whatever_the_automation(
    api: Api,
) -> None:
    person = await api.person()
    await change(person, preferences=WISHES)
    assert await kept(person) == FIRST
    await change(person, automation_mode="review")
    assert await kept(person) == FIRST
    (name,) = [
        each["name"] for each in await searches(person) if each["what"] == "cook" and each["country"] == "gb"
    ]
    assert name == "Cook, United Kingdom"
    await change(person, automation_mode="off")
    assert await kept(person) == FIRST


async def test_searches_follow_the_wishes_and_what_still_follows_stays(api: Api) -> None:
    person = await api.person()
    await change(person, preferences=WISHES, automation_mode="auto")
    before = {each["id"]: each for each in await searches(person)}
    await change(person, preferences={"titles": ["Miller", "Cook"], "countries": ["gb"]})
    assert await kept(person) == {("miller", "gb"), ("cook", "gb")}
    stayed = [each for each in await searches(person) if each["id"] in before]
    assert [each["what"] for each in stayed] == ["cook"]
    await change(person, preferences={"remote_only": True})
    assert {each["remote"] for each in await searches(person)} == {True}
    assert await kept(person) == {("miller", "gb"), ("cook", "gb")}
    await change(person, preferences={"titles": []})
    assert await searches(person) == []


async def test_a_change_that_is_refused_changes_no_search(api: Api) -> None:
    person = await api.person()
    await change(person, preferences=WISHES, automation_mode="auto")
    change_both = {"preferences": {"titles": ["Miller"]}, "automation": {"quiet_from": "22:00"}}
    assert_problem(await person.patch("/api/profile/", json=change_both), 422, "invalid")
    assert await kept(person) == FIRST


def test_at_most_six_searches_follow_from_wishes() -> None:
    many = Preferences(titles=["A", "a", "B", "C", "D"], countries=["gb", "GB", "fr", "de"])
    found = [(terms.what, terms.country) for terms in wished(many)]
    assert found == [("A", "gb"), ("A", "fr"), ("B", "gb"), ("B", "fr"), ("C", "gb"), ("C", "fr")]
    assert wished(Preferences(titles=["A"])) == []
    assert wished(Preferences(countries=["gb"])) == []


def test_of_a_long_title_the_first_words_are_searched() -> None:
    titles = ["one two three four five six seven eight nine", "x" * 200, "y" * 60 + " " + "z" * 60]
    found = [terms.what for terms in wished(Preferences(titles=titles, countries=["gb"]))]
    assert found == ["one two three four five six seven eight", "x" * 100, "y" * 60]


async def test_a_search_of_the_wishes_cannot_be_deleted_by_itself_and_counts_towards_no_limit(
    api: Api,
) -> None:
    person = await api.person()
    await change(person, preferences=WISHES, automation_mode="auto")
    listed = await searches(person)
    problem = assert_problem(
        await person.request("DELETE", f"/api/searches/{listed[0]['id']}"), 409, "conflict"
    )
    assert "wishes" in problem["detail"]
    assert await searches(person) == listed
    limit = api.context.searches_per_person
    for number in range(limit):
        body = {"country": "gb", "where": f"Town {number}"}
        assert (await person.post("/api/searches/", json=body)).status_code == 201
    assert len(await searches(person)) == limit + len(FIRST)


async def test_what_is_saved_by_name_stays_whatever_is_wished(api: Api) -> None:
    person = await api.person()
    await change(person, preferences=WISHES, automation_mode="auto")
    (wish,) = [each for each in await searches(person) if (each["what"], each["country"]) == ("cook", "gb")]
    answer = await person.post("/api/searches/", json={"country": "gb", "what": "COOK", "name": "Mine"})
    assert answer.status_code == 201
    assert answer.json() == {**wish, "origin": "person", "name": "Mine"}
    await change(person, preferences={"titles": ["Miller"]})
    assert await kept(person) == {("miller", "gb"), ("miller", "fr")}
    (mine,) = [each for each in await searches(person) if each["origin"] == "person"]
    assert mine["id"] == wish["id"]
    # wished for again: it is there already
    await change(person, preferences={"titles": ["Cook"]})
    assert await kept(person) == {("cook", "fr")}
    # no longer saved by name, it still follows from the wishes
    assert (await person.request("DELETE", f"/api/searches/{mine['id']}")).status_code == 204
    assert await kept(person) == {("cook", "gb"), ("cook", "fr")}
    assert {each["name"] for each in await searches(person)} == {"Cook, United Kingdom", "Cook, France"}


async def test_people_who_wish_the_same_at_once_have_the_same_searches(api: Api) -> None:
    people = [await api.person() for _ in range(12)]
    titles = [["Cook", "Baker"], ["Baker", "Cook"]]
    await asyncio.gather(
        *(
            change(person, preferences={**WISHES, "titles": titles[number % 2]}, automation_mode="auto")
            for number, person in enumerate(people)
        )
    )
    for person in people:
        assert await kept(person) == FIRST
    async with api.database.begin() as session:
        assert len((await session.exec(select(JobSearch))).all()) == len(FIRST)


async def test_a_search_of_the_wishes_can_be_named(api: Api) -> None:
    person, name = await api.person(), "Bread and cakes"
    await change(person, preferences=WISHES, automation_mode="auto")
    search = (await searches(person))[0]
    answer = await person.patch(f"/api/searches/{search['id']}", json={"name": name})
    assert answer.json() == {**search, "name": name}
    await change(person, automation={"min_score": 3})
    assert search["id"] in {each["id"] for each in await searches(person) if each["name"] == name}


async def test_whatever_people_do_at_once_none_waits_for_another_for_ever(api: Api) -> None:
    people = [await api.person() for _ in range(6)]
    titles = ["Cook", "Baker", "Miller"]
    for person in people:
        await change(person, preferences=WISHES, automation_mode="auto")

    async def be_busy(person: Person, number: int) -> list[int]:
        statuses = []
        for turn in range(6):
            title = titles[(number + turn) % 3]
            wishes = {"titles": titles[turn % 3 :] + titles[: turn % 3], "countries": ["fr", "gb"]}
            saved, _, changed = await asyncio.gather(
                person.post("/api/searches/", json={"country": "gb", "what": title}),
                person.post("/api/searches/", json={"country": "fr", "what": title}),
                person.patch("/api/profile/", json={"preferences": wishes}),
            )
            search_id = saved.json()["id"]
            deleted = await person.request("DELETE", f"/api/searches/{search_id}")
            statuses += [saved.status_code, changed.status_code, deleted.status_code]
        return statuses

    done = await asyncio.gather(*(be_busy(person, number) for number, person in enumerate(people)))
    assert set().union(*done) <= {200, 201, 204, 404, 409}
    async with api.database.begin() as session:
        assert len((await session.exec(select(JobSearch))).all()) == len(titles) * 2
