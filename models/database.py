"""The one way to PostgreSQL: transactions for changing things, and plain rows for hot lists."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg.errors import QueryCanceled
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from models.account import Account
from models.errors import NotFoundError
from models.sealed import KeyRing, Seal

POOL_OVERFLOW = 10
READER_SECONDS = 3.0
"""How long a read waits for a connection, and the pool for the server.

Left to itself the pool would double its pauses while the server is away, to minutes, and come back as late.
"""

SEARCHING = (
    "-c statement_timeout=5s -c enable_seqscan=off -c random_page_cost=1.1"
    " -c max_parallel_workers_per_gather=0 -c jit=off -c client_min_messages=error"
)
"""For the readers of a process that answers people, as options of their connections.

A read that would take long is broken off, and a list takes the way that is short for its first rows.
"""


def driver_url(url: str) -> str:
    """Return the SQLAlchemy form of a PostgreSQL URL."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


class Database:
    """Owns the pools. `begin()` and `bulk()` are one transaction each and the only things that commit."""

    def __init__(
        self,
        url: str,
        pool_size: int = 10,
        reader_pool_size: int = 10,
        timeout: float = 10.0,
        reader_options: str = "",
    ) -> None:
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            driver_url(url),
            pool_size=pool_size,
            max_overflow=POOL_OVERFLOW,
            pool_timeout=timeout,
            pool_pre_ping=True,
            # an error's text goes to logs, and parameters hold what people wrote
            hide_parameters=True,
            connect_args={"connect_timeout": int(timeout)},
        )
        self._readers: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
            url,
            min_size=0,
            max_size=reader_pool_size,
            timeout=min(timeout, READER_SECONDS),
            reconnect_timeout=READER_SECONDS,
            open=False,
            kwargs={"row_factory": dict_row, "autocommit": True, "options": reader_options},
            connection_class=AsyncConnection[DictRow],
        )

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """Open one transaction; it commits when the block ends and rolls back when the block raises."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[AsyncConnection[DictRow]]:
        """Lend a plain psycopg connection for reads whose speed counts."""
        if self._readers.closed:
            await self._readers.open()
        async with self._readers.connection() as connection:
            yield connection

    @asynccontextmanager
    async def bulk(self) -> AsyncIterator[AsyncConnection[DictRow]]:
        """Open one transaction on a plain psycopg connection, for COPY; it ends like that of `begin()`."""
        async with self.reader() as connection, connection.transaction():
            yield connection

    async def rows(
        self, sql: str, parameters: Mapping[str, Any], *, prepare: bool | None = None
    ) -> list[DictRow]:
        """Run one read and return its rows as dictionaries.

        With `prepare=False` it is planned for just these parameters each time: for words and ranges, of
        which some are in most rows and others in none.

        A connection that died with a restarted server is found out only by using it, so after
        a failure every idle connection is checked, and the read is done once more.
        """
        try:
            return await self._rows(sql, parameters, prepare)
        except (PoolTimeout, QueryCanceled):
            raise
        except (OperationalError, InterfaceError):
            await self._readers.check()
        return await self._rows(sql, parameters, prepare)

    async def _rows(self, sql: str, parameters: Mapping[str, Any], prepare: bool | None) -> list[DictRow]:
        if self._readers.closed:
            await self._readers.open()
        async with self._readers.connection() as connection:
            cursor = await connection.execute(sql.encode(), parameters, prepare=prepare)
            return await cursor.fetchall()

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()
        if not self._readers.closed:
            await self._readers.close()


async def seal_of(session: AsyncSession, keys: KeyRing, user_id: UUID) -> Seal:
    """Open a user's data key; NotFoundError when there is no such account."""
    account = await session.get(Account, user_id)
    if account is None:
        raise NotFoundError("this account no longer exists")
    return account.seal(keys)
