"""The limit of a list: the same SQL by bare psycopg behind the same check of the token, in FastAPI.

What SQL that is, our own API tells: it answers each address once, for itself, and every read that it makes is
written down. So whatever becomes of the queries, the limit runs just what ours runs.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from httpx import ASGITransport, AsyncClient
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool
from pydantic_core import to_json

from api.app import create_app
from api.context import Context
from api.security import Tokens
from models.database import SEARCHING, Database
from settings import Settings

HOST = "http://bare"
bearer = HTTPBearer()
Credentials = Annotated[HTTPAuthorizationCredentials, Depends(bearer)]


@dataclass(frozen=True)
class Read:
    """A read as our API makes it."""

    sql: str
    parameters: Mapping[str, Any]
    prepare: bool | None


_reads: ContextVar[list[Read]] = ContextVar("_reads")


class Recorded(Database):
    """Writes every read down."""

    async def rows(
        self, sql: str, parameters: Mapping[str, Any], *, prepare: bool | None = None
    ) -> list[DictRow]:
        """Run one read."""
        _reads.get().append(Read(sql, parameters, prepare))
        return await super().rows(sql, parameters, prepare=prepare)


class Rehearsal:
    """Our own API, asked once for each address."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        context: Context = self.app.state.context
        self._standing = context.database
        self.database = Recorded(settings.database.url.get_secret_value(), reader_options=SEARCHING)
        # who asks is looked up beside it: that is remembered, and so no part of what an answer costs
        self.app.state.context = replace(context, database=self.database)
        self._known: dict[str, list[Read]] = {}

    async def close(self) -> None:
        """Give all connections back."""
        await self.database.close()
        await self._standing.close()

    async def reads(self, target: str, token: str) -> list[Read]:
        """Return the reads that an address and its query lead to."""
        if target not in self._known:
            reads: list[Read] = []
            _reads.set(reads)
            async with AsyncClient(transport=ASGITransport(self.app), base_url=HOST) as client:
                answer = await client.get(target, headers={"authorization": f"Bearer {token}"})
            answer.raise_for_status()
            self._known[target] = reads
        return self._known[target]


def create() -> FastAPI:
    """Return the app, for uvicorn's --factory. Under /explain/ it returns the plans in place of the rows."""
    settings = Settings()
    minutes = timedelta(minutes=settings.security.access_token_minutes)
    keys = {name: key.get_secret_value() for name, key in settings.security.jwt_keys.items()}
    tokens = Tokens(keys, settings.security.current_jwt_key, minutes, minutes)
    rehearsal = Rehearsal(settings)
    pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
        settings.database.url.get_secret_value(),
        open=False,
        min_size=1,
        max_size=settings.database.reader_pool_size,
        kwargs={"row_factory": dict_row, "autocommit": True, "options": SEARCHING},
        connection_class=AsyncConnection[DictRow],
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with pool:
            yield
        await rehearsal.close()

    app = FastAPI(lifespan=lifespan, openapi_url=None)

    @app.get("/api/{rest:path}")
    async def answer(request: Request, rest: str, credentials: Credentials) -> Response:
        tokens.read(credentials.credentials)
        target = f"/api/{rest}?{request.url.query}"
        reads = await rehearsal.reads(target, credentials.credentials)
        found = []
        async with pool.connection() as connection:
            for read in reads:
                cursor = await connection.execute(read.sql.encode(), read.parameters, prepare=read.prepare)
                found.append(await cursor.fetchall())
        return Response(to_json(found), media_type="application/json")

    @app.get("/explain/{rest:path}")
    async def explain(request: Request, rest: str, credentials: Credentials) -> Response:
        reads = await rehearsal.reads(f"/{rest}?{request.url.query}", credentials.credentials)
        plans = []
        async with pool.connection() as connection:
            for read in reads:
                cursor = await connection.execute(
                    b"EXPLAIN (ANALYZE, FORMAT JSON) " + read.sql.encode(), read.parameters, prepare=False
                )
                plans += [row["QUERY PLAN"][0] for row in await cursor.fetchall()]
        return Response(to_json(plans), media_type="application/json")

    return app
