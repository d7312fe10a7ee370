"""Accounts: who logs in by what, and what those are told who do not."""

import asyncio
import json
import time
from statistics import median
from typing import Any
from uuid import uuid4

import httpx
import pyotp
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import col, select, update

from api.second_factor import STEP_SECONDS, new_recovery_codes, new_secret
from models.account import Account
from models.base import now
from models.enums import NotificationKind, Role
from models.login_session import RefreshToken
from models.notification import Notification
from settings import LimitSettings
from tests.api.client import PASSWORD, Api, ApiAt, Person, assert_problem, somebody_waits

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Safari/537.36"


async def logged_in(
    api: Api, email: str, password: str = PASSWORD, code: str | None = None, device: str = FIREFOX
) -> httpx.Response:
    """Log in."""
    body = {"email": email, "password": password, **({} if code is None else {"code": code})}
    return await api.http.post("/api/auth/login", json=body, headers={"User-Agent": device})


async def with_factor(person: Person) -> tuple[pyotp.TOTP, list[str]]:
    """Switch a second factor on, and return the authenticator and the recovery codes."""
    async with person.api.database.begin() as session:
        account = await session.get_one(Account, person.id)
        seal = account.seal(person.api.context.keys)
        secret = new_secret(account, seal)
        account.totp_confirmed_at = now()
        codes, rows = new_recovery_codes(account, seal)
        session.add_all(rows)
    return pyotp.TOTP(secret), codes


async def told(person: Person) -> list[str]:
    """Return what a person was told, in its order."""
    mine = select(Notification.kind).where(Notification.user_id == person.id).order_by(col(Notification.id))
    async with person.api.database.begin() as session:
        return list(await session.exec(mine))


async def test_who_logs_in_sees_themselves_whatever_the_case_of_the_e_mail(api: Api) -> None:
    person = await api.person("ada@example.org")
    login = await logged_in(api, "Ada@Example.org")
    assert login.status_code == 200
    assert (login.json()["expires_in"], login.json()["token_type"]) == (900, "bearer")
    person.tokens = login.json()
    me = await person.get("/api/auth/me")
    assert me.json() == {
        **me.json(),
        "id": str(person.id),
        "email": "ada@example.org",
        "role": "user",
        "totp_enabled": False,
    }


async def test_the_password_is_kept_as_argon2id_only(api: Api) -> None:
    await api.person("ada@example.org")
    async with api.database.begin() as session:
        account = (await session.exec(select(Account))).one()
    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("password", ["x" * 129, "\ud800" * 12])
async def test_a_password_that_cannot_be_is_refused_and_not_repeated(api: Api, password: str) -> None:
    content = json.dumps({"email": "ada@example.org", "password": password}).encode()
    headers = {"Content-Type": "application/json"}
    answer = await api.http.post("/api/auth/login", content=content, headers=headers)
    problem = assert_problem(answer, 422, "invalid")
    assert problem["errors"][0]["loc"] == ["body", "password"]
    assert password not in answer.text


async def test_a_wrong_password_an_unknown_e_mail_and_a_locked_account_are_answered_alike(api: Api) -> None:
    await api.person("ada@example.org")
    locked, erasing = await api.person("lock@example.org"), await api.person("gone@example.org")
    await locked.change(locked_at=now())
    await erasing.change(erasing_at=now())
    answers = [
        await logged_in(api, "ada@example.org", "wrong password"),
        await logged_in(api, "bob@example.org", "wrong password"),
        await logged_in(api, locked.email),
        await logged_in(api, erasing.email),
    ]
    for answer in answers:
        assert_problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert len({answer.content for answer in answers}) == 1


async def test_an_unknown_e_mail_takes_as_long_as_a_wrong_password(api: Api) -> None:
    await api.person("ada@example.org")
    seconds: dict[str, list[float]] = {"ada@example.org": [], "bob@example.org": []}
    for _ in range(9):
        for email, taken in seconds.items():
            began = time.perf_counter()
            await logged_in(api, email, "wrong password")
            taken.append(time.perf_counter() - began)
    known, unknown = (median(taken) for taken in seconds.values())
    assert known / 2 < unknown < known * 2


async def test_who_never_confirmed_the_e_mail_is_told_so_with_the_right_password_only(api: Api) -> None:
    person = await api.person()
    await person.change(email_confirmed_at=None)
    assert_problem(await logged_in(api, person.email), 403, "email-unconfirmed")
    assert_problem(await logged_in(api, person.email, "wrong password"), 401, "unauthenticated")


async def test_a_second_factor_is_asked_for_with_the_right_password_only(api: Api) -> None:
    person = await api.person()
    totp, _ = await with_factor(person)
    assert_problem(await logged_in(api, person.email), 401, "second-factor-required")
    assert_problem(await logged_in(api, person.email, "wrong password"), 401, "unauthenticated")
    code = totp.now()
    assert_problem(await logged_in(api, person.email, "wrong password", code), 401, "unauthenticated")
    person.tokens = (await logged_in(api, person.email, code=code)).json()
    assert (await person.get("/api/auth/me")).json()["totp_enabled"] is True


