"""Where what people told might be found again: every place that keeps something, read as its bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
from psycopg import sql

from local.throwaway import LocalStack
from tests.e2e.canaries import Canaries
from tests.e2e.sentry import SentrySink
from workflows.wire import connect

NAMESPACE = "jobraker"
STAND_INS = "standins"
POSTGRES = "postgres"
TEMPORAL = "temporal.sqlite3"
LOGS = "logs"


@dataclass(frozen=True)
class Sight:
    """What was seen at one place: its bytes, but for those that are too many, and the canaries in them."""

    content: bytes
    found: frozenset[str]


Sights = dict[str, Sight]


async def look(stack: LocalStack, sentry: SentrySink, canaries: Canaries) -> Sights:
    """Look everywhere; the names of the places are those of their functions below."""
    contents = {
        "histories": await histories(stack),
        "temporal_files": temporal_files(stack),
        "rows": b"".join(rows(stack).values()),
        "logs": files_below(stack.data_dir / LOGS) + stack.output.encode(),
        "metrics": metrics(stack),
        "error_reports": sentry.everything,
        "other_files": b"\n".join(other_files(stack)),
    }
    sights = {place: Sight(content, found(canaries, content)) for place, content in contents.items()}
    raw = files_below(stack.data_dir / POSTGRES)
    return {**sights, "postgres_files": Sight(b"", found(canaries, raw))}


def found(canaries: Canaries, content: bytes) -> frozenset[str]:
    """Return the names of the canaries in some bytes."""
    return frozenset(canaries.found_in(content))


def files_below(folder: Path) -> bytes:
    """Return the bytes of every file in a folder; those that vanish meanwhile are left out."""
    return b"\n".join(_read(folder))


def _read(folder: Path) -> Iterator[bytes]:
    for file in sorted(folder.rglob("*")):
        try:
            yield file.read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            continue


async def histories(stack: LocalStack) -> bytes:
    """Return every event of every workflow, as its bytes: payloads and failures stand in them as they are."""
    client = await connect(stack.temporal, NAMESPACE)
    events = []
    async for execution in client.list_workflows(""):
        handle = client.get_workflow_handle(execution.id, run_id=execution.run_id)
        events += [event.SerializeToString() async for event in handle.fetch_history_events()]
        events.append(repr(execution.raw_info).encode())
    return b"\n".join(events)


def temporal_files(stack: LocalStack) -> bytes:
    """Return Temporal's database with its write-ahead log."""
    return b"\n".join(file.read_bytes() for file in sorted(stack.data_dir.glob(f"{TEMPORAL}*")))


def rows(stack: LocalStack) -> dict[str, bytes]:
    """Return every value of every table as text, with bytes in hex: what a dump of the database holds."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    contents = {}
    with psycopg.connect(stack.database_url) as connection, connection.cursor() as cursor:
        for (table,) in connection.execute(tables).fetchall():
            with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copied:
                contents[table] = b"".join(bytes(part) for part in copied)
    return contents


def metrics(stack: LocalStack) -> bytes:
    """Return what Prometheus would read."""
    addresses = (f"{stack.api}/metrics", stack.metrics)
    return b"\n".join(httpx.get(address, trust_env=False).raise_for_status().content for address in addresses)


def other_files(stack: LocalStack) -> Iterator[bytes]:
    """Go through what else is in the data folder.

    Left out are PostgreSQL's own files, which are looked at by themselves, and what the stand-ins keep: it
    is not ours but the world's, for it is what vendors and employers were given.
    """
    for path in sorted(stack.data_dir.iterdir()):
        if path.name in {POSTGRES, STAND_INS, LOGS} or path.name.startswith(TEMPORAL):
            continue
        yield path.name.encode()
        yield files_below(path) if path.is_dir() else path.read_bytes()
