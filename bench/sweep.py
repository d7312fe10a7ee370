"""How the hourly sweep grows: with new jobs and with matches, not with users times jobs.

A sweep is measured by its time and by the rows that PostgreSQL reads for it, then again beside twice as many
users who want other jobs, with twice as many jobs that nobody wants, and with twice as many matches. `ours`
is the rate with the doubled number, `limit` the one without: where the rate stays, the work has grown no
faster than what it is counted by. A sweep that held every job against every user would show a half.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from activities.auto_apply_sweep import AutoApplySweepActivities
from bench.figures import Figure, rate_figure
from bench.servers import a_database
from bench.sweep_crowd import Crowd, fill
from bench.sweep_reads import reads_of, settled
from models.database import Database
from workflows.job_messages import MatchCursor, SweepCursor

BASE = Crowd(idle_users=5_000, users=400, jobs=1_000, wanted_jobs=500)
ROUNDS = 3
GOAL = 0.85
"""What is left for noise: a half would be growth by the product."""

THOUSAND = 1000.0


@dataclass(frozen=True)
class Measured:
    """One sweep: what it did, for how many seconds it matched and lasted, and how many rows were read."""

    jobs: int
    matches: int
    matching: float
    seconds: float
    rows: int


Rate = Callable[[Measured], float]


@dataclass(frozen=True)
class Doubling:
    """A crowd with something doubled, and the rates that tell what it costs: of time, and of rows read."""

    crowd: Crowd
    unit: str
    by_time: Rate
    by_rows: Rate


DOUBLED = {
    "users": Doubling(
        replace(BASE, idle_users=2 * BASE.idle_users),
        "matches",
        lambda each: each.matches / each.matching,
        lambda each: THOUSAND * each.matches / each.rows,
    ),
    "jobs": Doubling(
        replace(BASE, jobs=2 * BASE.jobs),
        "jobs",
        lambda each: each.jobs / each.matching,
        lambda each: THOUSAND * each.jobs / each.rows,
    ),
    "matches": Doubling(
        replace(BASE, users=2 * BASE.users),
        "matches",
        lambda each: each.matches / each.seconds,
        lambda each: THOUSAND * each.matches / each.rows,
    ),
}


async def measure(url: str, crowd: Crowd) -> Measured:
    """Fill the database anew and run one whole sweep."""
    await fill(url, crowd)
    before = await settled(url)
    database = Database(url)
    began = time.perf_counter()
    try:
        jobs, matches = await _match(database)
        matching = time.perf_counter() - began
        queued = await _queue(database)
    finally:
        seconds = time.perf_counter() - began
        await database.close()
    reads = reads_of(before, await settled(url)).values()
    assert matches == crowd.matches, f"{matches} instead of {crowd.matches}"
    assert queued == crowd.users, f"{queued} instead of {crowd.users}"
    return Measured(jobs, matches, matching, seconds, sum(each.scanned + each.fetched for each in reads))


async def _match(database: Database) -> tuple[int, int]:
    steps = AutoApplySweepActivities(database)
    cursor: MatchCursor | None = MatchCursor()
    jobs = matches = 0
    while cursor is not None:
        page = await steps.match_jobs(cursor)
        jobs, matches, cursor = jobs + page.jobs, matches + page.matches, page.next
    return jobs, matches


async def _queue(database: Database) -> int:
    steps = AutoApplySweepActivities(database)
    cursor, queued = SweepCursor(), 0
    while True:
        page = await steps.queue_matches(cursor)
        queued += len(page.applications)
        if page.next_user is None:
            return queued
        cursor = SweepCursor(after_user=page.next_user)


async def sweep() -> list[Figure]:
    """Measure the base and each doubling in turn, several times."""
    base: list[Measured] = []
    doubled: dict[str, list[Measured]] = {name: [] for name in DOUBLED}
    with a_database() as url:
        for _ in range(ROUNDS):
            base.append(await measure(url, BASE))
            for name, doubling in DOUBLED.items():
                doubled[name].append(await measure(url, doubling.crowd))
    figures: list[Figure] = []
    for name, doubling in DOUBLED.items():
        for suffix, unit, rate in (
            ("", "s", doubling.by_time),
            ("_reads", "1000 rows read", doubling.by_rows),
        ):
            pairs = [(rate(ours), rate(limit)) for ours, limit in zip(doubled[name], base, strict=True)]
            figures.append(rate_figure(f"sweep_{name}_x2{suffix}", f"{doubling.unit}/{unit}", pairs, GOAL))
    return figures
