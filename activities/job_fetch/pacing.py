"""How many calls a run may make, so that a month's budget lasts a month; pure functions.

Calls fill a bucket that runs out at an even rate. The bucket holds a small part of the tightest window's
limit, for what is new and for catching up, and the rate is what then remains of the limit, spread over the
window. So it is never spent early, and an idle hour is made up for.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.enums import CallWindow
from models.fetch_key import SPANS, CallLimits

BURST_SHARE = 0.04
MOST_A_RUN = 200
"""However large the budget, a run has an end."""

PACED = (CallWindow.DAY, CallWindow.WEEK, CallWindow.MONTH)
"""A minute's limit is waited for; these end a run."""

PROBE_AFTER = timedelta(days=1)
"""After how long a refused key is tried once more: an account that was suspended may be let in again."""


@dataclass(frozen=True)
class Pace:
    """A bucket of `burst` calls that runs out at `rate` calls a second."""

    burst: float
    rate: float


@dataclass(frozen=True)
class KeyUse:
    """How a key's ledger stands: calls by window, the bucket's level, and what Adzuna last said of it."""

    used: Mapping[CallWindow, int]
    level: float = 0.0
    blocked_until: datetime | None = None
    refused_at: datetime | None = None


def pace_of(limits: CallLimits) -> Pace:
    """Return the pace that the tightest window asks for: the one with the fewest calls a second."""
    tightest = min(PACED, key=lambda window: limits.of(window) / SPANS[window].total_seconds())
    limit = limits.of(tightest)
    burst = max(1.0, limit * BURST_SHARE)
    return Pace(burst, (limit - burst) / SPANS[tightest].total_seconds())


def calls_of_run(use: KeyUse, limits: CallLimits, at: datetime, *, paced: bool = True) -> int:
    """Return how many calls a run that begins now may make by a key, by its ledger as it stands.

    What an administrator asks for is not paced, and takes no more at once than the bucket holds.
    """
    if use.blocked_until is not None and use.blocked_until > at:
        return 0
    pace = pace_of(limits)
    left = min(limits.of(window) - use.used[window] for window in PACED)
    free = pace.burst - use.level if paced else pace.burst
    most = MOST_A_RUN
    if use.refused_at is not None:
        most = 1 if use.refused_at <= at - PROBE_AFTER else 0
    return max(0, min(math.floor(free), left, most))
