"""Administrators look after accounts: who is kept out is out at once, and somebody is left to administer."""

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import col, select

from models.account import Account
from models.account_enums import SessionEnd, TokenPurpose
from models.audit import AuditEntry
from models.base import new_id, now
from models.enums import NotificationKind, Role
from models.login_session import LoginSession
from models.notification import Notification
from models.one_time_token import OneTimeToken
from models.recovery_code import RecoveryCode
from models.sealed import place_of
from tests.api.application_scene import seal_of
from tests.api.applied import put
from tests.api.client import PASSWORD, Api, Person, assert_problem, store

REASON = "their mailbox was taken over, ticket 31"
BECAUSE = {"reason": REASON}
DEEDS = [
    ("POST", "lock", {}),
    ("POST", "unlock", {}),
    ("PUT", "role", {"role": "user"}),
    ("DELETE", "sessions", {}),
    ("DELETE", "second-factor", {}),
]


async def done(admin: Person, method: str, user_id: UUID, deed: str, **members: str) -> httpx.Response:
    """Have an administrator do something with an account."""
    return await admin.request(method, f"/api/admin/users/{user_id}/{deed}", json={**BECAUSE, **members})


async def account_of(api: Api, user_id: UUID) -> Account:
    """Return an account as it is stored."""
    async with api.database.begin() as session:
        return await session.get_one(Account, user_id)


async def ends_of(api: Api, user_id: UUID) -> list[SessionEnd | None]:
    """Return why each of a person's logins was ended."""
    async with api.database.begin() as session:
        logins = await session.exec(select(LoginSession).where(LoginSession.user_id == user_id))
        return [each.ended_by for each in logins]


async def told(person: Person) -> list[tuple[str, str | None]]:
    """Return what a person reads that was done with their account, the oldest first, and why."""
    items = (await person.get("/api/privacy/audit")).json()["items"]
    return [(each["action"], each["reason"]) for each in reversed(items)]


async def again(api: Api, person: Person) -> httpx.Response:
    """Have a person log in again."""
    body = {"email": person.email, "password": PASSWORD}
    answer = await api.http.post("/api/auth/login", json=body)
    if answer.status_code == 200:
        person.tokens = answer.json()
    return answer


async def with_second_factor(api: Api, person: Person) -> None:
    """Store a second factor with a recovery code."""
    seal = await seal_of(api, person.id)
    async with api.database.begin() as session:
        account = await session.get_one(Account, person.id)
        account.totp_sealed = seal.seal_text("JBSWY3DP", place_of("account", "totp_sealed", account.id))
        account.totp_confirmed_at = now()
        account.totp_last_step = 7
        session.add(RecoveryCode(user_id=person.id, code_hash="h"))


