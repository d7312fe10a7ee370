"""What the scorer is told of the world: the exchange rates, and where the places are that people name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.automation import Automation
from models.enums import TermKind
from models.exchange_rate import ExchangeRate
from models.match.places import Point, names_of
from models.match.sides import Wanted, wanted_of
from models.profile import Preferences
from models.term import Term, normal_term


@dataclass(frozen=True)
class Town:
    """A place of a country that so many jobs name."""

    country: str
    jobs: int
    point: Point


@dataclass(frozen=True)
class World:
    """Rates by currency, and towns by their normal names."""

    rates: Mapping[str, float] = field(default_factory=dict)
    towns: Mapping[str, list[Town]] = field(default_factory=dict)

    def wanted(self, preferences: Preferences, rules: Automation) -> Wanted:
        """Read what a person wants; of towns of one name they mean one of their countries, the largest."""
        places: dict[str, Point] = {}
        for name in _names(preferences):
            towns = [each for each in self.towns.get(normal_term(name), ()) if _may_mean(preferences, each)]
            if towns:
                places[name] = max(towns, key=lambda town: town.jobs).point
        return wanted_of(preferences, rules, self.rates, places)


def _may_mean(preferences: Preferences, town: Town) -> bool:
    return not preferences.countries or town.country in preferences.countries


def _names(preferences: Preferences) -> set[str]:
    return {name for location in preferences.locations for name in names_of(location)}


async def read_world(session: AsyncSession, people: Iterable[Preferences]) -> World:
    """Read the rates, and the places that these people name."""
    names = {normal_term(name) for preferences in people for name in _names(preferences)}
    rates = await session.exec(select(ExchangeRate.currency, ExchangeRate.per_euro))
    return World(dict(rates.all()), await _towns(session, names) if names else {})


async def _towns(session: AsyncSession, names: set[str]) -> dict[str, list[Town]]:
    query = select(Term).where(
        Term.kind == TermKind.PLACE,
        col(Term.normal).in_(names),
        col(Term.latitude).is_not(None),
        col(Term.longitude).is_not(None),
    )
    towns: dict[str, list[Town]] = {}
    for term in await session.exec(query):
        point = (term.latitude or 0.0, term.longitude or 0.0)
        towns.setdefault(term.normal, []).append(Town(term.country, term.jobs, point))
    return towns
