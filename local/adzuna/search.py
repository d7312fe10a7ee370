"""Finds, orders and places ads, as the parameters of a search ask."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from local.adzuna.countries import COUNTRIES
from local.adzuna.model import Ad, fold, words
from local.adzuna.parameters import Query

EARTH_RADIUS_KM = 6371.0
Test = Callable[[Ad], bool]
Centre = tuple[float, float]


def find(ads: Sequence[Ad], query: Query, country: str, now: datetime | None) -> Sequence[Ad]:
    """Return the ads that pass every test, in the order asked for; without `now` no ad is too old."""
    tests = [
        *_word_tests(query),
        *_place_tests(ads, query, country),
        *_pay_tests(query),
        *_other_tests(query, now),
    ]
    found = [ad for ad in ads if all(test(ad) for test in tests)] if tests else ads
    return _ordered(found, query)


def _word_tests(query: Query) -> Iterable[Test]:
    if query.every:
        yield lambda ad: all(f" {word} " in ad.text for word in query.every)
    if query.phrase:
        yield lambda ad: f" {query.phrase} " in ad.text
    if query.some:
        yield lambda ad: any(f" {word} " in ad.text for word in query.some)
    if query.none:
        yield lambda ad: not any(f" {word} " in ad.text for word in query.none)
    if query.title:
        yield lambda ad: all(f" {word} " in ad.title for word in query.title)


def _place_tests(ads: Sequence[Ad], query: Query, country: str) -> Iterable[Test]:
    if query.location:
        depth = len(query.location)
        yield lambda ad: tuple(fold(area) for area in _area(ad)[:depth]) == query.location
    if query.where:
        yield _near(ads, query, country)


def _area(ad: Ad) -> list[str]:
    area: list[str] = ad.document["location"]["area"]
    return area


def _near(ads: Sequence[Ad], query: Query, country: str) -> Test:
    """Test for a place by its name or postcode, and for what lies within the distance of its middle.

    The name of a whole country is no place: nothing is found, as with Adzuna.
    """
    name = fold(_town_of_postcode(query.where, country) or query.where.split(",")[0].strip())
    named = [ad for ad in ads if name in ad.areas]
    placed = [where for ad in named if (where := _coordinates(ad))]
    if not placed:
        return lambda ad: name in ad.areas
    centre = (
        sum(latitude for latitude, _ in placed) / len(placed),
        sum(longitude for _, longitude in placed) / len(placed),
    )

    def is_near(ad: Ad) -> bool:
        where = _coordinates(ad)
        return name in ad.areas or (where is not None and kilometres(centre, where) <= query.distance)

    return is_near


def _town_of_postcode(where: str, country: str) -> str | None:
    """Return the town with the longest beginning of this postcode, or None where this is none."""
    code = where.replace(" ", "").upper()
    if not any(char.isdigit() for char in code):
        return None
    letters = _letters(code)
    towns = [
        town
        for town in COUNTRIES[country].towns
        if code.startswith(town.postcode) and _letters(town.postcode) == letters
    ]
    return max(towns, key=lambda town: len(town.postcode)).name if towns else None


def _letters(code: str) -> str:
    return code[: next((index for index, char in enumerate(code) if char.isdigit()), len(code))]


def _coordinates(ad: Ad) -> Centre | None:
    if "latitude" not in ad.document:
        return None
    return ad.document["latitude"], ad.document["longitude"]


def kilometres(one: Centre, other: Centre) -> float:
    """Return the great-circle distance between two points in degrees."""
    latitude, longitude, latitude_2, longitude_2 = (math.radians(degrees) for degrees in (*one, *other))
    half = (
        math.sin((latitude_2 - latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(latitude_2) * math.sin((longitude_2 - longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def _pay_tests(query: Query) -> Iterable[Test]:
    """Compare with the better end of the range for a minimum and with the lower one for a maximum."""
    lowest, highest = query.salary_min, query.salary_max

    def is_known(ad: Ad) -> bool:
        return ad.pay is not None

    if lowest is not None:
        yield lambda ad: _end(ad, "salary_max") >= lowest if is_known(ad) else query.includes_unknown_salary
    if highest is not None:
        yield lambda ad: _end(ad, "salary_min") <= highest if is_known(ad) else query.includes_unknown_salary


def _end(ad: Ad, name: str) -> float:
    end = ad.document.get(name, ad.pay)
    return float(end or 0)


def _other_tests(query: Query, now: datetime | None) -> Iterable[Test]:
    if query.category:
        yield lambda ad: bool(ad.document["category"]["tag"] == query.category)
    if query.company:
        yield lambda ad: " ".join(words(ad.document["company"].get("display_name", ""))) == query.company
    if query.max_days_old is not None and now is not None:
        oldest = now - timedelta(days=query.max_days_old)
        yield lambda ad: ad.created >= oldest
    for flag in query.flags:
        key = "contract_time" if flag.endswith("_time") else "contract_type"
        yield lambda ad, key=key, flag=flag: ad.document.get(key) == flag  # type: ignore[misc]  # bound early


def _ordered(found: Sequence[Ad], query: Query) -> Sequence[Ad]:
    """Order by date or pay if asked, else by words found in titles; ads without pay come last."""
    if query.sort_by == "date":
        return sorted(found, key=lambda ad: ad.created, reverse=not query.is_ascending)
    if query.sort_by == "salary":
        paid = [ad for ad in found if ad.pay is not None]
        paid.sort(key=lambda ad: ad.pay or 0, reverse=not query.is_ascending)
        return [*paid, *(ad for ad in found if ad.pay is None)]
    wanted = {*query.every, *query.some}
    if not wanted:
        return found
    return sorted(found, key=lambda ad: -sum(f" {word} " in ad.title for word in wanted))