async def test_a_code_is_good_for_one_login_and_a_wrong_one_for_none(api: Api) -> None:
    person = await api.person()
    totp, recovery = await with_factor(person)
    code = totp.at(int(time.time()), counter_offset=1)
    answers = await asyncio.gather(*(logged_in(api, person.email, code=code) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]
    stale = totp.at(int(time.time()) - 10 * STEP_SECONDS)
    for wrong in (stale, "", "x" * 40, "00000000"):
        assert_problem(await logged_in(api, person.email, code=wrong), 401, "unauthenticated")
    assert (await logged_in(api, person.email, code=recovery[0])).status_code == 200
    assert_problem(await logged_in(api, person.email, code=recovery[0]), 401, "unauthenticated")


async def test_guesses_of_a_password_are_counted_and_logins_are_not(api_at: ApiAt) -> None:
    async with api_at(limits=LimitSettings(login_account="3/1h")) as api:
        person, other = await api.person(), await api.person()
        for _ in range(5):
            assert (await logged_in(api, person.email)).status_code == 200
        for _ in range(3):
            assert_problem(await logged_in(api, person.email, "wrong password"), 401, "unauthenticated")
        refused = await logged_in(api, person.email)
        problem = assert_problem(refused, 429, "rate-limited")
        assert int(refused.headers["retry-after"]) == problem["retry_after"] <= 20 * 60
        assert (await logged_in(api, other.email)).status_code == 200


async def test_guesses_at_once_are_no_way_around_the_count(api_at: ApiAt) -> None:
    async with api_at(limits=LimitSettings(login_account="3/1h")) as api:
        person = await api.person()
        guesses = (logged_in(api, person.email, f"wrong password {number}") for number in range(12))
        answers = await asyncio.gather(*guesses)
        assert sorted(answer.status_code for answer in answers) == [401] * 3 + [429] * 9


async def test_an_address_that_guesses_at_many_accounts_is_stopped(api_at: ApiAt) -> None:
    async with api_at(limits=LimitSettings(login_address="4/1h")) as api:
        for _ in range(4):
            email = f"{uuid4().hex}@example.org"
            assert_problem(await logged_in(api, email, "wrong password"), 401, "unauthenticated")
        assert_problem(await logged_in(api, "ada@example.org", "wrong password"), 429, "rate-limited")


async def test_guesses_of_a_code_are_counted(api_at: ApiAt) -> None:
    async with api_at(limits=LimitSettings(code_account="3/1h")) as api:
        person = await api.person()
        totp, _ = await with_factor(person)
        for _ in range(3):
            assert_problem(await logged_in(api, person.email, code="wrong"), 401, "unauthenticated")
        assert_problem(await logged_in(api, person.email, code=totp.now()), 429, "rate-limited")


async def test_who_is_locked_while_they_log_in_is_not_logged_in(api: Api) -> None:
    person = await api.person()
    async with api.database.begin() as session:
        await session.exec(update(Account).where(col(Account.id) == person.id).values(locked_at=now()))
        login = asyncio.create_task(logged_in(api, person.email))
        await somebody_waits(api.database)
    assert_problem(await login, 401, "unauthenticated")


async def test_a_login_with_a_password_that_is_being_changed_begins_nothing(api: Api) -> None:
    person = await api.person()
    async with api.database.begin() as session:
        changed = update(Account).where(col(Account.id) == person.id).values(password_hash="another")
        await session.exec(changed)
        login = asyncio.create_task(logged_in(api, person.email))
        await somebody_waits(api.database)
    assert_problem(await login, 401, "unauthenticated")


async def test_a_login_from_a_device_that_none_before_had_is_told_of(api: Api) -> None:
    person = await api.person()
    for device in (FIREFOX, FIREFOX, CHROME, FIREFOX, CHROME):
        assert (await logged_in(api, person.email, device=device)).status_code == 200
    assert await told(person) == [NotificationKind.NEW_LOGIN] * 2


async def test_the_very_first_login_is_told_to_nobody(api_at: ApiAt) -> None:
    async with api_at(security={"confirm_email": False}) as api:
        body = {"email": "ada@example.org", "password": PASSWORD}
        assert (await api.http.post("/api/auth/register", json=body)).status_code == 202
        tokens: dict[str, Any] = (await logged_in(api, "ada@example.org")).json()
        person = Person(api, uuid4(), "ada@example.org", tokens)
        assert (await person.get("/api/notifications/")).json()["items"] == []
        await logged_in(api, "ada@example.org", device=CHROME)
        (item,) = (await person.get("/api/notifications/")).json()["items"]
        assert item["kind"] == "new_login"


async def test_a_hash_by_old_parameters_is_made_anew_at_a_login(api: Api) -> None:
    person = await api.person()
    # argon2id of the same password with half the memory
    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1),)).hash(PASSWORD)
    await person.change(password_hash=weak)
    assert (await logged_in(api, person.email)).status_code == 200
    async with api.database.begin() as session:
        kept = (await session.get_one(Account, person.id)).password_hash
    assert "m=19456,t=2" in kept
    assert (await logged_in(api, person.email)).status_code == 200


async def test_a_deleted_account_is_told_to_log_in_again(api: Api) -> None:
    person = await api.person()
    async with api.database.begin() as session:
        await session.delete(await session.get_one(Account, person.id))
        await api.context.standing.changed(session, person.id)
    assert_problem(await person.get("/api/auth/me"), 401, "unauthenticated")
    assert_problem(await person.patch("/api/profile/", json={"daily_cap": 1}), 401, "unauthenticated")


async def test_refresh_tokens_are_kept_as_digests(api: Api) -> None:
    person = await api.person()
    async with api.database.begin() as session:
        token = (await session.exec(select(RefreshToken))).one()
    assert person.tokens["refresh_token"] not in token.token_hash
    assert len(token.token_hash) == 64


async def test_the_role_is_that_of_the_account(api: Api) -> None:
    person = await api.person("ada@example.org")
    assert_problem(await person.get("/api/admin/job-fetch"), 403, "forbidden")
    await person.change(role=Role.ADMIN)
    person.tokens = (await logged_in(api, person.email)).json()
    assert (await person.get("/api/admin/job-fetch")).status_code == 200
