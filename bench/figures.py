"""A measured figure beside the bare thing measured in the same run, and how they are kept and shown."""

import json
import statistics
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table

MILLISECONDS = "ms"
KILOBYTES = "KB"
SCANS = "scans"
CALLS = "calls"
HOURS = "h"
COSTS = {MILLISECONDS, KILOBYTES, SCANS, CALLS, HOURS}

Pairs = Sequence[tuple[float, float]]
"""What ours and the limit were measured at, in turn."""


class Figure(BaseModel):
    """`ours` and `limit` in `unit`, their `ratio`, and the `goal` of the ratio.

    Of rates more is better, so the ratio aims at the goal or more. Of costs (`unit` is one of COSTS) less is
    better, so the ratio aims at the goal or less.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    ours: float
    limit: float
    unit: str
    ratio: float
    goal: float

    @property
    def is_met(self) -> bool:
        """Whether the goal was reached."""
        return self.ratio <= self.goal if self.unit in COSTS else self.ratio >= self.goal


async def in_turn(
    ours: Callable[[], Awaitable[float]], limit: Callable[[], Awaitable[float]], rounds: int
) -> list[tuple[float, float]]:
    """Measure both in turn, A B A B, so that a machine that drifts drifts for both."""
    return [(await ours(), await limit()) for _ in range(rounds)]


def rate_figure(name: str, unit: str, pairs: Pairs, goal: float) -> Figure:
    """Return a figure of rates: medians, and the median of the pairs' ratios."""
    return Figure(
        name=name,
        ours=statistics.median(ours for ours, _ in pairs),
        limit=statistics.median(limit for _, limit in pairs),
        unit=unit,
        ratio=statistics.median(ours / limit for ours, limit in pairs),
        goal=goal,
    )


def time_figure(name: str, pairs: Pairs, allowance: float) -> Figure:
    """Return a figure of times in milliseconds: medians, of which ours may be larger by the allowance."""
    return cost_figure(name, MILLISECONDS, pairs, allowance)


def cost_figure(name: str, unit: str, pairs: Pairs, allowance: float) -> Figure:
    """Return a figure of costs: medians, of which ours may be larger by the allowance."""
    ours = statistics.median(ours for ours, _ in pairs)
    limit = statistics.median(limit for _, limit in pairs)
    return Figure(
        name=name, ours=ours, limit=limit, unit=unit, ratio=ours / limit, goal=(limit + allowance) / limit
    )


def bound_figure(name: str, unit: str, ours: float, limit: float, most: float) -> Figure:
    """Return a figure of a cost that may be so much at most, whatever the limit is."""
    return Figure(name=name, ours=ours, limit=limit, unit=unit, ratio=ours / limit, goal=most / limit)


def none_figure(name: str, unit: str, ours: float) -> Figure:
    """Return a figure of something that must not be at all."""
    return Figure(name=name, ours=ours, limit=0, unit=unit, ratio=ours, goal=0)


def keep(figures: Sequence[Figure], file: Path) -> None:
    """Write the figures; those of an earlier run that were not measured again stay."""
    known = {each["name"]: each for each in json.loads(file.read_text())} if file.exists() else {}
    known |= {figure.name: figure.model_dump() for figure in figures}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(list(known.values()), indent=2) + "\n")


def show(figures: Sequence[Figure]) -> None:
    """Print the figures as a table."""
    table = Table("figure", "ours", "limit", "unit", "ratio", "goal", "")
    for each in figures:
        numbers = [f"{value:,.2f}" for value in (each.ours, each.limit)]
        bound = "≤" if each.unit in COSTS else "≥"
        met = "met" if each.is_met else "missed"
        table.add_row(each.name, *numbers, each.unit, f"{each.ratio:.2f}", f"{bound} {each.goal:.2f}", met)
    Console().print(table)
