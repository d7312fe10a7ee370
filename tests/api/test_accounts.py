"""Accounts: registering, logging in, and who is let in by which token."""

import asyncio
import base64
import json
import time
from statistics import median
from typing import Any
from uuid import uuid4

import jwt
import pytest
from sqlmodel import select, update

from api.security import ALGORITHM, AUDIENCE, ISSUER
from models.account import Account
from models.base import now
from models.enums import Role
from models.login_session import RefreshToken
from tests.api.client import PASSWORD, Api, assert_problem
from tests.api.configured import JWT_SECRET


def claims(**changed: object) -> dict[str, Any]:
    """Return the claims of a token that is let in, but for what is changed; None leaves a claim out."""
    moment = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(uuid4()),
        "role": "user",
        "iat": moment,
        "nbf": moment,
        "exp": moment + 60,
        "jti": "j",
        "sid": str(uuid4()),
    }
    return {name: value for name, value in {**good, **changed}.items() if value is not None}


def signed(content: dict[str, Any], secret: str = JWT_SECRET, algorithm: str = ALGORITHM) -> str:
    """Return a token with these claims."""
    return jwt.encode(content, secret, algorithm=algorithm)


def unsigned(content: dict[str, Any]) -> str:
    """Return a token that claims to need no signature."""
    parts = ({"alg": "none", "typ": "JWT"}, content)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return f"{encoded[0]}.{encoded[1]}."


async def test_who_registers_can_log_in_and_see_themselves(api: Api) -> None:
    credentials = {"email": "Ada@Example.org", "password": PASSWORD}
    registered = await api.http.post("/api/auth/register", json=credentials)
    assert registered.status_code == 201
    login = await api.http.post("/api/auth/login", json=credentials)
    assert login.status_code == 200
    assert login.json()["expires_in"] == 900
    me = await api.http.get(
        "/api/auth/me", headers={"Authorization": f"Bearer {login.json()['access_token']}"}
    )
    assert me.status_code == 200
    assert me.json() == registered.json() == {**me.json(), "email": "ada@example.org", "role": "user"}


async def test_an_e_mail_registers_once_whatever_its_case(api: Api) -> None:
    await api.person("ada@example.org")
    answer = await api.http.post(
        "/api/auth/register", json={"email": "ADA@example.org", "password": PASSWORD}
    )
    assert_problem(answer, 409, "already-exists")


async def test_of_two_registrations_at_once_one_wins(api: Api) -> None:
    body = {"email": "ada@example.org", "password": PASSWORD}
    answers = await asyncio.gather(*(api.http.post("/api/auth/register", json=body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_nobody_can_register_as_an_administrator(api: Api) -> None:
    body = {"email": "eve@example.org", "password": PASSWORD, "role": "admin", "id": str(uuid4())}
    assert_problem(await api.http.post("/api/auth/register", json=body), 422, "invalid")
    assert await api.database.rows("SELECT id FROM account", {}) == []


async def test_the_password_is_kept_as_argon2id_only(api: Api) -> None:
    await api.person("ada@example.org")
    async with api.database.begin() as session:
        account = (await session.exec(select(Account))).one()
    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("password", ["qwertz123", "x" * 129, "", "\ud800" * 12])
async def test_a_password_that_is_too_short_or_long_is_refused_and_not_repeated(
    api: Api, password: str
) -> None:
    content = json.dumps({"email": "ada@example.org", "password": password}).encode()
    answer = await api.http.post(
        "/api/auth/register", content=content, headers={"Content-Type": "application/json"}
    )
    problem = assert_problem(answer, 422, "invalid")
    assert problem["errors"][0]["loc"] == ["body", "password"]
    assert not password or password not in answer.text.replace(problem["errors"][0]["msg"], "")


async def test_a_wrong_password_and_an_unknown_e_mail_are_answered_alike(api: Api) -> None:
    await api.person("ada@example.org")
    known = {"email": "ada@example.org", "password": "wrong password"}
    unknown = {"email": "bob@example.org", "password": "wrong password"}
    answers = [await api.http.post("/api/auth/login", json=body) for body in (known, unknown)]
    for answer in answers:
        assert_problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert answers[0].content == answers[1].content


async def test_an_unknown_e_mail_takes_as_long_as_a_wrong_password(api: Api) -> None:
    await api.person("ada@example.org")
    seconds: dict[str, list[float]] = {"ada@example.org": [], "bob@example.org": []}
    for _ in range(7):
        for email, taken in seconds.items():
            began = time.perf_counter()
            await api.http.post("/api/auth/login", json={"email": email, "password": "wrong password"})
            taken.append(time.perf_counter() - began)
    known, unknown = (median(taken) for taken in seconds.values())
    assert unknown > known / 2


async def test_a_locked_account_can_neither_log_in_nor_refresh(api: Api) -> None:
    person = await api.person("ada@example.org")
    async with api.database.begin() as session:
        await session.exec(update(Account).values(locked_at=now()))
    login = await api.http.post("/api/auth/login", json={"email": person.email, "password": PASSWORD})
    assert_problem(login, 401, "unauthenticated")
    refresh = {"refresh_token": person.tokens["refresh_token"]}
    assert_problem(await api.http.post("/api/auth/refresh", json=refresh), 401, "unauthenticated")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        signed(claims(exp=int(time.time()) - 60)),
        signed(claims(nbf=int(time.time()) + 60)),
        signed(claims(iss="somebody")),
        signed(claims(aud="another-api")),
        signed(claims(sub="not-a-uuid")),
        signed(claims(sub=None)),
        signed(claims(role="emperor")),
        signed(claims(role=None)),
        signed(claims(sid=None)),
        signed(claims(exp=None)),
        signed(claims(), "k" * 48),
        signed(claims(), JWT_SECRET * 2, "HS512"),
        unsigned(claims()),
    ],
)
async def test_a_token_that_is_not_ours_and_valid_lets_nobody_in(api: Api, token: str) -> None:
    answer = await api.http.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})
    assert_problem(answer, 401, "unauthenticated")


async def test_the_claims_that_are_refused_above_are_good_otherwise(api: Api) -> None:
    answer = await api.http.get("/api/jobs/", headers={"Authorization": f"Bearer {signed(claims())}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Basic YTpi", "bearer"])
async def test_without_a_bearer_token_nobody_is_let_in(api: Api, header: str) -> None:
    assert_problem(
        await api.http.get("/api/jobs/", headers={"Authorization": header}), 401, "unauthenticated"
    )


async def test_a_deleted_account_is_told_to_log_in_again(api: Api) -> None:
    person = await api.person()
    async with api.database.begin() as session:
        await session.delete(await session.get_one(Account, person.id))
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
    async with api.database.begin() as session:
        await session.exec(update(Account).values(role=Role.ADMIN))
    login = await api.http.post("/api/auth/login", json={"email": person.email, "password": PASSWORD})
    person.tokens = login.json()
    assert (await person.get("/api/admin/job-fetch")).status_code == 200
