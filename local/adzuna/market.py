"""The ads of all countries with the latest searches remembered, so that paging does not search anew."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from local.adzuna.model import Ad, Source
from local.adzuna.parameters import Query
from local.adzuna.search import find
from local.adzuna.source import Clock
from local.adzuna.statistics import mean_pay

MOST_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of a search before it is cut into pages."""

    ads: Sequence[Ad]
    mean: float
    among: Sequence[Ad]


@dataclass
class Market:
    """Searches in a source of ads."""

    source: Source
    now: Clock
    _remembered: OrderedDict[tuple[str, Query], Found] = field(default_factory=OrderedDict)

    def current(self, country: str) -> Sequence[Ad]:
        """Return all that is advertised in a country now."""
        return self.source.current(country)

    def find(self, country: str, query: Query) -> Found:
        """Return the ads that a search finds, in order."""
        among = self.source.current(country)
        key = country, query
        known = self._remembered.get(key)
        # what is asked by age changes with every second, the rest only with the ads themselves
        if known is not None and known.among is among and query.max_days_old is None:
            return known
        ads = find(among, query, country, self.now() if self.source.keeps_time else None)
        found = self._remembered[key] = Found(ads, mean_pay(ads), among)
        self._remembered.move_to_end(key)
        while len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return found