async def test_accounts_are_listed_page_by_page_the_newest_first(api: Api) -> None:
    people = [await api.administrator(), *[await api.person() for _ in range(4)]]
    listed: list[str] = []
    cursor: str | None = None
    while not listed or cursor:
        params: dict[str, Any] = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await people[0].get("/api/admin/users/", params=params)).json()
        listed += [each["email"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert listed == [person.email for person in reversed(people)]


async def test_an_account_is_found_by_its_whole_e_mail_in_any_case(api: Api) -> None:
    admin, person = await api.administrator(), await api.person("ada@example.org")
    found = await admin.post("/api/admin/users/find", json={"email": "ADA@example.org", **BECAUSE})
    assert found.json()["id"] == str(person.id)
    assert await told(person) == [("account.found", REASON)]
    nobody = await admin.post("/api/admin/users/find", json={"email": "da@example.org", **BECAUSE})
    assert_problem(nobody, 404, "not-found")


async def test_an_account_shows_how_much_there_is_and_nothing_of_what_was_written(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    await put(api.database, person.id)
    await person.patch("/api/profile/", json={"preferences": {"titles": ["Vermilion taster"]}})
    path = f"/api/admin/users/{person.id}"
    assert_problem(await admin.get(path), 422, "unprocessable")
    answer = await admin.get(path, headers={"X-Reason": quote(REASON)})
    shown = answer.json()
    assert (shown["email"], shown["role"], shown["locked_at"]) == (person.email, "user", None)
    assert shown["totp_enabled"] is False
    assert shown["email_confirmed_at"]
    assert shown["last_used_at"]
    assert shown["counts"]["applications"] == shown["counts"]["sessions"] == 1
    assert shown["counts"]["chat_messages"] == shown["counts"]["api_keys"] == 0
    assert "Vermilion" not in answer.text
    assert await told(person) == [("account.shown", REASON)]


async def test_who_is_locked_is_out_at_once_and_in_again_when_unlocked(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    assert (await person.get("/api/auth/me")).status_code == 200
    locked = await done(admin, "POST", person.id, "lock")
    assert locked.json()["locked_at"]
    assert_problem(await person.get("/api/auth/me"), 401, "unauthenticated")
    refresh = {"refresh_token": person.tokens["refresh_token"]}
    assert_problem(await api.http.post("/api/auth/refresh", json=refresh), 401, "unauthenticated")
    assert_problem(await again(api, person), 401, "unauthenticated")
    assert await ends_of(api, person.id) == [SessionEnd.LOCKED]
    unlocked = await done(admin, "POST", person.id, "unlock")
    assert unlocked.json()["locked_at"] is None
    assert_problem(await person.get("/api/auth/me"), 401, "unauthenticated")
    assert (await again(api, person)).status_code == 200
    assert await told(person) == [("account.locked", REASON), ("account.unlocked", REASON)]


async def test_what_was_mailed_before_a_lock_is_void_after_it(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    token = OneTimeToken.by_mail_for(person.id, TokenPurpose.RESET_PASSWORD, timedelta(hours=1))
    await store(api.database, token)
    await done(admin, "POST", person.id, "lock")
    await done(admin, "POST", person.id, "unlock")
    body = {"token": token.token(await seal_of(api, person.id)), "password": "another password"}
    answer = await api.http.post("/api/auth/password/reset", json=body)
    assert_problem(answer, 422, "unprocessable")


async def test_who_is_locked_twice_was_locked_the_first_time(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    first = await done(admin, "POST", person.id, "lock")
    second = await done(admin, "POST", person.id, "lock")
    assert first.json()["locked_at"] == second.json()["locked_at"]


async def test_who_is_made_an_administrator_logs_in_anew_and_administers(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    answer = await done(admin, "PUT", person.id, "role", role="admin")
    assert answer.json()["role"] == "admin"
    assert await ends_of(api, person.id) == [SessionEnd.ROLE_CHANGED]
    assert_problem(await person.get("/api/auth/me"), 401, "unauthenticated")
    assert (await again(api, person)).status_code == 200
    assert (await person.get("/api/admin/users/")).status_code == 200
    assert await told(person) == [("role.admin_given", REASON)]


async def test_who_is_no_administrator_any_more_administers_nothing_from_then_on(api: Api) -> None:
    admin, another = await api.administrator(), await api.administrator()
    assert (await another.get("/api/admin/users/")).status_code == 200
    assert (await done(admin, "PUT", another.id, "role", role="user")).status_code == 200
    assert_problem(await another.get("/api/admin/users/"), 401, "unauthenticated")
    await again(api, another)
    assert_problem(await another.get("/api/admin/users/"), 403, "forbidden")
    assert await told(another) == [("role.admin_taken", REASON)]


async def test_a_role_that_somebody_has_already_ends_no_login(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    assert (await done(admin, "PUT", person.id, "role", role="user")).status_code == 200
    assert await ends_of(api, person.id) == [None]


async def test_every_login_of_a_person_is_ended_and_nobody_elses(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    until = now()
    await store(
        api.database, LoginSession(id=new_id(), user_id=person.id, last_used_at=until, expires_at=until)
    )
    assert (await done(admin, "DELETE", person.id, "sessions")).status_code == 200
    assert await ends_of(api, person.id) == [SessionEnd.ENDED_BY_ADMIN] * 2
    assert await ends_of(api, admin.id) == [None]
    assert_problem(await person.get("/api/auth/me"), 401, "unauthenticated")


async def test_a_lost_second_factor_is_removed_with_its_codes_and_the_person_is_told(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    await with_second_factor(api, person)
    answer = await done(admin, "DELETE", person.id, "second-factor")
    assert answer.json()["totp_enabled"] is False
    account = await account_of(api, person.id)
    assert (account.totp_sealed, account.totp_confirmed_at, account.totp_last_step) == (None, None, None)
    assert await ends_of(api, person.id) == [SessionEnd.SECOND_FACTOR_CHANGED]
    async with api.database.begin() as session:
        assert (await session.exec(select(RecoveryCode))).all() == []
        (notification,) = await session.exec(select(Notification).where(Notification.user_id == person.id))
    assert notification.kind == NotificationKind.SECOND_FACTOR_DISABLED
    assert (await again(api, person)).status_code == 200
    assert await told(person) == [("account.second_factor_removed", REASON)]


async def test_nothing_is_begun_to_tell_who_is_being_erased(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    await with_second_factor(api, person)
    async with api.database.begin() as session:
        (await session.get_one(Account, person.id)).erasing_at = now()
    assert (await done(admin, "DELETE", person.id, "second-factor")).status_code == 200
    async with api.database.begin() as session:
        assert (await session.exec(select(Notification))).all() == []


async def test_where_there_is_no_second_factor_nobody_is_logged_out_for_it(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    assert (await done(admin, "DELETE", person.id, "second-factor")).status_code == 200
    assert await ends_of(api, person.id) == [None]


@pytest.mark.parametrize(("method", "deed", "members"), [DEEDS[0], DEEDS[2]])
async def test_the_last_administrator_is_neither_locked_nor_demoted(
    api: Api, method: str, deed: str, members: dict[str, str]
) -> None:
    admin = await api.administrator()
    locked, unconfirmed, erasing = [await api.administrator() for _ in range(3)]
    async with api.database.begin() as session:
        (await session.get_one(Account, locked.id)).locked_at = now()
        (await session.get_one(Account, unconfirmed.id)).email_confirmed_at = None
        (await session.get_one(Account, erasing.id)).erasing_at = now()
    assert_problem(await done(admin, method, admin.id, deed, **members), 409, "conflict")
    account = await account_of(api, admin.id)
    assert (account.locked_at, account.role) == (None, Role.ADMIN)
    assert await told(admin) == []
    assert (await admin.get("/api/admin/users/")).status_code == 200


@pytest.mark.parametrize(("method", "deed", "members"), [DEEDS[0], DEEDS[2]])
async def test_of_administrators_who_take_each_others_rights_at_once_one_is_left(
    api: Api, method: str, deed: str, members: dict[str, str]
) -> None:
    admins = [await api.administrator() for _ in range(4)]
    pairs = [(one, other) for one in admins for other in admins]
    answers = await asyncio.gather(*(done(one, method, other.id, deed, **members) for one, other in pairs))
    assert {answer.status_code for answer in answers} <= {200, 401, 403, 409}
    async with api.database.begin() as session:
        left = select(Account).where(Account.role == Role.ADMIN, col(Account.locked_at).is_(None))
        assert len((await session.exec(left)).all()) == 1


@pytest.mark.parametrize(("method", "deed", "members"), DEEDS)
@pytest.mark.parametrize("reason", [None, "", "    x    ", "x" * 201, "two\nlines here"])
async def test_nothing_is_done_without_a_reason(
    api: Api, method: str, deed: str, members: dict[str, str], reason: str | None
) -> None:
    admin, person = await api.administrator(), await api.person()
    path = f"/api/admin/users/{person.id}/{deed}"
    body = {**members, **({} if reason is None else {"reason": reason})}
    assert_problem(await admin.request(method, path, json=body), 422, "invalid")
    async with api.database.begin() as session:
        assert (await session.exec(select(AuditEntry))).all() == []


@pytest.mark.parametrize(("method", "deed", "members"), DEEDS)
async def test_for_nobody_nothing_is_done(api: Api, method: str, deed: str, members: dict[str, str]) -> None:
    admin = await api.administrator()
    assert_problem(await done(admin, method, uuid4(), deed, **members), 404, "not-found")
    async with api.database.begin() as session:
        assert (await session.exec(select(AuditEntry))).all() == []
