"""Makes ads out of a seed: pure, endless, and with the statistics of those that were measured.

Time is cut into periods, one ad each, numbered since 1970: the same seed gives the same ad for a period
whenever it is asked for, new ads appear as periods begin and old ones leave after `MAXIMUM_AGE`.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any, Literal

from local.adzuna.countries import COUNTRIES, Country
from local.adzuna.model import CLASS, TIME_FORMAT, Ad, Document, make_ad
from local.adzuna.places.model import Town
from local.adzuna.prose import Prose, compose
from local.adzuna.words.de import GERMAN
from local.adzuna.words.en import ENGLISH
from local.adzuna.words.fr import FRENCH
from local.adzuna.words.model import PAY, UNKNOWN, Language, Trade
from local.adzuna.words.north import DUTCH, POLISH
from local.adzuna.words.romance import ITALIAN, PORTUGUESE, SPANISH

LANGUAGES: dict[str, Language] = {
    "de": GERMAN,
    "en": ENGLISH,
    "es": SPANISH,
    "fr": FRENCH,
    "it": ITALIAN,
    "nl": DUTCH,
    "pl": POLISH,
    "pt": PORTUGUESE,
}
MAXIMUM_AGE = timedelta(days=30)
FIRST_ID = 1_000_000_000

CAMPAIGN = 10
SHARE_IN_CAMPAIGN = 0.075
"""The first ad of every ten may be repeated by the others, in other towns: 11.5 % of ads have a double."""

SHARE_OF_IT = 0.4
SHARE_UNKNOWN = {"fr": 0.5}
SHARE_UNKNOWN_ELSEWHERE = 0.03
LEVELS = (391, 194, 871, 1029, 1023, 68)
SHARE_LOCATED_REGIONS = 0.57
SHARE_WITH_SALARY = 0.25
SHARE_PREDICTED = 0.364
SHARE_OF_ROUND_PREDICTIONS = 0.01
SHARE_WITHOUT_MAXIMUM = 0.0067
SHARE_OF_MISTAKEN_PAY = 0.05
SHARE_WITH_TYPE = 0.277
SHARE_PERMANENT = 0.75
SHARE_WITH_TIME = 0.214
SHARE_FULL_TIME = 0.85
SHARE_NAMELESS = 0.01
SHARE_LANDING = 0.52


def period_of(count: int) -> float:
    """Return the seconds between two ads of a country that advertises `count` at a time."""
    return MAXIMUM_AGE.total_seconds() / count


def ads(country: str, seed: int, count: int, now: datetime) -> list[Ad]:
    """Return what is advertised at a time, about `count` ads, newest first."""
    period = period_of(count)
    newest = int(now.timestamp() / period)
    oldest = int((now - MAXIMUM_AGE).timestamp() / period)
    candidates = (ad_at(country, seed, count, index) for index in range(newest, oldest - 1, -1))
    return [ad for ad in candidates if now - MAXIMUM_AGE < ad.created <= now]


def ad_at(country: str, seed: int, count: int, index: int) -> Ad:
    """Make the ad of one period: the campaign's text or its own, with its own place, time and link."""
    place = COUNTRIES[country]
    rng = Random(f"{seed}/{country}/{index}")
    is_repeat = index % CAMPAIGN != 0 and rng.random() < SHARE_IN_CAMPAIGN
    content, prose = _content(country, seed, index - index % CAMPAIGN if is_repeat else index)
    created = datetime.fromtimestamp((index + rng.random()) * period_of(count), UTC)
    document = {
        "__CLASS__": f"{CLASS}Job",
        "id": str(FIRST_ID + index * len(COUNTRIES) + list(COUNTRIES).index(country)),
        "created": created.strftime(TIME_FORMAT),
        **content,
        **_location(rng, place, rng.choice(place.towns)),
    }
    link: Literal["land", "details"] = "land" if rng.random() < SHARE_LANDING else "details"
    return make_ad(document, link, is_highlighted=prose.is_digest)


