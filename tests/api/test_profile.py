"""The profile: what is sent is changed, the rest stays, and the identity is sealed."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import col, select

from models.enums import AutomationMode
from models.match_row import Interest
from models.profile import Profile, profile_of
from tests.api.client import IDENTITY, Api, Person, assert_problem
from tests.api.files import pdf_of

PREFERENCES: dict[str, Any] = {
    "titles": ["Engineer"],
    "countries": ["GB"],
    "remote_only": True,
    "salary_floor": 40000,
    "work_authorisations": [{"country": "gb", "authorised": True, "needs_sponsorship": False}],
}


async def test_a_new_profile_is_empty_and_says_what_it_lacks(api: Api) -> None:
    person = await api.person()
    profile = (await person.get("/api/profile/")).json()
    assert profile["identity"] is None
    assert profile["preferences"]["titles"] == []
    assert (profile["automation_mode"], profile["daily_cap"]) == ("off", 5)
    assert profile["missing"] == ["identity", "resume"]


async def test_what_is_sent_changes_and_the_rest_stays(api: Api) -> None:
    person = await api.person()
    await person.patch("/api/profile/", json={"preferences": PREFERENCES})
    await person.patch("/api/profile/", json={"automation_mode": "auto", "daily_cap": 0})
    profile = (await person.patch("/api/profile/", json={"identity": IDENTITY})).json()
    assert profile == (await person.get("/api/profile/")).json()
    assert profile["preferences"]["titles"] == ["Engineer"]
    assert profile["preferences"]["countries"] == ["gb"]
    assert (profile["automation_mode"], profile["daily_cap"]) == ("auto", 0)
    assert profile["identity"]["first_name"] == "Ada"
    assert profile["missing"] == ["resume"]


async def changed(person: Person, **change: object) -> dict[str, Any]:
    """Change the profile and return it."""
    answer = await person.patch("/api/profile/", json=change)
    assert answer.status_code == 200, answer.text
    profile: dict[str, Any] = answer.json()
    assert (await person.get("/api/profile/")).json() == profile
    return profile


async def test_a_new_profile_has_careful_rules_and_tells_nothing(api: Api) -> None:
    profile = (await (await api.person()).get("/api/profile/")).json()
    rules = profile["automation"]
    assert (rules["min_score"], rules["min_confidence"], rules["company_cap"]) == (70, 0.5, 1)
    assert (rules["undo_minutes"], rules["input_days"], rules["paused_until"]) == (10, 7, None)
    assert set(profile["facts"]["demographics"].values()) == {None}
    assert profile["facts"]["may_tell_current_pay"] is False


async def test_a_part_is_changed_field_by_field(api: Api) -> None:
    person = await api.person()
    await changed(person, automation={"min_score": 80, "quiet_from": "22:00", "quiet_to": "07:00"})
    profile = await changed(
        person, automation={"time_zone": "Europe/Paris"}, preferences={"titles": ["Cook"]}
    )
    rules = profile["automation"]
    assert (rules["min_score"], rules["quiet_from"], rules["time_zone"]) == (80, "22:00:00", "Europe/Paris")
    await changed(person, facts={"city": "Paris", "demographics": {"gender": "woman"}})
    profile = await changed(person, facts={"country": "FR", "demographics": {"pronouns": "she"}})
    facts = profile["facts"]
    assert (facts["city"], facts["country"]) == ("Paris", "fr")
    assert (facts["demographics"]["gender"], facts["demographics"]["pronouns"]) == ("woman", "she")
    await changed(person, identity={**IDENTITY, "phone": "+44 1"})
    profile = await changed(person, identity={**IDENTITY, "first_name": "Augusta"})
    assert (profile["identity"]["first_name"], profile["identity"]["phone"]) == ("Augusta", "+44 1")
    assert profile["preferences"]["titles"] == ["Cook"]


async def test_null_empties_a_field_or_makes_a_part_new(api: Api) -> None:
    person = await api.person()
    new = (await person.get("/api/profile/")).json()
    await changed(
        person,
        automation_mode="auto",
        daily_cap=9,
        preferences=PREFERENCES,
        facts={"city": "Paris", "languages": [{"language": "French", "level": "C1"}]},
        automation={"paused_until": "2099-01-01T00:00:00Z", "min_score": 1},
        identity={**IDENTITY, "phone": "+44 1"},
    )
    profile = await changed(
        person,
        automation={"paused_until": None},
        facts={"city": None},
        identity={**IDENTITY, "phone": None},
        preferences={"salary_floor": None},
    )
    assert (profile["automation"]["paused_until"], profile["automation"]["min_score"]) == (None, 1)
    assert (profile["facts"]["city"], len(profile["facts"]["languages"])) == (None, 1)
    assert (profile["identity"]["phone"], profile["preferences"]["salary_floor"]) == (None, None)
    parts = ("automation_mode", "daily_cap", "preferences", "facts", "automation", "identity")
    assert await changed(person, **dict.fromkeys(parts)) == new


async def test_a_part_is_checked_as_a_whole_when_it_is_changed(api: Api) -> None:
    person = await api.person()
    await changed(person, automation={"quiet_from": "22:00", "quiet_to": "07:00"})
    problem = assert_problem(
        await person.patch("/api/profile/", json={"automation": {"quiet_to": None}}), 422, "invalid"
    )
    assert problem["errors"][0]["loc"] == ["body", "automation"]
    assert (await person.get("/api/profile/")).json()["automation"]["quiet_to"] == "07:00:00"


async def test_facts_do_not_lie_open_in_the_database(api: Api) -> None:
    person = await api.person()
    await changed(person, facts={"street": "canary", "demographics": {"race": "canary"}})
    (row,) = await api.database.rows("SELECT profile::text AS row FROM profile", {})
    assert "canary" not in row["row"]
    assert b"canary".hex() not in row["row"]


async def wishes(api: Api, person: Person) -> tuple[list[tuple[str, str, list[str]]], datetime | None]:
    """Return by what new jobs find the person, and since when older ones have to be matched anew."""
    async with api.database.begin() as session:
        mine = select(Interest).where(Interest.user_id == person.id).order_by(col(Interest.title))
        interests = [(each.title, each.word, each.words) for each in await session.exec(mine)]
        profile: Profile | None = (await session.exec(profile_of(person.id))).first()
    return interests, profile.wishes_changed_at if profile is not None else None


async def test_new_jobs_find_a_person_by_the_titles_of_now_whatever_the_automation(api: Api) -> None:
    person, other = await api.person(), await api.person()
    await changed(other, automation_mode="review", preferences={"titles": ["Nurse"]})
    assert await wishes(api, person) == ([], None)
    await changed(person, preferences={"titles": ["Senior Python Engineer", "python engineer", "Cook"]})
    python, cook = ("python engineer", "python", ["python", "engineer"]), ("cook", "cook", ["cook"])
    interests, since = await wishes(api, person)
    assert cook in interests
    assert python in interests
    assert since is not None
    await changed(person, preferences={"titles": ["Cook"]}, automation_mode="review")
    cooking, _ = await wishes(api, person)
    assert cook in cooking
    assert python not in cooking
    await changed(person, automation_mode="off")
    assert (await wishes(api, person))[0] == cooking
    assert "nurse" in {title for title, *_ in (await wishes(api, other))[0]}


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({"preferences": {"salary_floor": 1}}, True),
        ({"automation": {"min_score": 60}}, True),
        ({"automation_mode": "auto"}, True),
        ({"preferences": {"titles": ["Cook"]}}, False),
        ({"automation": {"undo_minutes": 5}}, False),
        ({"facts": {"city": "Paris"}}, False),
        ({"daily_cap": 1}, False),
        ({}, False),
    ],
    ids=range(8),
)
async def test_older_jobs_are_matched_anew_when_what_is_wished_has_changed(
    api: Api, change: dict[str, object], counts: bool
) -> None:
    person = await api.person()
    await changed(person, automation_mode="review", preferences={"titles": ["Cook"]})
    _, before = await wishes(api, person)
    await changed(person, **change)
    _, after = await wishes(api, person)
    assert before is not None
    assert after is not None
    assert (after > before) is counts


async def test_an_identity_can_be_erased_and_its_absence_is_told(api: Api) -> None:
    person = await api.person()
    await person.post("/api/resumes/", files={"file": ("cv.pdf", pdf_of("Ada"), "x/y")})
    await person.patch("/api/profile/", json={"identity": IDENTITY})
    assert (await person.get("/api/profile/")).json()["missing"] == []
    profile = (await person.patch("/api/profile/", json={"identity": None})).json()
    assert (profile["identity"], profile["missing"]) == (None, ["identity"])


async def test_an_identity_does_not_lie_open_in_the_database(api: Api) -> None:
    person = await api.person()
    await person.patch("/api/profile/", json={"identity": {**IDENTITY, "phone": "+44 canary"}})
    (row,) = await api.database.rows("SELECT profile::text AS row FROM profile", {})
    for word in ("Lovelace", "canary", b"Lovelace".hex(), b"canary".hex()):
        assert word not in row["row"]


async def test_first_changes_at_once_make_one_profile(api: Api) -> None:
    person = await api.person()
    changes: list[dict[str, object]] = [{"daily_cap": 7}, {"automation_mode": "auto"}, {"identity": IDENTITY}]
    answers = await asyncio.gather(*(person.patch("/api/profile/", json=change) for change in changes))
    assert [answer.status_code for answer in answers] == [200] * 3
    profile = (await person.get("/api/profile/")).json()
    assert (profile["daily_cap"], profile["automation_mode"]) == (7, AutomationMode.AUTO)
    assert profile["identity"] is not None


async def test_profiles_are_their_persons_alone(api: Api) -> None:
    person, other = await api.person(), await api.person()
    await person.patch("/api/profile/", json={"identity": IDENTITY, "daily_cap": 9})
    assert (await other.get("/api/profile/")).json()["identity"] is None
    assert (await other.get("/api/profile/")).json()["daily_cap"] == 5


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"daily_cap": -1}, ["daily_cap"]),
        ({"daily_cap": 51}, ["daily_cap"]),
        ({"daily_cap": 10**400}, ["daily_cap"]),
        ({"automation_mode": "always"}, ["automation_mode"]),
        ({"identity": {"first_name": "Ada"}}, ["identity", "last_name"]),
        ({"identity": {**IDENTITY, "email": "nobody"}}, ["identity", "email"]),
        ({"identity": {**IDENTITY, "first_name": " "}}, ["identity", "first_name"]),
        ({"identity": {**IDENTITY, "last_name": "a\nb"}}, ["identity", "last_name"]),
        ({"identity": {**IDENTITY, "website": "javascript:alert(1)"}}, ["identity", "website"]),
        # short as it is sent, and too long once it is percent-encoded
        ({"identity": {**IDENTITY, "website": "https://x.io/" + "é" * 400}}, ["identity", "website"]),
        ({"preferences": {"titles": ["x"] * 51}}, ["preferences", "titles"]),
        ({"preferences": {"titles": ["a\0b"]}}, ["preferences", "titles", 0]),
        ({"preferences": {"countries": ["atlantis"]}}, ["preferences", "countries", 0]),
        ({"preferences": {"salary_floor": -1}}, ["preferences", "salary_floor"]),
        (
            {"preferences": {"work_authorisations": PREFERENCES["work_authorisations"] * 2}},
            ["preferences"],
        ),
        ({"automation": {"min_score": 101}}, ["automation", "min_score"]),
        ({"automation": {"time_zone": "Mars/Olympus"}}, ["automation", "time_zone"]),
        ({"automation": {"quiet_from": "22:00"}}, ["automation"]),
        ({"automation": {"paused_until": "2026-01-01T00:00:00"}}, ["automation", "paused_until"]),
        ({"facts": {"country": "xx"}}, ["facts", "country"]),
        (
            {"facts": {"current_pay": {"amount": 1, "currency": "pounds"}}},
            ["facts", "current_pay", "currency"],
        ),
        ({"facts": {"demographics": {"gender": "a\nb"}}}, ["facts", "demographics", "gender"]),
        ({"preferences": {"titles": None}}, ["preferences", "titles"]),
    ],
    ids=range(23),
)
async def test_a_change_that_makes_no_sense_is_refused(
    api: Api, change: dict[str, object], where: list[str | int]
) -> None:
    person = await api.person()
    problem = assert_problem(await person.patch("/api/profile/", json=change), 422, "invalid")
    assert problem["errors"][0]["loc"] == ["body", *where]
    assert (await person.get("/api/profile/")).json()["daily_cap"] == 5


async def test_a_client_cannot_write_what_is_not_its_to_write(api: Api) -> None:
    person, other = await api.person(), await api.person()
    body = {"daily_cap": 3, "user_id": str(other.id), "identity_sealed": "x", "missing": []}
    problem = assert_problem(await person.patch("/api/profile/", json=body), 422, "invalid")
    refused = {error["loc"][-1] for error in problem["errors"] if error["type"] == "extra_forbidden"}
    assert refused == {"user_id", "identity_sealed", "missing"}
    for each in (person, other):
        assert (await each.get("/api/profile/")).json()["daily_cap"] == 5


async def test_a_currency_is_named_in_any_case(api: Api) -> None:
    person = await api.person()
    answer = await person.patch("/api/profile/", json={"preferences": {"currency": "gbp"}})
    assert answer.json()["preferences"]["currency"] == "GBP"
    assert_problem(
        await person.patch("/api/profile/", json={"preferences": {"currency": "£"}}), 422, "invalid"
    )
