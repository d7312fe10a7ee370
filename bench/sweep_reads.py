"""How many rows of each table PostgreSQL has read, by scanning and by index."""

import asyncio
import time
from typing import NamedTuple

import psycopg
from psycopg.rows import class_row

WAIT_SECONDS = 10.0

_READS = b"""
SELECT relname AS table, seq_tup_read AS scanned, coalesce(idx_tup_fetch, 0) AS fetched
FROM pg_stat_user_tables
"""
_OTHERS = (
    b"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Reads(NamedTuple):
    """Rows read by sequential scans, and fetched by indexes."""

    scanned: int
    fetched: int


class _Row(NamedTuple):
    table: str
    scanned: int
    fetched: int


async def settled(url: str) -> dict[str, Reads]:
    """Return what was read so far, once every other connection has ended: by then each has told its share."""
    deadline = time.monotonic() + WAIT_SECONDS
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        while (row := await (await connection.execute(_OTHERS)).fetchone()) and row[0]:
            assert time.monotonic() < deadline, "somebody is still connected"
            await asyncio.sleep(0.01)
        rows = await connection.cursor(row_factory=class_row(_Row)).execute(_READS)
        return {row.table: Reads(row.scanned, row.fetched) for row in await rows.fetchall()}


def reads_of(before: dict[str, Reads], after: dict[str, Reads]) -> dict[str, Reads]:
    """Return what was read in between."""
    nothing = Reads(0, 0)
    return {
        table: Reads(
            now.scanned - before.get(table, nothing).scanned, now.fetched - before.get(table, nothing).fetched
        )
        for table, now in after.items()
    }
