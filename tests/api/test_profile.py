"""The profile: what is sent is changed, the rest stays, and the identity is sealed."""

import asyncio
from typing import Any

import pytest

from models.enums import AutomationMode
from tests.api.client import IDENTITY, Api, assert_problem
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
    ],
    ids=range(15),
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
    assert (await person.patch("/api/profile/", json=body)).json()["missing"] == ["identity", "resume"]
    assert (await other.get("/api/profile/")).json()["daily_cap"] == 5
