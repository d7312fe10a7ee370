"""A measured figure beside the bare thing measured in the same run, and how they are kept and shown."""

import json
import statistics
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table


class Figure(BaseModel):
    """`ours` and `limit` in `unit`; a larger `ratio` is better, whatever the unit, and `goal` is its aim."""

    model_config = ConfigDict(frozen=True)

    name: str
    ours: float
    limit: float
    unit: str
    ratio: float
    goal: float


async def in_turn(
    ours: Callable[[], Awaitable[float]], limit: Callable[[], Awaitable[float]], rounds: int
) -> list[tuple[float, float]]:
    """Measure both in turn, A B A B, so that a machine that drifts drifts for both."""
    return [(await ours(), await limit()) for _ in range(rounds)]


def rate_figure(name: str, unit: str, pairs: Sequence[tuple[float, float]], goal: float) -> Figure:
    """Return a figure of rates (larger is better): medians, and the median of the pairs' ratios."""
    return Figure(
        name=name,
        ours=statistics.median(ours for ours, _ in pairs),
        limit=statistics.median(limit for _, limit in pairs),
        unit=unit,
        ratio=statistics.median(ours / limit for ours, limit in pairs),
        goal=goal,
    )


def keep(figures: Sequence[Figure], file: Path) -> None:
    """Write the figures; those of an earlier run that were not measured again stay."""
    known = {each["name"]: each for each in json.loads(file.read_text())} if file.exists() else {}
    known |= {figure.name: figure.model_dump() for figure in figures}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(list(known.values()), indent=2) + "\n")


def show(figures: Sequence[Figure]) -> None:
    """Print the figures as a table."""
    table = Table("figure", "ours", "limit", "unit", "ratio", "goal")
    for each in figures:
        numbers = [f"{value:,.2f}" for value in (each.ours, each.limit)]
        table.add_row(each.name, *numbers, each.unit, f"{each.ratio:.2f}", f"{each.goal:.2f}")
    Console().print(table)
