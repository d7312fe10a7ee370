"""Matching 10,000 people with 20,000 new jobs: how long it takes, and how that grows when either doubles.

`matching_time` is beside the scorer alone, with the same pairs and without a database: the rest is finding
the pairs and storing the scores. Then the people, the jobs, and people who want what nobody advertises are
doubled. `ours` is the rate of matches with the doubled number and `limit` the one without: where the rate
stays, the work has grown no faster than the matches; people times jobs would halve the last one.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from uuid import UUID

from sqlmodel import col, select

from activities.auto_apply_sweep import AutoApplySweepActivities
from activities.matching.rows import Seeker, read_seekers, row_of
from bench.figures import Figure, rate_figure, time_figure
from bench.matching_crowd import Market, fill
from bench.servers import a_database
from models.base import now
from models.database import Database
from models.job import Job
from models.match.sides import Advert, advert_of
from models.match_row import JobMatch
from models.profile import Profile
from workflows.job_messages import MatchCursor

BASE = Market(users=10_000, idle_users=0, jobs=20_000)
DOUBLED = {
    "users": replace(BASE, users=2 * BASE.users),
    "jobs": replace(BASE, jobs=2 * BASE.jobs),
    "idle_users": replace(BASE, idle_users=BASE.users),
}
GOAL = 0.85
"""What is left for noise: a half would be growth by the product."""

STORED_MS = 0.35
"""What finding and storing a match may cost beside scoring it, in milliseconds."""

SCORED = 20_000
"""With how many pairs the scorer alone is measured."""

MILLISECONDS = 1000.0


@dataclass(frozen=True)
class Measured:
    """How many matches were made, in how many seconds, and in how many the scorer alone makes as many."""

    matches: int
    seconds: float
    scoring: float

    @property
    def rate(self) -> float:
        """Matches a second."""
        return self.matches / self.seconds


async def measure(url: str, market: Market) -> Measured:
    """Fill the database anew and match everything."""
    await fill(url, market)
    database = Database(url)
    try:
        began = time.perf_counter()
        matches = await _match(database)
        seconds = time.perf_counter() - began
        return Measured(matches, seconds, await _scoring(database) * matches)
    finally:
        await database.close()


async def _match(database: Database) -> int:
    steps, matches = AutoApplySweepActivities(database), 0
    cursor: MatchCursor | None = MatchCursor()
    while cursor is not None:
        page = await steps.match_jobs(cursor)
        matches, cursor = matches + page.matches, page.next
    return matches


async def _scoring(database: Database) -> float:
    """Return how many seconds the scorer alone takes for a pair, each side read once."""
    async with database.begin() as session:
        pairs = list(await session.exec(select(JobMatch.user_id, JobMatch.job_id).limit(SCORED)))
        people = col(Profile.user_id).in_({user_id for user_id, _ in pairs})
        seekers = await read_seekers(session, await session.exec(select(Profile).where(people)))
        jobs = await session.exec(select(Job).where(col(Job.id).in_({job_id for _, job_id in pairs})))
        adverts = {job.id: advert_of(job) for job in jobs}
    began = time.perf_counter()
    scored = sum(1 for _ in _rows(pairs, seekers, adverts))
    return (time.perf_counter() - began) / max(scored, 1)


def _rows(
    pairs: list[tuple[UUID, UUID]], seekers: dict[UUID, Seeker | None], adverts: dict[UUID, Advert]
) -> Iterator[object]:
    at = now()
    for user_id, job_id in islice(pairs, SCORED):
        if (seeker := seekers[user_id]) is not None:
            yield row_of(user_id, seeker, adverts[job_id], at)


async def matching() -> list[Figure]:
    """Measure the base, and each doubling."""
    with a_database() as url:
        base = await measure(url, BASE)
        doubled = {name: await measure(url, market) for name, market in DOUBLED.items()}
    times = [(base.seconds * MILLISECONDS, base.scoring * MILLISECONDS)]
    figures = [time_figure(f"matching_{base.matches}_pairs", times, STORED_MS * base.matches)]
    figures += [
        rate_figure(f"matching_{name}_x2", "matches/s", [(each.rate, base.rate)], GOAL)
        for name, each in doubled.items()
    ]
    return figures
