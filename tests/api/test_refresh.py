"""Refresh tokens: each works once, and a second use ends the whole login."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
from sqlmodel import col, select, update

from models.base import now
from models.login_session import RefreshToken
from tests.api.client import Api, assert_problem


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


async def test_of_many_uses_at_once_one_wins_and_the_login_ends(api: Api) -> None:
    person = await api.person()
    answers = await asyncio.gather(*(refreshed(api, person.tokens["refresh_token"]) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7
    tokens = await tokens_of(api)
    assert len(tokens) == 2
    assert all(token.revoked_at is not None for token in tokens)


async def test_no_successor_escapes_the_end_of_its_login(api: Api) -> None:
    """The rightful owner refreshes at the same moment as a thief shows an old token."""
    for _ in range(5):
        person = await api.person()
        old = person.tokens["refresh_token"]
        new = (await refreshed(api, old)).json()["refresh_token"]
        await asyncio.gather(refreshed(api, new), refreshed(api, old))
        async with api.database.begin() as session:
            mine = select(RefreshToken).where(RefreshToken.user_id == person.id)
            alive = (await session.exec(mine.where(col(RefreshToken.revoked_at).is_(None)))).all()
        assert alive == []


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
