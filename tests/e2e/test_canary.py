"""Only ids are in Temporal, logs, metrics and error reports: canaries are planted, and looked for."""

import asyncio
import base64
from collections.abc import Callable
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import sql

from local.throwaway import LocalStack
from tests.e2e.canaries import Canaries
from tests.e2e.life import ERROR_TYPE, Life, live
from tests.e2e.sentry import SentrySink
from workflows.wire import connect

NAMESPACE = "jobraker"
IN_PLAIN = {"email", "title"}
"""Login name and preferences, which the database searches by; all else is sealed."""


@pytest.fixture(scope="module")
def life(stack: LocalStack, sentry: SentrySink) -> Life:
    """One life, which all of these tests look back upon."""
    return asyncio.run(live(stack, sentry))


def files_below(folder: Path) -> bytes:
    """Return the bytes of every file in a folder; those that vanish meanwhile are left out."""
    contents = []
    for file in sorted(folder.rglob("*")):
        try:
            contents.append(file.read_bytes())
        except (FileNotFoundError, IsADirectoryError):
            continue
    return b"\n".join(contents)


def histories(stack: LocalStack) -> bytes:
    """Return every event of every workflow, as its bytes: payloads and failures stand in them as they are."""

    async def fetch() -> bytes:
        client = await connect(stack.temporal, NAMESPACE)
        events = []
        async for execution in client.list_workflows(""):
            handle = client.get_workflow_handle(execution.id, run_id=execution.run_id)
            events += [event.SerializeToString() async for event in handle.fetch_history_events()]
            events.append(repr(execution.raw_info).encode())
        return b"\n".join(events)

    return asyncio.run(fetch())


def temporal_files(stack: LocalStack) -> bytes:
    """Return Temporal's database with its write-ahead log."""
    files = sorted(stack.data_dir.glob("temporal.sqlite3*"))
    return b"\n".join(file.read_bytes() for file in files)


def rows(stack: LocalStack) -> bytes:
    """Return every value of every table as text, with bytes in hex."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    contents = []
    with psycopg.connect(stack.database_url) as connection, connection.cursor() as cursor:
        for (table,) in connection.execute(tables).fetchall():
            with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copied:
                contents += [bytes(part) for part in copied]
    return b"".join(contents)


def metrics(stack: LocalStack) -> bytes:
    """Return what Prometheus would read."""
    addresses = (f"{stack.api}/metrics", stack.metrics)
    return b"\n".join(httpx.get(address, trust_env=False).raise_for_status().content for address in addresses)


def logs(stack: LocalStack) -> bytes:
    """Return the logs of all our processes and servers, and what `up` printed."""
    return files_below(stack.data_dir / "logs") + stack.output.encode()


def test_the_outside_world_was_really_told(stack: LocalStack, life: Life) -> None:
    told = files_below(stack.data_dir / "standins")
    sent = {"first_name", "last_name", "email", "phone", "location", "resume", "given", "letter"}
    assert life.canaries.found_in(told) >= sent
    asked = httpx.get(f"{stack.stand_in('openai')}/_control/requests", trust_env=False).content
    # the model is told of the search for work and of what the person has done, and not who that is
    searched, done = {"question", "answer", "title"}, {"resume", "employer", "location"}
    assert life.canaries.found_in(asked) == searched | done


def ids_of(life: Life) -> list[str]:
    """Return the ids that are everywhere in Temporal."""
    return [*life.application_ids, *life.message_ids]


@pytest.mark.parametrize("read", [histories, temporal_files])
def test_temporal_knows_ids_and_no_canary(
    stack: LocalStack, life: Life, read: Callable[[LocalStack], bytes]
) -> None:
    content = read(stack)
    # had the search been blind, it would not see these either
    assert [text for text in ids_of(life) if text.encode() not in content] == []
    assert life.canaries.found_in(content) == set()


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (logs, ["/api/applications/", "Jobraker is up"]),
        (metrics, ["jobraker_http_request_seconds", "jobraker_activity_seconds"]),
    ],
)
def test_operators_are_told_no_canary(
    stack: LocalStack, life: Life, read: Callable[[LocalStack], bytes], expected: list[str]
) -> None:
    content = read(stack)
    assert [text for text in expected if text.encode() not in content] == []
    assert life.canaries.found_in(content) == set()


def test_no_canary_is_in_an_error_report(life: Life, sentry: SentrySink) -> None:
    assert sentry.everything.count(ERROR_TYPE) >= 2
    assert life.canaries.found_in(sentry.everything) == set()


def test_no_canary_but_login_and_preferences_is_in_the_database_in_plain(
    stack: LocalStack, life: Life
) -> None:
    files, values = files_below(stack.data_dir / "postgres"), rows(stack)
    # the files may hold what was deleted, the values what the files hold compressed
    assert life.canaries.found_in(files) <= IN_PLAIN
    assert life.canaries.found_in(values) == IN_PLAIN


def test_the_search_sees_every_spelling() -> None:
    canaries = Canaries()
    question = canaries.question
    for around in ("", "a", "ab", "abc"):
        packed = base64.b64encode(f"{around}{question} and more".encode())
        assert canaries.found_in(b"x" + packed) == {"question"}
    assert canaries.found_in(question.upper().encode()) == {"question"}
    assert canaries.found_in(question.encode().hex().encode()) == {"question"}
    assert canaries.found_in(b"canary") == set()
