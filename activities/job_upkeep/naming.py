"""The names that a job brings: its title without marks for all genders, its company, its places. Pure.

What is too long to be anybody's search is no name: a title with half of the ad in it teaches only its words.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from models.fingerprint import LEGAL_SUFFIXES
from models.term import normal_term

NAME_MAX = 80
WORD_MAX = 30
MOST_REMEMBERED = 8192
EDGES = " -\u2013|,;:/"

# "(m/w/d)", "[all genders]", "H/F" at the end: they stand in most titles of some countries and name nothing
_GENDERS = re.compile(
    r"\s*[(\[{]\s*(?:all\s+genders?|[mwfdxhvgi](?:\s*[/|,*.\-]\s*[mwfdxhvgi]){1,3})\s*[)\]}]"
    r"|\s+[-\u2013]?\s*[mwfdxhv](?:/[mwfdxhv]){1,3}(?=\s*$|\s+[-\u2013|])",
    re.IGNORECASE,
)


class Name(NamedTuple):
    """A name as it is shown, and what is equal for all its spellings."""

    shown: str
    normal: str


def _name(text: str) -> Name | None:
    shown = " ".join(text.split()).strip(EDGES)
    normal = normal_term(shown)
    return Name(shown, normal) if normal and len(shown) <= NAME_MAX else None


def title_name(title: str) -> Name | None:
    """Return a title's name, None where it is none."""
    return _name(_GENDERS.sub("", title))


@lru_cache(MOST_REMEMBERED)
def company_name(company: str) -> Name | None:
    """Return a company's name without the legal form behind it, None where it is none.

    It is what finds all of a company's ads, however much of its legal form each of them gives.
    """
    parts = company.split()
    while len(parts) > 1 and _is_legal(parts[-1]):
        parts.pop()
    return _name(" ".join(parts))


def _is_legal(word: str) -> bool:
    normal = normal_term(word).replace(" ", "")
    return not normal or normal in LEGAL_SUFFIXES


def place_names(location: str, area: list[str]) -> set[Name]:
    """Return the names of a job's places: each level of its area below the country, else its location."""
    levels = area[1:] or ([] if area else [location])
    return {name for level in levels if (name := _place_name(level)) is not None}


@lru_cache(MOST_REMEMBERED)
def _place_name(place: str) -> Name | None:
    return _name(place)


def known_words(texts: Iterable[str | None]) -> Iterator[str]:
    """Yield the words of texts, each once, that may mend a search: those that are not numbers or too long."""
    words = {word for text in texts if text for word in normal_term(text).split(" ")}
    return (word for word in words if 1 < len(word) <= WORD_MAX and not word.isdigit())
