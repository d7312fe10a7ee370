"""The limit of the job list: the same SQL by bare psycopg behind the same check of the token, in FastAPI."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool
from pydantic_core import to_json

from api.security import Tokens
from models.job_query import JobFilters, list_query
from settings import Settings

bearer = HTTPBearer()


def create() -> FastAPI:
    """Return the app, for uvicorn's --factory."""
    settings = Settings()
    minutes = timedelta(minutes=settings.security.access_token_minutes)
    tokens = Tokens(settings.security.jwt_secret.get_secret_value(), minutes, minutes)
    pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
        settings.database.url.get_secret_value(),
        open=False,
        min_size=1,
        max_size=settings.database.reader_pool_size,
        kwargs={"row_factory": dict_row, "autocommit": True},
        connection_class=AsyncConnection[DictRow],
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with pool:
            yield

    app = FastAPI(lifespan=lifespan, openapi_url=None)

    @app.get("/api/jobs/")
    async def list_jobs(
        request: Request, credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]
    ) -> Response:
        tokens.read(credentials.credentials)
        sql, parameters = list_query(JobFilters.model_validate(dict(request.query_params)))
        async with pool.connection() as connection:
            rows = await (await connection.execute(sql.encode(), parameters)).fetchall()
        return Response(to_json(rows), media_type="application/json")

    return app
