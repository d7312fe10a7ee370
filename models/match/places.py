"""Places under their names in several languages, and how far they are from each other."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping

from models.country_names import without_countries
from models.fingerprint import words_of
from models.match.lexicon import lines_of, spellings_of

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

EARTH_KM = 6371.0
_ANYWHERE = frozenset({"remote", "anywhere", "worldwide", "global", "homeoffice", "home office"})
_STATE = re.compile(r"\s+[A-Z]{2,3}$")


def _others() -> dict[str, tuple[str, ...]]:
    rows = (tuple(" ".join(words_of(name)) for name in spellings_of(line)) for line in lines_of("places.txt"))
    return {name: names for names in rows for name in names}


_NAMES = _others()


def names_of(location: str) -> tuple[str, ...]:
    """Return the names of the place that a person wrote, in normal form; none where it is a whole country.

    "Munich, Germany" is Munich and München; of "Sydney NSW" the state goes.
    """
    first = location.split(",", maxsplit=1)[0].strip()
    for said in (first, _STATE.sub("", first)):
        name = " ".join(words_of(said))
        if name in _NAMES:
            return _NAMES[name]
    if name in _ANYWHERE or not without_countries(name):
        return ()
    return (name,)


def points_of(locations: Iterable[str], places: Mapping[str, Point]) -> Iterator[tuple[str, Point]]:
    """Yield each place whose coordinates are known, by the name it is known under."""
    for location in locations:
        known = next((name for name in names_of(location) if name in places), None)
        if known is not None:
            yield known, places[known]


def distance_km(one: Point, other: Point) -> float:
    """Return the distance between two points along the earth's surface."""
    (north, east), (other_north, other_east) = (map(math.radians, point) for point in (one, other))
    half = (
        math.sin((other_north - north) / 2) ** 2
        + math.cos(north) * math.cos(other_north) * math.sin((other_east - east) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(min(half, 1.0)))
