"""Liveness, readiness and figures: what does not answer is named, and in time even where it hangs."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg

from api.routes.health import CHECK_SECONDS
from tests.api.client import Api, ApiAt

MARGIN_SECONDS = 2.0


@contextmanager
def frozen(database_url: str) -> Iterator[int]:
    """Freeze every server process that serves this database to others; yields how many there are."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        pids = [pid for (pid,) in connection.execute(others) if pid != connection.info.backend_pid]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield len(pids)
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


async def test_who_does_not_answer_is_named(api: Api) -> None:
    answer = await api.http.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "No answer from: temporal."
    assert (answer.json()["database"], answer.json()["temporal"]) == ("up", "down")
    assert (await api.http.get("/health/live")).json() == {"status": "up"}


async def test_all_is_ready_where_both_answer(api_at: ApiAt, temporal_server: str) -> None:
    async with api_at(temporal=temporal_server) as api:
        answer = await api.http.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"database": "up", "temporal": "up"})


async def test_a_database_that_hangs_is_named_in_time(api: Api, database_url: str) -> None:
    await api.http.get("/health/ready")
    with frozen(database_url) as processes:
        began = time.monotonic()
        answer = await api.http.get("/health/ready")
        took = time.monotonic() - began
    assert processes
    assert answer.json()["database"] == "down"
    assert took < CHECK_SECONDS + MARGIN_SECONDS


async def test_the_figures_count_requests_by_route_and_name_nobody(api: Api) -> None:
    job_id = uuid4()
    await api.http.get(f"/api/jobs/{job_id}")
    await api.http.get(f"/nowhere/{job_id}")
    figures = (await api.http.get("/metrics")).text
    counted = 'jobraker_http_request_seconds_count{method="GET",route="%s",status="4xx"} 1.0'
    assert counted % "/api/jobs/{job_id}" in figures
    assert counted % "unmatched" in figures
    assert str(job_id) not in figures
