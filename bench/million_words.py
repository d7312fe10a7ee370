"""Words for a market of a million jobs: coined names, spread as names are in a real one, from numbers alone.

A few names are everywhere and most are rare: rank r of n is drawn about r^(1/skew - 1) as often as the first.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from random import Random

from local.adzuna.countries import COUNTRIES, Country
from local.adzuna.generator import LANGUAGES
from local.adzuna.places.model import Town
from local.adzuna.words.model import Language

ONSETS = ("b", "br", "c", "d", "dr", "f", "fl", "g", "gr", "h", "k", "l", "m", "n", "p", "pr", "qu", "r")
MORE_ONSETS = ("s", "sch", "st", "t", "tr", "v", "w", "z")
NUCLEI = ("a", "e", "i", "o", "u", "ai", "ea", "ou")
CODAS = ("", "l", "m", "n", "r", "s", "x", "nd")
SYLLABLES = tuple(onset + nucleus for onset in ONSETS + MORE_ONSETS for nucleus in NUCLEI)

COINED_WORDS = 120_000
WORD_SKEW = 3.0
COMPANIES = 80_000
COMPANY_SKEW = 2.5
PLACES_A_TOWN = 40
PLACE_SKEW = 3.0
TOWN_SKEW = 1.6
SPREAD_DEGREES = 0.4

SHARES = {
    "us": 25.0,
    "gb": 15.0,
    "de": 12.0,
    "fr": 8.0,
    "in": 6.0,
    "ca": 5.0,
    "au": 5.0,
    "nl": 4.0,
    "it": 3.5,
    "es": 3.0,
    "br": 3.0,
    "pl": 2.5,
    "be": 1.5,
    "at": 1.5,
    "ch": 1.5,
    "mx": 1.2,
    "za": 1.0,
    "sg": 0.8,
    "nz": 0.5,
}
"""How the jobs are spread over the 19 countries, in percent."""

LEVELS = {
    "de": ("Senior", "Junior", "Leitender", "Stellvertretender", "Angehender", "Erfahrener"),
    "en": ("Senior", "Junior", "Lead", "Principal", "Deputy", "Assistant", "Graduate", "Interim"),
    "es": ("Jefe de equipo", "Auxiliar", "Responsable", "Prácticas"),
    "fr": ("Chef d'équipe", "Adjoint", "Responsable", "Apprenti"),
    "it": ("Capo", "Assistente", "Responsabile", "Tirocinante"),
    "nl": ("Ervaren", "Aankomend", "Leidinggevend", "Hoofd"),
    "pl": ("Starszy", "Młodszy", "Główny", "Zastępca"),
    "pt": ("Sênior", "Júnior", "Líder", "Auxiliar"),
}
TOOLS = {
    "de": "Wir arbeiten mit {words}.",
    "en": "We work with {words}.",
    "es": "Trabajamos con {words}.",
    "fr": "Nous travaillons avec {words}.",
    "it": "Lavoriamo con {words}.",
    "nl": "Wij werken met {words}.",
    "pl": "Pracujemy z {words}.",
    "pt": "Trabalhamos com {words}.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job is: the levels of its place, the most general first, and its middle in degrees."""

    area: tuple[str, ...]
    latitude: float
    longitude: float


def rank(rng: Random, count: int, skew: float) -> int:
    """Draw a rank below `count`, of which low ones are frequent."""
    return int(count * rng.random() ** skew)


@lru_cache(COINED_WORDS)
def coined(number: int) -> str:
    """Return a word of two or three syllables that is this number's alone."""
    number, coda = divmod(number, len(CODAS))
    number, first = divmod(number, len(SYLLABLES))
    number, second = divmod(number, len(SYLLABLES))
    last = SYLLABLES[number - 1] if number else ""
    return SYLLABLES[first] + SYLLABLES[second] + last + CODAS[coda]


@cache
def companies_of(code: str) -> tuple[str, ...]:
    """Return the country's companies, the largest advertiser first."""
    rng = Random(f"companies/{code}")
    endings = sorted({name.split(" ", 1)[1] for name in language_of(code).companies if " " in name}) or [""]
    count = round(COMPANIES * SHARES[code] / sum(SHARES.values()))
    first = list(COUNTRIES).index(code) * COMPANIES
    return tuple(f"{coined(first + n).title()} {rng.choice(endings)}" for n in range(count))


@cache
def places_of(code: str) -> tuple[tuple[Place, ...], ...]:
    """Return for each town of the country, the largest first, itself and the smaller places around it."""
    country = COUNTRIES[code]
    rng = Random(f"places/{code}")
    return tuple(tuple(_around(rng, country, town)) for town in country.towns)


def _around(rng: Random, country: Country, town: Town) -> list[Place]:
    found = [Place((country.name, town.region, town.county, town.name), town.latitude, town.longitude)]
    for _ in range(PLACES_A_TOWN):
        name = coined(rng.randrange(COINED_WORDS * 4)).title()
        latitude = town.latitude + rng.uniform(-SPREAD_DEGREES, SPREAD_DEGREES)
        longitude = town.longitude + rng.uniform(-SPREAD_DEGREES, SPREAD_DEGREES)
        area = (country.name, town.region, town.county, name)
        found.append(Place(area, round(latitude, 6), round(longitude, 6)))
    return found


def language_of(code: str) -> Language:
    """Return what the ads of a country are written in."""
    return LANGUAGES[COUNTRIES[code].language]
