"""Loads a market into a migrated database: COPY by two processes, and the indexes anew behind it."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

import psycopg
from psycopg import sql

from bench.million_rows import Market, MillionRow
from models.base import now

LOADERS = 2
BUILD_MEMORY = "512MB"

_COPY = sql.SQL("COPY job ({}) FROM STDIN").format(
    sql.SQL(", ").join(sql.Identifier(name) for name in MillionRow._fields)
)
_INDEXES = b"""
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = 'job'::regclass AND NOT indisunique ORDER BY 1
"""
_RATES = b"SELECT currency, per_euro FROM exchange_rate"


def load(url: str, jobs: int) -> Market:
    """Fill the table of jobs, let PostgreSQL count what is in it, and return the market."""
    with psycopg.connect(url, autocommit=True) as connection:
        rates: dict[str, float] = dict(connection.execute(_RATES).fetchall())
        market = Market(jobs, now(), rates)
        with _without_indexes(connection):
            _copy_all(url, market)
        connection.execute(b"VACUUM ANALYZE job")
        connection.execute(b"CHECKPOINT")
    return market


def _copy_all(url: str, market: Market) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(LOADERS, mp_context=context) as loaders:
        shares = [loaders.submit(_copy, url, market, first) for first in range(LOADERS)]
        for share in shares:
            share.result()


def _copy(url: str, market: Market, first: int) -> None:
    """Copy every so manieth batch, each in a transaction of its own."""
    with psycopg.connect(url) as connection:
        connection.execute(b"SET synchronous_commit = off")
        for number in range(first, market.batches, LOADERS):
            with connection.cursor().copy(_COPY) as copy:
                for row in market.batch(number):
                    copy.write_row(row)
            connection.commit()


@contextmanager
def _without_indexes(connection: psycopg.Connection) -> Iterator[None]:
    """Take all indexes but the unique ones away, and build them again at the end."""
    indexes: list[tuple[str, str]] = connection.execute(_INDEXES).fetchall()
    for name, _ in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    connection.execute(sql.SQL("SET maintenance_work_mem = {}").format(BUILD_MEMORY))
    for _, definition in indexes:
        connection.execute(definition.encode())
