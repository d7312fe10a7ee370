"""A client of the app in this process, which can register people and give them what applying needs."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, TypedDict, Unpack
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlmodel import SQLModel, col, update

from api.app import create_app
from api.context import Context
from api.security import digest_of, hash_password, new_refresh_token
from local.serving import serve
from models.account import Account
from models.account_enums import Scope, SessionEnd
from models.base import new_id, now
from models.database import Database
from models.enums import Role
from models.job import Job
from models.login_session import LoginSession, RefreshToken
from settings import Settings
from tests.api.configured import Changes
from tests.api.files import pdf_of

PATIENCE = 90.0
PASSWORD = "correct horse battery"
IDENTITY = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org"}


@cache
def _hash_of_password() -> str:
    return hash_password(PASSWORD)


class ApiAt(Protocol):
    """What runs the app with other settings."""

    def __call__(self, **changes: Unpack[Changes]) -> AbstractAsyncContextManager["Api"]:
        """Run the app until the block ends."""


class Options(TypedDict, total=False):
    """What may be said of a request."""

    json: object
    params: dict[str, str | int | bool]
    files: dict[str, tuple[str, bytes, str]]
    content: bytes
    headers: dict[str, str]


@dataclass
class Api:
    """The app, what it holds, and a client without credentials."""

    app: FastAPI
    http: httpx.AsyncClient

    @property
    def context(self) -> Context:
        """What the app holds."""
        context: Context = self.app.state.context
        return context

    @property
    def database(self) -> Database:
        """The app's database."""
        return self.context.database

    async def person(self, email: str | None = None, role: Role = Role.USER) -> "Person":
        """Store somebody who is logged in, as registering and logging in do at the cost of hashes."""
        email = email or f"{uuid4().hex[:12]}@example.org"
        account = Account.register(email, _hash_of_password(), self.context.keys, role)
        family, refresh_token, tokens = new_id(), new_refresh_token(), self.context.tokens
        async with self.database.begin() as session:
            session.add(account)
            await session.flush()
            until = now() + tokens.refresh
            session.add(LoginSession(id=family, user_id=account.id, last_used_at=now(), expires_at=until))
            await session.flush()
            login = RefreshToken(
                user_id=account.id,
                family_id=family,
                token_hash=digest_of(refresh_token),
                expires_at=until,
            )
            session.add(login)
        access_token = tokens.issue(account.id, role, family)
        return Person(self, account.id, email, {"access_token": access_token, "refresh_token": refresh_token})

    async def administrator(self) -> "Person":
        """Store an administrator who is logged in."""
        return await self.person(role=Role.ADMIN)

    async def applicant(self) -> "Person":
        """Register somebody who lacks nothing for applying, and allows it often."""
        person = await self.person()
        profile = {"identity": IDENTITY, "daily_cap": 50, "automation": {"company_cap": 50}}
        assert (await person.patch("/api/profile/", json=profile)).status_code == 200
        files = {"file": ("cv.pdf", pdf_of("Ada Lovelace, engineer"), "application/pdf")}
        assert (await person.post("/api/resumes/", files=files)).status_code == 201
        return person


@dataclass
class Person:
    """Somebody who is logged in."""

    api: Api
    id: UUID
    email: str
    tokens: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        """The header that says who asks."""
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    @property
    def session_id(self) -> UUID:
        """The login that this person came in by."""
        session_id = self.api.context.tokens.read(self.tokens["access_token"]).session_id
        assert session_id is not None
        return session_id

    async def change(self, **columns: object) -> None:
        """Change columns of the account as an administrator or erasure does: every process hears of it.

        `locked_at=now()` locks it, `role=Role.ADMIN` makes an administrator.
        """
        async with self.api.database.begin() as session:
            await session.exec(update(Account).where(col(Account.id) == self.id).values(**columns))
            await self.api.context.standing.changed(session, self.id)

    async def end_login(self, reason: SessionEnd = SessionEnd.LOGOUT) -> None:
        """End the login, as if it were ended at another device."""
        async with self.api.database.begin() as session:
            mine = update(LoginSession).where(col(LoginSession.id) == self.session_id)
            await session.exec(mine.values(ended_at=now(), ended_by=reason))
            await self.api.context.standing.changed(session, self.id)

    async def with_key(self, *scopes: Scope) -> "Person":
        """Make an API key and return the person as a script that uses it."""
        body = {"name": "script", "scopes": list(scopes)}
        made = await self.post("/api/auth/api-keys", json=body)
        assert made.status_code == 201, made.text
        return Person(self.api, self.id, self.email, {"access_token": made.json()["key"]})

    async def request(self, method: str, path: str, **options: Unpack[Options]) -> httpx.Response:
        """Ask as this person."""
        options["headers"] = {**self.headers, **options.get("headers", {})}
        return await self.api.http.request(method, path, **options)

    async def get(self, path: str, **options: Unpack[Options]) -> httpx.Response:
        """GET as this person."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Unpack[Options]) -> httpx.Response:
        """POST as this person."""
        return await self.request("POST", path, **options)

    async def put(self, path: str, **options: Unpack[Options]) -> httpx.Response:
        """PUT as this person."""
        return await self.request("PUT", path, **options)

    async def patch(self, path: str, **options: Unpack[Options]) -> httpx.Response:
        """PATCH as this person."""
        return await self.request("PATCH", path, **options)

    async def delete(self, path: str, **options: Unpack[Options]) -> httpx.Response:
        """DELETE as this person."""
        return await self.request("DELETE", path, **options)


@asynccontextmanager
async def running_app(settings: Settings) -> AsyncIterator[Api]:
    """Run the app's lifespan around a client that calls it without a socket."""
    app = create_app(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://api.test") as http,
    ):
        yield Api(app, http)


@asynccontextmanager
async def served_app(settings: Settings) -> AsyncIterator[Api]:
    """Serve the app on a socket, which runs its lifespan, and yield a client of it."""
    app = create_app(settings)
    limits = httpx.Limits(max_connections=100)
    async with serve(app) as url, httpx.AsyncClient(base_url=url, limits=limits) as http:
        yield Api(app, http)


async def somebody_waits(database: Database, number: int = 1) -> None:
    """Wait until so many transactions wait for another's lock."""
    query = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with asyncio.timeout(PATIENCE):
        while len(await database.rows(query, {})) < number:  # noqa: ASYNC110 -- there is no event to wait for
            await asyncio.sleep(0.01)


def job_with(**values: object) -> Job:
    """Return a job; what is not given is ordinary."""
    number = uuid4().hex
    ordinary: dict[str, Any] = {
        "source": "adzuna",
        "source_id": number,
        "country": "gb",
        "title": "Python engineer",
        "company": "Acme Ltd",
        "description": "We build things.",
        "location": "London, UK",
        "area": ["UK", "London"],
        "currency": "GBP",
        "category": "it-jobs",
        "category_label": "IT Jobs",
        "url": f"https://www.adzuna.co.uk/jobs/details/{number}",
        "posted_at": now(),
        "content_key": number,
        "fingerprint": number,
        "seen_at": now(),
    }
    return Job(**{**ordinary, **values})


async def store(database: Database, *rows: SQLModel) -> None:
    """Store rows, each on its own, in their order."""
    async with database.begin() as session:
        for row in rows:
            session.add(row)
            await session.flush()


def assert_problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """Check that an answer is this problem, and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(answer.content)
    assert problem["type"] == f"/problems/{slug}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem
