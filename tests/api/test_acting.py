"""Administrators who act for a person: with a reason, on the person's routes alone, and told to them."""

from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from models.account_enums import Scope
from models.audit import AuditEntry
from models.base import now
from models.enums import Role
from tests.api.applied import put
from tests.api.client import Api, ApiAt, Person, assert_problem

REASON = "she asked why nothing was sent — ticket 7"


def acting(person: Person, reason: str = REASON) -> dict[str, str]:
    """Return the headers by which an administrator acts for a person."""
    return {"X-Act-For": str(person.id), "X-Reason": quote(reason)}


async def entries(api: Api) -> list[AuditEntry]:
    """Return the whole audit log."""
    async with api.database.begin() as session:
        return list(await session.exec(select(AuditEntry)))


async def entries_about(api: Api, person: Person) -> list[AuditEntry]:
    """Return what was done with a person's data."""
    return [each for each in await entries(api) if each.subject_id == person.id]


async def told(person: Person) -> list[dict[str, Any]]:
    """Return what a person reads about themselves."""
    items: list[dict[str, Any]] = (await person.get("/api/privacy/audit")).json()["items"]
    return items


async def test_an_administrator_sees_what_the_person_sees_and_the_person_reads_why(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    application = await put(api.database, person.id)
    path = f"/api/applications/{application.id}"
    assert_problem(await admin.get(path), 404, "not-found")
    seen = await admin.get(path, headers=acting(person))
    assert seen.json() == (await person.get(path)).json()
    (entry,) = await told(person)
    assert entry == {
        **entry,
        "actor": "admin",
        "actor_id": str(admin.id),
        "subject_id": str(person.id),
        "action": "GET /api/applications/{application_id}",
        "object_id": str(application.id),
        "reason": REASON,
    }


async def test_what_an_administrator_changes_is_the_persons(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    answer = await admin.patch("/api/profile/", json={"daily_cap": 3}, headers=acting(person))
    assert answer.status_code == 200
    assert (await person.get("/api/profile/")).json()["daily_cap"] == 3
    assert (await admin.get("/api/profile/")).json()["daily_cap"] != 3
    assert [each["action"] for each in await told(person)] == ["PATCH /api/profile/"]


async def test_what_is_refused_was_told_all_the_same(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    path = f"/api/applications/{uuid4()}"
    assert_problem(await admin.get(path, headers=acting(person)), 404, "not-found")
    assert len(await told(person)) == 1


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "four",
        " " * 20,
        "x" * 201,
        "a reason%0d%0aSet-Cookie: a=b",
        "%00 nothing at all",
        "%ff%fe not UTF-8",
        None,
    ],
)
async def test_without_a_reason_that_can_be_read_nobody_acts(api: Api, reason: str | None) -> None:
    admin, person = await api.administrator(), await api.person()
    headers = {"X-Act-For": str(person.id)} | ({"X-Reason": reason} if reason is not None else {})
    problem = assert_problem(await admin.get("/api/profile/", headers=headers), 422, "unprocessable")
    assert "X-Reason" in problem["detail"]
    assert await entries(api) == []


TWO_IDS = (UUID(int=1), UUID(int=2))


@pytest.mark.parametrize("header", ["", "x", "0", "null", "{},{}".format(*TWO_IDS), "{} {}".format(*TWO_IDS)])
async def test_what_names_no_account_is_refused(api: Api, header: str) -> None:
    admin = await api.administrator()
    headers = {"X-Act-For": header, "X-Reason": "a good reason"}
    assert_problem(await admin.get("/api/profile/", headers=headers), 422, "unprocessable")


async def test_for_whom_there_is_no_account_nobody_acts(api: Api) -> None:
    admin = await api.administrator()
    headers = {"X-Act-For": str(uuid4()), "X-Reason": "a good reason"}
    assert_problem(await admin.get("/api/profile/", headers=headers), 404, "not-found")
    assert await entries(api) == []


async def test_for_somebody_who_is_being_erased_nobody_acts(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    await person.change(erasing_at=now())
    assert_problem(await admin.get("/api/profile/", headers=acting(person)), 404, "not-found")
    assert await entries(api) == []


async def test_two_headers_of_one_name_are_refused(api: Api) -> None:
    admin, person, other = await api.administrator(), await api.person(), await api.person()
    for twice in (("X-Act-For", str(other.id)), ("X-Reason", "another reason")):
        headers = [*admin.headers.items(), *acting(person).items(), twice]
        assert_problem(await api.http.get("/api/profile/", headers=headers), 422, "unprocessable")
    assert await entries(api) == []


async def test_who_is_no_administrator_acts_for_nobody(api: Api) -> None:
    person, other = await api.person(), await api.person()
    for subject in (other, person):
        assert_problem(await person.get("/api/profile/", headers=acting(subject)), 403, "forbidden")
    assert await entries(api) == []


async def test_an_administrators_script_acts_for_nobody(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    script = await admin.with_key(*Scope)
    assert_problem(await script.get("/api/profile/", headers=acting(person)), 403, "forbidden")
    assert await entries_about(api, person) == []


async def test_an_administrator_who_lacks_a_second_factor_acts_for_nobody_where_one_is_needed(
    api_at: ApiAt,
) -> None:
    async with api_at(security={"admin_totp": True}) as api:
        admin, person = await api.administrator(), await api.person()
        refused = await admin.get("/api/profile/", headers=acting(person))
        assert_problem(refused, 403, "second-factor-unset")
        assert await entries(api) == []
        await admin.change(totp_confirmed_at=now())
        assert (await admin.get("/api/profile/", headers=acting(person))).status_code == 200


async def test_an_administrator_of_yesterday_acts_for_nobody(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    await admin.change(role=Role.USER)
    assert_problem(await admin.get("/api/profile/", headers=acting(person)), 403, "forbidden")
    assert await entries(api) == []


async def test_an_administrator_who_acts_has_no_more_rights_than_the_person(api: Api) -> None:
    admin, another = await api.administrator(), await api.administrator()
    answer = await admin.get("/api/admin/users/", headers=acting(another))
    assert_problem(answer, 403, "forbidden")
    assert await entries(api) == []


async def test_what_only_the_person_may_do_is_not_done_in_their_stead(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    answer = await admin.post("/api/auth/logout-all", headers=acting(person))
    assert_problem(answer, 403, "forbidden")
    assert (await person.get("/api/auth/me")).status_code == 200
    assert await entries(api) == []


async def test_a_reason_in_any_script_arrives_as_it_was_written(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    reason = "Διότι το ζήτησε 🙂 100 %"
    await admin.get("/api/profile/", headers=acting(person, reason))
    assert [each["reason"] for each in await told(person)] == [reason]


async def test_the_headers_are_described_where_they_are_heard(api: Api) -> None:
    paths = api.app.openapi()["paths"]

    def named(path: str, method: str) -> set[str]:
        return {each["name"] for each in paths[path][method].get("parameters", [])}

    assert {"X-Act-For", "X-Reason"} <= named("/api/profile/", "get")
    assert not {"X-Act-For", "X-Reason"} & named("/api/admin/users/", "get")
    assert {"403", "404"} <= paths["/api/profile/"]["get"]["responses"].keys()
