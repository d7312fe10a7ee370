"""Whoever was put out while they waited for their account is given nothing that would outlive their login."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlmodel import col, select, update

from models.account import Account
from models.account_enums import Scope, SessionEnd
from models.base import now
from models.enums import Role
from models.login_session import LoginSession
from tests.api.client import PASSWORD, Api, Person, assert_problem, somebody_waits

KEY = {"name": "script", "scopes": [Scope.JOBS_READ]}
PROOF = {"password": PASSWORD}
CHANGES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/api/auth/api-keys", KEY),
    ("POST", "/api/auth/logout-all", {}),
    ("POST", "/api/auth/password", {"current": PASSWORD, "new": "another horse battery"}),
    ("POST", "/api/auth/email", {"email": "thief@example.org", **PROOF}),
    ("POST", "/api/auth/totp", PROOF),
    ("POST", "/api/privacy/erasure", PROOF),
    ("DELETE", "/api/privacy/erasure", {}),
]


async def asked_while_put_out(person: Person, method: str, path: str, body: dict[str, Any]) -> httpx.Response:
    """Ask for a change that waits for the account, of which all logins are being ended."""
    mine = update(LoginSession).where(col(LoginSession.user_id) == person.id)
    async with person.api.database.begin() as session:
        await session.exec(select(Account).where(Account.id == person.id).with_for_update())
        asked = asyncio.create_task(person.request(method, path, json=body))
        await somebody_waits(person.api.database)
        await session.exec(mine.values(ended_at=now(), ended_by=SessionEnd.LOGOUT_OF_ALL))
    return await asked


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
async def test_who_was_put_out_meanwhile_changes_nothing_of_the_account(
    api: Api, method: str, path: str, body: dict[str, Any]
) -> None:
    answer = await asked_while_put_out(await api.person(), method, path, body)
    assert_problem(answer, 401, "unauthenticated")


async def test_an_administrator_who_was_put_out_meanwhile_makes_nobody_another_one(api: Api) -> None:
    admin, friend = await api.administrator(), await api.person()
    body = {"role": Role.ADMIN, "reason": "for later"}
    path = f"/api/admin/users/{friend.id}/role"
    assert_problem(await asked_while_put_out(admin, "PUT", path, body), 401, "unauthenticated")
    assert (await friend.get("/api/auth/me")).json()["role"] == Role.USER
