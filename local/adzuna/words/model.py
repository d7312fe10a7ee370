"""What a language gives to the ad generator, and how its tables of trades are read."""

from dataclasses import dataclass

UNKNOWN = "unknown"
PAY = {
    "it-jobs": (48_000, 92_000),
    "engineering-jobs": (44_000, 80_000),
    "healthcare-nursing-jobs": (32_000, 58_000),
    "accounting-finance-jobs": (38_000, 78_000),
    "sales-jobs": (34_000, 75_000),
    "logistics-warehouse-jobs": (26_000, 42_000),
    "trade-construction-jobs": (30_000, 54_000),
    "hospitality-catering-jobs": (24_000, 40_000),
    "teaching-jobs": (33_000, 60_000),
    "pr-advertising-marketing-jobs": (36_000, 68_000),
    "admin-jobs": (27_000, 44_000),
    "other-general-jobs": (26_000, 48_000),
}
"""Yearly pay by category tag, lowest and highest, in euro in Germany."""


@dataclass(frozen=True, slots=True)
class Trade:
    """A category with the roles and the skills that its ads ask for."""

    tag: str
    label: str
    roles: tuple[str, ...]
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """Words of one language. Templates have the slots role, company, town, skill, other, third, years.

    `openings` begin a description, `sentences` go on with it, `remote` is what ads of remote jobs say.
    """

    trades: tuple[Trade, ...]
    titles: tuple[str, ...]
    companies: tuple[str, ...]
    openings: tuple[str, ...]
    sentences: tuple[str, ...]
    remote: str
    districts: tuple[str, ...]
    quarters: tuple[str, ...]


def parse_trades(table: str) -> tuple[Trade, ...]:
    """Read trades with an empty line between them: `tag | label | role, role … | skill, skill …`."""
    trades = []
    for block in table.strip().split("\n\n"):
        tag, label, roles, skills = (" ".join(cell.split()) for cell in block.split("|"))
        trades.append(Trade(tag, label, _list(roles), _list(skills)))
    return tuple(trades)


def _list(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split(","))


def combine(names: str, endings: str) -> tuple[str, ...]:
    """Make company names: every name with every ending, both given with commas."""
    return tuple(f"{name} {ending}" for name in _list(names) for ending in _list(endings))