@lru_cache(maxsize=4096)
def _content(country: str, seed: int, index: int) -> tuple[Document, Prose]:
    """Make what the ads of a campaign have in common; the caller must not change it."""
    place = COUNTRIES[country]
    language = LANGUAGES[place.language]
    rng = Random(f"{seed}/{country}/{index}/content")
    trade = language.trades[0] if rng.random() < SHARE_OF_IT else rng.choice(language.trades[1:])
    company = rng.choice(language.companies)
    prose = compose(rng, language, trade, company, rng.choice(place.towns).name)
    named = {"display_name": company} if rng.random() >= SHARE_NAMELESS else {}
    content: Document = {
        "title": prose.title,
        "description": prose.description,
        "company": {"__CLASS__": f"{CLASS}Company", **named},
        "category": _category(rng, country, trade),
        **_salary(rng, place, trade),
    }
    if rng.random() < SHARE_WITH_TYPE:
        content["contract_type"] = "permanent" if rng.random() < SHARE_PERMANENT else "contract"
    if rng.random() < SHARE_WITH_TIME:
        content["contract_time"] = "full_time" if rng.random() < SHARE_FULL_TIME else "part_time"
    return content, prose


def _category(rng: Random, country: str, trade: Trade) -> dict[str, str]:
    is_unknown = rng.random() < SHARE_UNKNOWN.get(country, SHARE_UNKNOWN_ELSEWHERE)
    tag, label = (UNKNOWN, "Unknown") if is_unknown else (trade.tag, trade.label)
    return {"__CLASS__": f"{CLASS}Category", "tag": tag, "label": label}


def _salary(rng: Random, country: Country, trade: Trade) -> dict[str, Any]:
    """Give no salary, Adzuna's own guess, or the employer's range, now and then with its usual mistakes."""
    if rng.random() >= SHARE_WITH_SALARY:
        return {"salary_is_predicted": "0"}
    low, high = (end * country.pay for end in PAY[trade.tag])
    if rng.random() < SHARE_PREDICTED:
        guess = round(rng.uniform(low, high), 2)
        pay: float = round(guess) if rng.random() < SHARE_OF_ROUND_PREDICTIONS else guess
        return {"salary_is_predicted": "1", "salary_min": pay, "salary_max": pay}
    minimum, maximum = _offered(rng, low, high)
    if rng.random() < SHARE_WITHOUT_MAXIMUM:
        return {"salary_is_predicted": "0", "salary_min": minimum}
    return {"salary_is_predicted": "0", "salary_min": minimum, "salary_max": maximum}


def _offered(rng: Random, low: float, high: float) -> tuple[int, int]:
    if rng.random() < SHARE_OF_MISTAKEN_PAY:
        hourly, thousands = rng.randint(5, 14), rng.randint(45, 60)
        ranges = ((hourly, hourly + 2), (thousands, thousands + 10), (thousands, thousands * 1000))
        return rng.choice(ranges)
    step = 500
    minimum = round(rng.uniform(low, (low + high) / 2) / step) * step
    return minimum, round(minimum * rng.choice((1.0, 1.1, 1.2, 1.35)) / step) * step


def _location(rng: Random, country: Country, town: Town) -> Document:
    """Name a place on one of six levels, from the whole country to a quarter of a town."""
    language = LANGUAGES[country.language]
    level = rng.choices(range(1, len(LEVELS) + 1), LEVELS)[0]
    district, quarter = rng.choice(language.districts), rng.choice(language.quarters)
    paths = {
        1: [country.name],
        2: [country.name, town.region],
        3: [country.name, town.region, town.name],
        4: [country.name, town.region, town.county, town.name],
        5: [country.name, town.region, town.county, town.name, district],
        6: [country.name, town.region, town.county, town.name, district, quarter],
    }
    area = paths[level]
    document: Document = {
        "location": {
            "__CLASS__": f"{CLASS}Location",
            "area": area,
            "display_name": ", ".join(reversed(area[-2:])),
        }
    }
    share_located = {1: 0.0, 2: SHARE_LOCATED_REGIONS}.get(level, 1.0)
    if rng.random() < share_located:
        document["latitude"] = round(town.latitude + rng.uniform(-0.02, 0.02), 6)
        document["longitude"] = round(town.longitude + rng.uniform(-0.02, 0.02), 6)
    return document
