"""Logs and error reports say what happened and nothing that people wrote."""

import asyncio
import gzip
import json
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from io import StringIO
from typing import Any

import httpx
import pytest
import sentry_sdk
import structlog
from fastapi import FastAPI, Request

import telemetry
from local.ports import free_port
from local.serving import serve

CANARY = "canary-ada@example.org"


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """Logs as JSON on a stdout of our own; what was set before is set again."""
    stdout = StringIO()
    monkeypatch.setattr(sys, "stdout", stdout)
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in telemetry.QUIET}
    telemetry.configure_logging("info", as_json=True)
    yield stdout
    root.handlers = handlers
    root.setLevel(level)
    for name, each in levels.items():
        logging.getLogger(name).setLevel(each)
    structlog.reset_defaults()


def lines(logs: StringIO) -> list[dict[str, Any]]:
    """Return what was logged."""
    return [json.loads(line) for line in logs.getvalue().splitlines()]


def fail() -> None:
    """Fail with a text that nobody may read."""
    raise ValueError(CANARY)


def test_our_logs_and_those_of_libraries_are_json_with_the_context(logs: StringIO) -> None:
    with structlog.contextvars.bound_contextvars(workflow_id="w1"):
        structlog.get_logger("ours").info("hello", count=3)
        logging.getLogger("theirs").warning("hi %s", "there")
    ours, theirs = lines(logs)
    assert (ours["event"], ours["count"], ours["level"], ours["workflow_id"]) == ("hello", 3, "info", "w1")
    assert (theirs["event"], theirs["logger"], theirs["workflow_id"]) == ("hi there", "theirs", "w1")


def test_an_exception_is_logged_by_its_class_and_lines_of_code(logs: StringIO) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("theirs").exception("it failed")
        structlog.get_logger("ours").exception("it failed")
    printed = lines(logs)
    assert CANARY not in json.dumps(printed)
    assert [entry["exception"] for entry in printed] == ["ValueError", "ValueError"]
    assert all(entry["at"][-1].endswith(" fail") for entry in printed)


async def test_a_task_that_nobody_awaited_tells_nothing(logs: StringIO) -> None:
    loop = asyncio.get_running_loop()
    loop.call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": ValueError(CANARY)}
    )
    (entry,) = lines(logs)
    assert entry["event"] == "Task exception was never retrieved"
    assert CANARY not in json.dumps(entry)


async def test_no_url_with_a_key_is_logged(logs: StringIO) -> None:
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:{free_port()}/?app_key={CANARY}")
    async with serve(FastAPI()) as url, httpx.AsyncClient() as client:
        await client.get(f"{url}/?app_key={CANARY}")
    logging.getLogger("uvicorn.access").info("GET /?app_key=%s", CANARY)
    assert CANARY not in logs.getvalue()


def test_a_level_below_the_set_one_is_silent(logs: StringIO) -> None:
    structlog.get_logger("ours").debug("whisper")
    assert lines(logs) == []


class Sentry(FastAPI):
    """Takes error reports as Sentry does."""

    def __init__(self) -> None:
        super().__init__()
        self.reports: list[str] = []
        self.post("/api/1/envelope/")(self.take)

    async def take(self, request: Request) -> dict[str, str]:
        """Keep a report."""
        body = await request.body()
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        self.reports.append(body.decode())
        return {}


@pytest.fixture
async def sentry() -> AsyncIterator[Sentry]:
    """A Sentry that this process reports to."""
    app = Sentry()
    async with serve(app) as url:
        telemetry.configure_sentry(f"{url.replace('//', '//key@')}/1", "test")
        yield app
        await asyncio.to_thread(sentry_sdk.get_client().close, 5)
        sentry_sdk.get_global_scope().set_client(None)


async def test_a_report_names_the_class_and_the_code_and_nothing_else(sentry: Sentry) -> None:
    sentry_sdk.set_user({"email": CANARY})
    sentry_sdk.set_extra("answer", CANARY)
    sentry_sdk.set_context("request", {"body": CANARY})
    sentry_sdk.add_breadcrumb(message=CANARY)
    logging.getLogger("theirs").error("about %s", CANARY)
    with sentry_sdk.isolation_scope() as scope:
        scope.set_tag("activity", "send")
        try:
            fail()
        except ValueError as error:
            sentry_sdk.capture_exception(error)
    await asyncio.to_thread(sentry_sdk.flush, 5)
    (report,) = sentry.reports
    assert CANARY not in report
    event = json.loads(report.splitlines()[2])
    (exception,) = event["exception"]["values"]
    assert exception["type"] == "ValueError"
    assert exception["stacktrace"]["frames"][-1]["function"] == "fail"
    assert event["tags"] == {"activity": "send"}


def test_without_a_dsn_nothing_is_set_up() -> None:
    telemetry.configure_sentry("", "test")
    assert not sentry_sdk.get_client().is_active()


async def test_metrics_are_served_until_stopped_or_not_at_all() -> None:
    telemetry.serve_metrics("127.0.0.1", 0)()
    port = free_port()
    stop = telemetry.serve_metrics("127.0.0.1", port)
    async with httpx.AsyncClient() as client:
        answer = await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{port}/metrics")
        assert "python_info" in answer.text
        stop()
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:{port}/metrics")
