"""The limit of the ingest: COPY of finished rows with INSERT … ON CONFLICT, by the driver alone.

Like ours it does not wait for the disk.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from psycopg import AsyncConnection

from activities.adverts.reading import JobRow

_COLUMNS = ", ".join(JobRow._fields)
_UPDATES = ", ".join(f"{name} = excluded.{name}" for name in JobRow._fields if name != "id")
_PREPARE = f"CREATE TEMPORARY TABLE bare ON COMMIT DELETE ROWS AS SELECT {_COLUMNS} FROM job WITH NO DATA"  # noqa: S608
_COPY = f"COPY bare ({_COLUMNS}) FROM STDIN"
_STORE = f"""
    INSERT INTO job ({_COLUMNS}, created_at, seen_at) SELECT {_COLUMNS}, now(), now() FROM bare
    ON CONFLICT (source, source_id) DO UPDATE SET {_UPDATES}, seen_at = excluded.seen_at
"""  # noqa: S608 -- our own columns' names


@dataclass(frozen=True)
class Bare:
    """Stores pages of rows, each page in a transaction of its own."""

    connection: AsyncConnection

    async def rate(self, pages: list[list[JobRow]]) -> float:
        """Return rows a second."""
        began = time.perf_counter()
        for rows in pages:
            async with self.connection.cursor().copy(_COPY.encode()) as copy:
                for row in rows:
                    await copy.write_row(row)
            await self.connection.execute(_STORE.encode())
            await self.connection.commit()
        return sum(map(len, pages)) / (time.perf_counter() - began)


@asynccontextmanager
async def open_bare(url: str) -> AsyncIterator[Bare]:
    """Connect to a migrated database."""
    async with await AsyncConnection.connect(url) as connection:
        await connection.execute(b"SET synchronous_commit = off")
        await connection.execute(_PREPARE.encode())
        await connection.commit()
        yield Bare(connection)
