"""The real servers that a bench measures on, each for the length of a block."""

import asyncio
import base64
import json
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import settings as project
from local.ports import free_port
from local.postgres.cluster import Cluster
from local.supervisor.parts import Part, accepts_connections
from local.supervisor.process import running
from local.supervisor.watchdog import Watchdog
from local.temporal import HOST, is_polled, temporal_part
from models.migrate import upgrade
from models.sealed import KeyRing
from settings import JWT_SECRET_BYTES, MASTER_KEY_BYTES

DATABASE = "bench"
MASTER_KEY = "bench"
JWT_KEY = "bench"
NAMESPACE = "jobraker"
ROOT = Path(project.__file__).parent
WORKER = ROOT / "worker.py"

Environment = dict[str, str]


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
def a_server(factory: str, environment: Environment) -> Iterator[str]:
    """Run an ASGI app in a process of its own, as `make run` does, and lend its address."""
    port = free_port()
    arguments = [
        *("-m", "uvicorn", factory, "--factory", "--no-server-header", "--no-access-log"),
        *("--no-proxy-headers", "--http", "api.parsing:Protocol"),
        *("--host", HOST, "--port", str(port), "--log-level", "warning"),
    ]
    with _a_program(arguments, lambda: accepts_connections(HOST, port), environment):
        yield f"http://{HOST}:{port}"


@contextmanager
def a_worker(
    arguments: Sequence[str], temporal: str, task_queue: str, environment: Environment
) -> Iterator[int]:
    """Run a Python program that works on a task queue of a Temporal server, and lend its process id."""

    def is_working() -> bool:
        # in a thread of its own, so that callers may have an event loop
        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(asyncio.run, is_polled(temporal, NAMESPACE, task_queue)).result()

    with _a_program(arguments, is_working, environment) as pid:
        yield pid


@contextmanager
def _a_program(
    arguments: Sequence[str], ready: Callable[[], bool], environment: Environment
) -> Iterator[int]:
    part = Part("program", [sys.executable, *arguments], ready, {"PYTHONPATH": str(ROOT), **environment})
    with (
        Watchdog() as watchdog,
        tempfile.TemporaryDirectory() as folder,
        running(part, Path(folder), watchdog) as process,
    ):
        if process.pid is None:
            raise RuntimeError("a program that runs has a process id")
        yield process.pid


def memory_of(pid: int) -> int:
    """Return the resident memory of a process in kilobytes."""
    ps = shutil.which("ps") or "ps"
    listed = subprocess.run([ps, "-o", "rss=", "-p", str(pid)], check=True, capture_output=True, text=True)
    return int(listed.stdout)


def environment_of(database_url: str, **more: str) -> Environment:
    """Return what our programs read from their environment, with keys made for this run."""
    master = base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode()
    return {
        "JOBRAKER_DATABASE__URL": database_url,
        "JOBRAKER_SECURITY__JWT_KEYS": json.dumps({JWT_KEY: secrets.token_urlsafe(JWT_SECRET_BYTES)}),
        "JOBRAKER_SECURITY__CURRENT_JWT_KEY": JWT_KEY,
        "JOBRAKER_SECURITY__MASTER_KEYS": json.dumps({MASTER_KEY: master}),
        "JOBRAKER_SECURITY__CURRENT_MASTER_KEY": MASTER_KEY,
        "JOBRAKER_TELEMETRY__LOG_LEVEL": "WARNING",
        **{f"JOBRAKER_{name}": value for name, value in more.items()},
    }


def keys_of(environment: Environment) -> KeyRing:
    """Return the key ring that programs with this environment have."""
    keys: dict[str, str] = json.loads(environment["JOBRAKER_SECURITY__MASTER_KEYS"])
    return KeyRing({name: base64.b64decode(key) for name, key in keys.items()}, MASTER_KEY)
