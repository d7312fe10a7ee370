"""The real servers that a bench measures on, each for the length of a block."""

import base64
import json
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from api.security import Tokens
from local.ports import free_port
from local.postgres.cluster import Cluster
from local.supervisor.parts import Part, accepts_connections
from local.supervisor.watchdog import Watchdog
from local.temporal import HOST, temporal_part
from models.base import new_id
from models.enums import Role
from models.migrate import upgrade
from settings import JWT_SECRET_BYTES, MASTER_KEY_BYTES
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


@contextmanager
def a_server(factory: str, environment: dict[str, str]) -> Iterator[str]:
    """Run an ASGI app in a process of its own, as `make run` does, and lend its address."""
    port = free_port()
    address = f"http://{HOST}:{port}"
    part = Part(
        name=factory.partition(":")[0],
        argv=[
            *(sys.executable, "-m", "uvicorn", factory, "--factory", "--no-server-header", "--no-access-log"),
            *("--host", HOST, "--port", str(port), "--log-level", "warning"),
        ],
        ready=lambda: accepts_connections(HOST, port),
        env=environment,
    )
    with (
        Watchdog() as watchdog,
        tempfile.TemporaryDirectory() as folder,
        running(part, Path(folder), watchdog),
    ):
        yield address


def environment_of(database_url: str, **more: str) -> dict[str, str]:
    """Return what a server reads from its environment, with keys made for this run."""
    master = base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode()
    return {
        "JOBRAKER_DATABASE__URL": database_url,
        "JOBRAKER_SECURITY__JWT_SECRET": secrets.token_urlsafe(JWT_SECRET_BYTES),
        "JOBRAKER_SECURITY__MASTER_KEYS": json.dumps({"bench": master}),
        "JOBRAKER_SECURITY__CURRENT_MASTER_KEY": "bench",
        "JOBRAKER_TELEMETRY__LOG_LEVEL": "WARNING",
        **more,
    }


def token_of(environment: dict[str, str], account_id: UUID) -> str:
    """Return an access token that a server with this environment takes."""
    tokens = Tokens(environment["JOBRAKER_SECURITY__JWT_SECRET"], timedelta(hours=1), timedelta(hours=1))
    return tokens.issue(account_id, Role.USER, new_id())
