"""Taking a database away for a while, as a server does that is down: nobody can connect to it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from tests.servers import Postgres


@contextmanager
def away(postgres: Postgres, url: str) -> Iterator[None]:
    """Have the database of this URL gone until the block ends."""
    name = url.rpartition("/")[2]
    _rename(postgres, name, f"{name}_away")
    try:
        yield
    finally:
        _rename(postgres, f"{name}_away", name)


def _rename(postgres: Postgres, old: str, new: str) -> None:
    gone = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
    with psycopg.connect(postgres.cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(gone, [old])
        connection.execute(rename)
