"""What must be known before a search: rates of exchange, a person's currency, where a place is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from models.countries import COUNTRIES
from models.database import Database
from models.errors import UnprocessableError
from models.search.filters import JobFilters
from models.search.near import NEAR_KM, Point
from models.term import normal_term

UNKNOWN_PLACE = (
    "It is not known where this place is: name another town, or send near=latitude,longitude. Towns that new"
    " jobs name are learned before long."
)

_MONEY = """
SELECT (SELECT json_object_agg(currency, per_euro) FROM exchange_rate) AS per_euro,
    (SELECT preferences ->> 'currency' FROM profile WHERE user_id = %(me)s) AS preferred
"""
_PLACE = """
SELECT latitude, longitude FROM term
WHERE kind = 'place' AND normal = ANY(%(names)s) AND (%(country)s::text IS NULL OR country = %(country)s)
    AND latitude IS NOT NULL AND longitude IS NOT NULL
ORDER BY array_position(%(names)s, normal), jobs DESC LIMIT 1
"""


@dataclass(frozen=True)
class Circle:
    """Where to look around."""

    middle: Point
    radius_km: int


@dataclass(frozen=True)
class Known:
    """What was found out. `currency` is that of the salary asked for, null for each job's own."""

    per_euro: Mapping[str, float] = field(default_factory=dict)
    currency: str | None = None
    circle: Circle | None = None


async def find_out(database: Database, filters: JobFilters, me: UUID) -> Known:
    """Return what a search needs; UnprocessableError for a place or a currency that nobody knows."""
    circle = await _circle(database, filters)
    if filters.salary is None:
        return Known(circle=circle)
    (row,) = await database.rows(_MONEY, {"me": me})
    currency = filters.currency or row["preferred"] or COUNTRIES.get(filters.country or "")
    rates: dict[str, float] = row["per_euro"] or {}
    if currency is not None and currency not in rates:
        known = ", ".join(sorted(rates))
        raise UnprocessableError(
            f"There is no exchange rate for {currency}; send `currency` as one of {known}."
        )
    return Known(rates, currency, circle)


async def _circle(database: Database, filters: JobFilters) -> Circle | None:
    if filters.near is not None:
        return Circle(Point.parse(filters.near), filters.radius_km or NEAR_KM)
    if filters.location is None or filters.radius_km is None:
        return None
    names = [normal_term(filters.location), normal_term(filters.location.partition(",")[0])]
    parameters: dict[str, Any] = {"names": names, "country": filters.country}
    rows = await database.rows(_PLACE, parameters)
    if not rows:
        raise UnprocessableError(UNKNOWN_PLACE)
    return Circle(Point(rows[0]["latitude"], rows[0]["longitude"]), filters.radius_km)
