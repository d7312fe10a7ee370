"""A month of fetching within Adzuna's limits, simulated, to see that none is passed and no search starves.

The ledger and the plan are the real ones, on PostgreSQL; only the clock is passed in, and nobody is asked.
Runs begin every half hour. Some calls fail and are repeated, some are never settled as their worker died,
some steps run twice, once Adzuna is away for six hours, and now and then an administrator wants a fetch.

Of `fetch_calls_a_…`, `ours` is the most that any sliding window saw, over all keys, and the limit is
Adzuna's. `fetch_oldest_search` is the longest that any search waited, beside twice the time that all of
them would take in turn, `fetch_budget` the share of the installation's calls that was used.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

from activities.job_fetch.drafting import Turn
from activities.job_fetch.keys import keep_keys
from activities.job_fetch.ledger import Ledger, Refusal
from activities.job_fetch.options import FetchOptions
from activities.job_fetch.pacing import pace_of
from activities.job_fetch.planning import make_draft, store_draft
from bench.fetch_crowd import FetchCrowd, store
from bench.figures import CALLS, HOURS, Figure
from bench.servers import a_database
from models.base import new_id
from models.database import Database
from models.enums import CallState, CallWindow
from models.fetch_key import SPANS, CallLimits
from models.job_search import FetchRun

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
RUNS = 1_440
CROWD = FetchCrowd(searches=500, hoarders=(100, 60, 20, 20), shared=40, defaults=5, own_keys=2)
SHARE_FAILED = 0.03
SHARE_LOST = 0.005
SHARE_DOUBLED = 0.01
RUNS_ASKED_FOR = 97
"""After so many runs an administrator asks for one besides."""

AWAY_FROM = BEGIN + timedelta(days=4)
AWAY_UNTIL = AWAY_FROM + timedelta(hours=6)
"""When whatever is asked of Adzuna fails."""

CALL = timedelta(seconds=1)
TRIES = 3
HOUR = timedelta(hours=1)
GOAL = 0.95
SPOILT = 1.1
"""What is allowed for calls that fail."""


_FETCHED = b"UPDATE job_search SET fetched_at = %(at)s, last_error = NULL WHERE id = %(id)s"
_FAILED = b"UPDATE job_search SET last_error = 'vendor_error' WHERE id = %(id)s"
_CALLS = """
SELECT fetch_key_id AS key_id, owner_id, coalesce(settled_at, fetch_call.created_at) AS at
FROM fetch_call JOIN fetch_key ON fetch_key.id = fetch_key_id WHERE state <> 'released' ORDER BY at
"""
_SEARCHES = "SELECT id, country FROM job_search"


@dataclass
class Month:
    """Runs one after the other, and notes when each search was fetched."""

    database: Database
    options: FetchOptions
    owners: list[UUID | None]
    rng: Random = field(default_factory=lambda: Random(1))
    fetched: dict[UUID, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    refusals: int = 0

    async def run(self, at: datetime, *, paced: bool = True) -> None:
        """Plan a run and do it."""
        row = FetchRun(workflow_run_id=str(new_id()), created_at=at)
        async with self.database.begin() as session:
            session.add(row)
        made = await make_draft(self.database, self.options, self.owners, at, paced=paced)
        await store_draft(self.database, row.id, made)
        stopped: set[UUID] = set()
        for turn in made.turns:
            if turn.key_id not in stopped:
                at = await self._turn(turn, at, stopped)

    async def _turn(self, turn: Turn, at: datetime, stopped: set[UUID]) -> datetime:
        """Bring one search, with what can go wrong; return what the time is then."""
        fails = True
        for _ in range(TRIES):
            at = await self._call(turn, at + CALL, stopped)
            if turn.key_id in stopped:
                return at
            fails = self._is_away(at) or self.rng.random() < SHARE_FAILED
            if not fails and self.rng.random() >= SHARE_DOUBLED:
                break
        async with self.database.bulk() as connection:
            await connection.execute(_FAILED if fails else _FETCHED, {"id": turn.search_id, "at": at})
        if not fails:
            self.fetched[turn.search_id].append(at)
        return at

    def _is_away(self, at: datetime) -> bool:
        return AWAY_FROM <= at < AWAY_UNTIL

    async def _call(self, turn: Turn, at: datetime, stopped: set[UUID]) -> datetime:
        ledger = Ledger(self.database, self.options.limits)
        call = await ledger.reserve(turn.key_id, turn.search_id, at)
        while isinstance(call, Refusal) and call.window is CallWindow.MINUTE:
            at += call.wait
            call = await ledger.reserve(turn.key_id, turn.search_id, at)
        if isinstance(call, Refusal):
            self.refusals += 1
            stopped.add(turn.key_id)
        elif self.rng.random() >= SHARE_LOST:
            await ledger.settle(call, CallState.MADE, at)
        return at


@dataclass(frozen=True)
class Outcome:
    """What a month came to: the most calls of any key in each window, ages in hours, shares of the budget."""

    most: dict[CallWindow, int]
    oldest: float
    never: int
    used: float
    calls: int


async def simulate(url: str, crowd: FetchCrowd, runs: int, limits: CallLimits) -> Outcome:
    """Live through so many runs with a crowd, and look at what was done from outside."""
    owners: list[UUID | None] = [None, *await store(url, crowd, BEGIN)]
    database = Database(url)
    month = Month(database, FetchOptions([], limits=limits), owners)
    try:
        async with database.begin() as session:
            await keep_keys(session, dict.fromkeys(owners, "bench"))
        for number in range(runs):
            at = BEGIN + number * month.options.interval
            await month.run(at)
            if number % RUNS_ASKED_FOR == RUNS_ASKED_FOR - 1:
                await month.run(at + month.options.interval / 3, paced=False)
        calls = await database.rows(_CALLS, {})
        ids = [row["id"] for row in await database.rows(_SEARCHES, {})]
    finally:
        await database.close()
    made: dict[UUID, list[datetime]] = defaultdict(list)
    for call in calls:
        made[call["key_id"]].append(call["at"])
    mine = sum(call["owner_id"] is None for call in calls)
    end = BEGIN + runs * month.options.interval
    return Outcome(
        most={window: max(map(_most(span), made.values())) for window, span in SPANS.items()},
        oldest=max(_longest([BEGIN, *month.fetched[each], end]) for each in ids) / HOUR,
        never=sum(not month.fetched[each] for each in ids),
        used=mine / (limits.month * (end - BEGIN) / SPANS[CallWindow.MONTH]),
        calls=len(calls),
    )


def _most(span: timedelta) -> Callable[[list[datetime]], int]:
    """Return what counts the most calls, in their order, within any window of a length."""

    def count(times: list[datetime]) -> int:
        first = most = 0
        for index, at in enumerate(times):
            while times[first] <= at - span:
                first += 1
            most = max(most, index - first + 1)
        return most

    return count


def _longest(times: Iterable[datetime]) -> timedelta:
    return max(after - before for before, after in pairwise(times))


def figures_of(outcome: Outcome, crowd: FetchCrowd, limits: CallLimits) -> list[Figure]:
    """Return an outcome as figures."""
    most = [
        _bounded(f"fetch_calls_a_{window.value}", CALLS, (outcome.most[window], limits.of(window)), 1)
        for window in SPANS
    ]
    in_turn = crowd.searches / pace_of(limits).rate / HOUR.total_seconds()
    oldest = _bounded("fetch_oldest_search", HOURS, (outcome.oldest, 2 * in_turn), SPOILT)
    used = Figure(name="fetch_budget", ours=outcome.used, limit=1, unit="used", ratio=outcome.used, goal=GOAL)
    return [*most, oldest, used]


def _bounded(name: str, unit: str, pair: tuple[float, float], goal: float) -> Figure:
    ours, limit = pair
    return Figure(name=name, ours=ours, limit=limit, unit=unit, ratio=ours / limit, goal=goal)


async def fetch_month() -> list[Figure]:
    """Live through a month of 500 searches."""
    with a_database() as url:
        limits = CallLimits()
        return figures_of(await simulate(url, CROWD, RUNS, limits), CROWD, limits)
