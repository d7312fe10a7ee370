"""Refresh tokens: each works once, and a second use ends the whole login."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
from sqlmodel import col, select, update

from models.account import Account
from models.account_enums import SessionEnd
from models.base import now
from models.enums import NotificationKind
from models.login_session import LoginSession, RefreshToken
from models.notification import Notification
from settings import LimitSettings
from tests.api.client import Api, ApiAt, Person, assert_problem, somebody_waits


async def refreshed(api: Api, token: str) -> httpx.Response:
    """Ask for new tokens."""
    return await api.http.post("/api/auth/refresh", json={"refresh_token": token})


async def tokens_of(api: Api) -> list[RefreshToken]:
    """Read every refresh token in its order."""
    async with api.database.begin() as session:
        return list((await session.exec(select(RefreshToken).order_by(col(RefreshToken.id)))).all())


async def test_a_refresh_token_is_replaced_by_the_next(api: Api) -> None:
    person = await api.person()
    pair: dict[str, Any] = person.tokens
    for _ in range(3):
        answer = await refreshed(api, pair["refresh_token"])
        assert answer.status_code == 200
        assert answer.json()["refresh_token"] != pair["refresh_token"]
        pair = answer.json()
    person.tokens = pair
    assert (await person.get("/api/auth/me")).status_code == 200
    assert len({token.family_id for token in await tokens_of(api)}) == 1


async def test_a_used_token_ends_the_login_that_it_belongs_to_and_no_other(api: Api) -> None:
    person = await api.person()
    other = await api.person()
    newest = (await refreshed(api, person.tokens["refresh_token"])).json()["refresh_token"]
    assert_problem(await refreshed(api, person.tokens["refresh_token"]), 401, "unauthenticated")
    assert_problem(await refreshed(api, newest), 401, "unauthenticated")
    assert (await refreshed(api, other.tokens["refresh_token"])).status_code == 200


async def test_a_replayed_token_ends_access_at_once_and_its_person_is_told_once(api: Api) -> None:
    person = await api.person()
    pair = (await refreshed(api, person.tokens["refresh_token"])).json()
    thief = Person(api, person.id, person.email, pair)
    assert (await thief.get("/api/auth/me")).status_code == 200
    for _ in range(3):
        await refreshed(api, person.tokens["refresh_token"])
    assert_problem(await thief.get("/api/auth/me"), 401, "unauthenticated")
    assert_problem(await person.get("/api/auth/me"), 401, "unauthenticated")
    async with api.database.begin() as session:
        login = (await session.exec(select(LoginSession))).one()
        assert (login.ended_by, login.ended_at is not None) == (SessionEnd.TOKEN_REUSED, True)
        told = (await session.exec(select(Notification))).all()
    assert [(each.user_id, each.kind) for each in told] == [(person.id, NotificationKind.LOGIN_TOKEN_REUSED)]


async def test_of_25_uses_at_once_one_wins_and_the_login_ends(api: Api) -> None:
    person, other = await api.person(), await api.person()
    answers = await asyncio.gather(*(refreshed(api, person.tokens["refresh_token"]) for _ in range(25)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 24
    (won,) = (answer.json() for answer in answers if answer.status_code == 200)
    assert len([token for token in await tokens_of(api) if token.user_id == person.id]) == 2
    assert_problem(await refreshed(api, won["refresh_token"]), 401, "unauthenticated")
    assert_problem(
        await Person(api, person.id, person.email, won).get("/api/auth/me"), 401, "unauthenticated"
    )
    assert (await other.get("/api/auth/me")).status_code == 200


async def test_of_uses_that_have_all_found_the_token_unused_one_wins(api: Api) -> None:
    person = await api.person()
    async with api.database.begin() as session:
        await session.exec(select(Account).where(Account.id == person.id).with_for_update())
        asked = [asyncio.create_task(refreshed(api, person.tokens["refresh_token"])) for _ in range(3)]
        await somebody_waits(api.database, 3)
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401]


async def test_no_successor_escapes_the_end_of_its_login(api: Api) -> None:
    """The rightful owner refreshes at the same moment as a thief shows an old token."""
    for _ in range(5):
        person = await api.person()
        old = person.tokens["refresh_token"]
        new = (await refreshed(api, old)).json()["refresh_token"]
        answers = await asyncio.gather(refreshed(api, new), refreshed(api, old))
        for answer in answers:
            if answer.status_code == 200:
                assert_problem(await refreshed(api, answer.json()["refresh_token"]), 401, "unauthenticated")
        assert_problem(await person.get("/api/auth/me"), 401, "unauthenticated")


async def test_a_refresh_says_from_where_the_login_is_used(api: Api) -> None:
    person = await api.person()
    # a control character, and one of ISO 8859-1 that is not seen
    headers = [(b"User-Agent", b"Phone\x07/1.0 \xad" + b"x" * 300)]
    body = {"refresh_token": person.tokens["refresh_token"]}
    answer = await api.http.post("/api/auth/refresh", json=body, headers=headers)
    person.tokens = answer.json()
    (login,) = (await person.get("/api/auth/sessions")).json()["items"]
    assert login["device"] == ("Phone/1.0 " + "x" * 300)[:200]
    assert login["address"] == "127.0.0.1"
    async with api.database.begin() as session:
        row = (await session.exec(select(LoginSession))).one()
    assert b"Phone" not in (row.device_sealed or b"Phone")
    assert b"127.0" not in (row.address_sealed or b"127.0")


async def test_who_was_locked_or_is_being_erased_gets_no_new_tokens(api: Api) -> None:
    for change in ("locked_at", "erasing_at"):
        person = await api.person()
        await person.change(**{change: now()})
        assert_problem(await refreshed(api, person.tokens["refresh_token"]), 401, "unauthenticated")
        await person.change(**{change: None})
        # it was not used up meanwhile
        assert (await refreshed(api, person.tokens["refresh_token"])).status_code == 200


async def test_an_address_that_tries_too_many_is_stopped(api_at: ApiAt) -> None:
    async with api_at(limits=LimitSettings(refresh_address="3/1h")) as api:
        person = await api.person()
        for number in range(3):
            assert_problem(await refreshed(api, f"{number}" * 43), 401, "unauthenticated")
        assert_problem(await refreshed(api, person.tokens["refresh_token"]), 429, "rate-limited")


async def test_an_expired_token_is_refused(api: Api) -> None:
    person = await api.person()
    async with api.database.begin() as session:
        await session.exec(update(RefreshToken).values(expires_at=now() - timedelta(seconds=1)))
    assert_problem(await refreshed(api, person.tokens["refresh_token"]), 401, "unauthenticated")


async def test_an_unknown_token_is_refused(api: Api) -> None:
    assert_problem(await refreshed(api, "x" * 43), 401, "unauthenticated")


async def test_logging_out_ends_the_login_and_may_be_repeated(api: Api) -> None:
    person = await api.person()
    body = {"refresh_token": person.tokens["refresh_token"]}
    for _ in range(2):
        answer = await api.http.post("/api/auth/logout", json=body)
        assert (answer.status_code, answer.content) == (204, b"")
    assert_problem(await refreshed(api, body["refresh_token"]), 401, "unauthenticated")
    assert (await api.http.post("/api/auth/logout", json={"refresh_token": "unknown"})).status_code == 204


async def test_logging_out_by_an_old_token_ends_the_login_as_well(api: Api) -> None:
    person = await api.person()
    old = person.tokens["refresh_token"]
    person.tokens = (await refreshed(api, old)).json()
    assert (await api.http.post("/api/auth/logout", json={"refresh_token": old})).status_code == 204
    assert_problem(await person.get("/api/auth/me"), 401, "unauthenticated")
    # to log out is not to replay: nobody is alarmed
    async with api.database.begin() as session:
        assert (await session.exec(select(Notification))).all() == []
