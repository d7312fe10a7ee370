"""Which searches a run brings, by whose key, and when the others may expect their turn; pure functions.

A search's turn is its age times its weight. Its weight is one for each default search, and of each person who
wants it one divided by how many searches they have: everybody has one vote. To that comes the mean weight of
all searches, so that half of the calls go by votes and half evenly: however few want it, a search comes, in
the long run, at least half as often as if all of them came in turn. Where many become urgent at once it may
wait somewhat longer for its first turns.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean
from uuid import UUID

DUE_SHARE = 2
"""What was brought less than half an interval ago is not due again in a scheduled run."""


CREDIT = 0.75
"""How much of its age a search keeps when it fails."""


@dataclass(frozen=True)
class Wanted:
    """A search that somebody wants: its votes, since when it is waiting, and who of them has an own key.

    `failed_at` is when it was tried since then, and failed by itself.
    """

    id: UUID
    votes: float
    since: datetime
    owners: Sequence[UUID] = ()
    failed_at: datetime | None = None

    def age(self, at: datetime, period: timedelta) -> timedelta:
        """Return the age that counts at a time, of a search that comes once in a period.

        A failure has cost calls as well: it takes away a part of the age, and of a period. So a search that
        fails for ever waits its time each time, and one that failed once need not wait all of it again.
        """
        if self.failed_at is None or self.failed_at <= self.since:
            return at - self.since
        return at - self.failed_at + CREDIT * min(self.failed_at - self.since, period)


@dataclass(frozen=True)
class Lane:
    """A key: how many calls this run may make by it, and how many a run in the long term."""

    key_id: UUID
    owner_id: UUID | None
    calls: int
    rate: float
    blocked_until: datetime | None = None


@dataclass(frozen=True)
class Turn:
    """A search that the run brings: by which key, and at most how many of its pages."""

    search_id: UUID
    key_id: UUID
    pages: int


@dataclass(frozen=True)
class Draft:
    """The run's turns, the most urgent first, how many it leaves out that are due, and who is next when."""

    turns: list[Turn]
    left_out: int
    next_at: dict[UUID, datetime | None]


@dataclass(frozen=True)
class Rules:
    """When the run begins, how often runs begin, the most pages of a search, and whether all is due."""

    at: datetime
    interval: timedelta
    pages: int = 1
    all_due: bool = False

    def is_due(self, search: Wanted) -> bool:
        """Tell whether a search is old enough to be brought again."""
        last = max(search.since, search.failed_at or search.since)
        return self.all_due or self.at - last >= self.interval / DUE_SHARE


@dataclass
class _Street:
    """The lanes by their owners, the installation's under None, with what is left of each for this run."""

    lanes: Sequence[Lane]
    left: dict[UUID, int] = field(init=False)
    _by_owner: dict[UUID | None, Lane] = field(init=False)

    def __post_init__(self) -> None:
        self.left = {lane.key_id: lane.calls for lane in self.lanes}
        self._by_owner = {lane.owner_id: lane for lane in self.lanes}

    def of(self, search: Wanted) -> list[Lane]:
        """Return the lanes that a search may take: those of who wants it before the installation's."""
        owners: list[UUID | None] = [*search.owners, None]
        return [self._by_owner[owner] for owner in owners if owner in self._by_owner]

    def usable(self, search: Wanted) -> Lane | None:
        """Return the first of them that brings anything in the long term."""
        return next((lane for lane in self.of(search) if lane.rate > 0), None)

    def take(self, search: Wanted) -> Lane | None:
        """Take a call for a search, of an own key the one that has most left."""
        free = [lane for lane in self.of(search) if self.left[lane.key_id] > 0]
        if not free:
            return None
        lane = max(free, key=lambda each: (each.owner_id is not None, self.left[each.key_id]))
        self.left[lane.key_id] -= 1
        return lane


@dataclass(frozen=True)
class _Waiting:
    """A search with its weight, the lane that it waits for, how often it comes by it, and its age."""

    search: Wanted
    weight: float
    lane: Lane | None
    period: timedelta
    age: timedelta


def weights_of(wanted: Sequence[Wanted]) -> dict[UUID, float]:
    """Return each search's votes and the mean of all."""
    if not wanted:
        return {}
    mean = fmean(search.votes for search in wanted)
    return {search.id: search.votes + mean for search in wanted}


def draft(wanted: Sequence[Wanted], lanes: Sequence[Lane], rules: Rules) -> Draft:
    """Return what a run does with its calls."""
    street = _Street(lanes)
    waiting = _waiting(wanted, street, rules)
    urgent = sorted(waiting, key=lambda each: (-each.weight * each.age.total_seconds(), each.search.id))
    taken: dict[UUID, Lane] = {}
    left_out = 0
    for search in (each.search for each in urgent):
        if not rules.is_due(search):
            continue
        lane = street.take(search)
        if lane is None:
            left_out += 1
        else:
            taken[search.id] = lane
    turns = [Turn(search_id, lane.key_id, _pages(street, lane, rules)) for search_id, lane in taken.items()]
    return Draft(turns, left_out, _next_turns(urgent, taken, rules))


def _waiting(wanted: Sequence[Wanted], street: _Street, rules: Rules) -> list[_Waiting]:
    """Return each search with the lane that it waits for, how often it comes by it, and its age.

    In the long term a search comes as often as its share of its lane's weight says.
    """
    weights, lane_of = weights_of(wanted), {search.id: street.usable(search) for search in wanted}
    queue: dict[UUID, float] = defaultdict(float)
    for search_id, lane in lane_of.items():
        if lane is not None:
            queue[lane.key_id] += weights[search_id]
    waiting = []
    for search in wanted:
        lane, weight = lane_of[search.id], weights[search.id]
        runs = queue[lane.key_id] / weight / lane.rate if lane is not None else 1.0
        period = rules.interval * max(1.0, runs)
        waiting.append(_Waiting(search, weight, lane, period, search.age(rules.at, period)))
    return waiting


def _pages(street: _Street, lane: Lane, rules: Rules) -> int:
    """Give a search what is left of its key's calls for further pages, up to the most that it may have."""
    more = min(rules.pages - 1, street.left[lane.key_id])
    street.left[lane.key_id] -= more
    return 1 + more


def _next_turns(
    urgent: Sequence[_Waiting], taken: dict[UUID, Lane], rules: Rules
) -> dict[UUID, datetime | None]:
    """Estimate when each search is brought next: after those before it; None where no key could."""
    before: dict[UUID, int] = defaultdict(int)
    found: dict[UUID, datetime | None] = {}
    for each in urgent:
        lane = each.lane
        if lane is None:
            found[each.search.id] = None
        elif each.search.id in taken:
            found[each.search.id] = rules.at + each.period
        else:
            before[lane.key_id] += 1
            turn = rules.at + rules.interval * max(1.0, before[lane.key_id] / lane.rate)
            found[each.search.id] = max(turn, rules.at - each.age + each.period, lane.blocked_until or turn)
    return found
