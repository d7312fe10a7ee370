"""Readiness: what does not answer is named, and in time even where it hangs."""

import asyncio
import time
from contextlib import suppress

import pytest

from api.routes import health
from tests.api.client import Api

HANGS_SECONDS = 5.0


async def test_who_does_not_answer_is_named(api: Api) -> None:
    answer = await api.http.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "No answer from: temporal."
    assert (answer.json()["database"], answer.json()["temporal"]) == ("up", "down")
    assert (await api.http.get("/health/live")).json() == {"status": "up"}


async def test_a_server_that_hangs_even_when_told_to_stop_is_named_in_time(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object) -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(HANGS_SECONDS)
        await asyncio.sleep(HANGS_SECONDS)

    monkeypatch.setattr(health, "CHECK_SECONDS", 0.2)
    monkeypatch.setattr(api.database, "rows", hang)
    began = time.monotonic()
    answer = await api.http.get("/health/ready")
    assert time.monotonic() - began < HANGS_SECONDS
    assert answer.json()["database"] == "down"
