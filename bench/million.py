"""The list of jobs over a million of them: how fast, how steady, and that nothing reads them all.

`JOBS=200000 python -m bench million` does the same over fewer. Each question is asked of our API and of bare
psycopg with the same SQL: by 16 clients for the requests a second, and by one for the milliseconds. That no
plan scans the table of jobs is told by PostgreSQL, which counts its scans over all that was asked.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg

from activities.job_upkeep.terms import learn
from bench.figures import MILLISECONDS, SCANS, Figure, bound_figure, none_figure, rate_figure
from bench.load import Answers, Load, answers
from bench.logins import log_in
from bench.million_asks import JOBS, Ask, Asks
from bench.million_load import load
from bench.million_person import people
from bench.servers import Environment, a_database, a_server, environment_of
from models.account import Account
from models.database import Database

SIZE = "1000000"
ROUNDS = 3
MANY = Load(clients=16, seconds=3)
ONE = Load(clients=1, seconds=3)
P99_MILLISECONDS = 100.0
MEDIAN_ALLOWANCE = 2.0
DEEP_ROWS = 20_000
PAGE = 100
DEEP_TARGETS = 8
TERMS_A_PAGE = 20_000
SECONDS = 60.0

_SCANS = b"SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'job'"
_OTHERS = b"""
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Stage:
    """Both servers over the same jobs, and the person who asks."""

    ours: str
    bare: str
    headers: dict[str, str]

    async def get(self, address: str) -> Any:  # noqa: ANN401 -- whatever JSON it is
        """Return one answer."""
        async with httpx.AsyncClient(timeout=SECONDS) as client:
            answer = await client.get(address, headers=self.headers)
            return answer.raise_for_status().json()

    async def deep_targets(self) -> list[str]:
        """Walk down the list page by page and return the last pages' addresses."""
        target, targets = f"{JOBS}?limit={PAGE}", []
        for _ in range(DEEP_ROWS // PAGE):
            cursor = (await self.get(self.ours + target))["next_cursor"]
            if cursor is None:
                break
            target = f"{JOBS}?limit={PAGE}&cursor={cursor}"
            targets.append(f"{JOBS}?cursor={cursor}")
        return targets[-DEEP_TARGETS:]

    async def asked(self, ask: Ask, load: Load, rounds: int) -> list[tuple[Answers, Answers]]:
        """Ask both servers in turn, once before anything is measured."""
        ours = [self.ours + target for target in ask.targets]
        bare = [self.bare + target for target in ask.targets]
        for target in (*ours, *bare):
            await self.get(target)
        return [
            (await answers(ours, self.headers, load), await answers(bare, self.headers, load))
            for _ in range(rounds)
        ]

    async def usual(self, ask: Ask) -> list[Figure]:
        """Measure what is asked all the time."""
        pairs = await self.asked(ask, MANY, ROUNDS)
        rates = [(ours.rate, limit.rate) for ours, limit in pairs]
        return [rate_figure(f"million_{ask.name}", "requests/s", rates, ask.goal), *await self.times(ask)]

    async def times(self, ask: Ask) -> list[Figure]:
        """Measure how long one who is alone waits."""
        ((ours, limit),) = await self.asked(ask, ONE, 1)
        name, most = f"million_{ask.name}", limit.median + MEDIAN_ALLOWANCE
        return [
            bound_figure(f"{name}_median", MILLISECONDS, ours.median, limit.median, most),
            bound_figure(f"{name}_p99", MILLISECONDS, ours.p99, limit.p99, P99_MILLISECONDS),
        ]

    async def scanning(self, ask: Ask) -> list[str]:
        """Return the addresses of which a plan reads the whole table of jobs."""
        plans = [(target, await self.get(f"{self.bare}/explain{target}")) for target in ask.targets]
        return [target for target, found in plans if any(scans_jobs(each["Plan"]) for each in found)]


def scans_jobs(plan: dict[str, Any]) -> bool:
    """Tell whether a plan, as PostgreSQL explains it in JSON, reads all jobs from the first to the last."""
    is_scan = plan["Node Type"] == "Seq Scan" and plan["Relation Name"] == "job"
    return is_scan or any(scans_jobs(each) for each in plan.get("Plans", []))


async def million() -> list[Figure]:
    """Measure everything."""
    figures, scanning = [], []
    with a_database() as url:
        jobs = int(os.environ.get("JOBS", SIZE))
        began = time.monotonic()
        await asyncio.to_thread(load, url, jobs)
        await _learn(url)
        environment = environment_of(url)
        me = people(url, environment)
        print(f"{jobs:,} jobs loaded in {time.monotonic() - began:.0f} s")
        before = await _scans(url)
        with _servers(environment, me) as stage:
            asks = Asks(await stage.deep_targets())
            for ask in asks.usual:
                figures += await stage.usual(ask)
            for ask in asks.hard:
                figures += await stage.times(ask)
            for ask in (*asks.usual, *asks.hard):
                scanning += await stage.scanning(ask)
        figures.append(none_figure("million_seq_scans", SCANS, await _scans(url) - before))
    for target in scanning:
        print(f"reads all jobs: {target}")
    return figures


async def _learn(url: str) -> None:
    """Let the installation learn the names of the jobs as it does by itself."""
    database = Database(url)
    try:
        while (await learn(database, TERMS_A_PAGE)).more:
            pass
    finally:
        await database.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(b"VACUUM ANALYZE term, term_word")


@contextmanager
def _servers(environment: Environment, me: Account) -> Iterator[Stage]:
    with ExitStack() as stack:
        ours = stack.enter_context(a_server("api.app:create", environment))
        bare = stack.enter_context(a_server("bench.bare_api:create", environment))
        yield Stage(
            ours,
            bare,
            {"authorization": f"Bearer {log_in(environment['JOBRAKER_DATABASE__URL'], environment, me)}"},
        )


async def _scans(url: str) -> int:
    """Return how often the table of jobs was read as a whole, once everybody else has told and gone."""
    deadline = time.monotonic() + SECONDS
    with psycopg.connect(url, autocommit=True) as connection:
        while (row := connection.execute(_OTHERS).fetchone()) and row[0]:
            assert time.monotonic() < deadline, "somebody is still connected"
            await asyncio.sleep(0.1)
        row = connection.execute(_SCANS).fetchone()
    assert row is not None
    return int(row[0])
