"""Skyvern's ids (a prefix and 18 growing digits) and its timestamps (naive UTC, microseconds, no zone)."""

import time
from datetime import UTC, datetime, timedelta

ORGANIZATION_ID = "o_599956993921836136"
_EPOCH_MILLISECONDS = 1_200_000_000_000
_SHIFT = 20
_NANOSECONDS = 1_000_000


class _Clock:
    """Numbers that grow with time and never repeat within a process."""

    def __init__(self) -> None:
        self._last = 0

    def tick(self) -> int:
        by_time = (time.time_ns() // _NANOSECONDS - _EPOCH_MILLISECONDS) << _SHIFT
        self._last = max(self._last + 2, by_time)
        return self._last


_clock = _Clock()


def new_id(prefix: str) -> str:
    """Return a fresh id such as `wr_599958741973526402`."""
    return f"{prefix}_{_clock.tick()}"


def now(after: timedelta = timedelta()) -> str:
    """Return the present, or a moment after it, as Skyvern writes it: `2026-11-22T18:20:04.155685`."""
    return (datetime.now(UTC) + after).replace(tzinfo=None).isoformat(timespec="microseconds")
