"""The real servers that a bench measures on, each for the length of a block."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.ports import free_port
from local.postgres.cluster import Cluster
from local.supervisor.watchdog import Watchdog
from local.temporal import HOST, temporal_part
from models.migrate import upgrade
from tests.servers import NAMESPACE, running

DATABASE = "bench"


@contextmanager
def a_database() -> Iterator[str]:
    """Run a PostgreSQL as `make run` does and lend the URL of a migrated database on it."""
    with Watchdog() as watchdog, tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder) / "data", free_port(), secrets.token_urlsafe(12))
        cluster.create()
        with running(cluster.part(), Path(folder), watchdog):
            cluster.ensure_database(DATABASE)
            url = cluster.url(DATABASE)
            upgrade(url)
            yield url


@contextmanager
def a_temporal() -> Iterator[str]:
    """Run a Temporal server that keeps its state in a file, as `make run` does, and lend its address."""
    with Watchdog() as watchdog, tempfile.TemporaryDirectory() as folder:
        port = free_port()
        part = temporal_part(port, namespace=NAMESPACE, db_file=Path(folder) / "temporal.sqlite3")
        with running(part, Path(folder), watchdog):
            yield f"{HOST}:{port}"
