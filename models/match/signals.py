"""What an advert says beside its skills: level, years of experience, hours, contract, and about itself."""

import re
from collections.abc import Mapping
from typing import TypeVar

from models.enums import ContractTime, ContractType, Seniority
from models.match.lexicon import named_lists, phrases_of

YEARS_MAX = 15
"""More years than these are the company's age, not what is asked of anybody."""

NO_EXPERIENCE, NO_SPONSORSHIP, NO_JOB = "no_experience", "no_sponsorship", "no_job"
_LEVEL_OF = {**{level.value: level for level in Seniority}, "apprentice": Seniority.INTERN}
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "one ein einem eines un une uno una een um jeden rok",
            "two zwei deux dos due twee dois dwa",
            "three drei trois tres tre drie trzy",
            "four vier quatre cuatro quattro quatro cztery",
            "five funf cinq cinco cinque vijf piec",
        ),
        start=1,
    )
    for word in words.split()
}
_NUMBER = rf"(?P<least>\d{{1,2}}|{'|'.join(_NUMBERS)})"
_EXPERIENCE = r"(?:experi|erfahrung|esperienz|ervaring|doswiadcz|praxis)"
_YEARS = rf"\b{_NUMBER}\+? (?:(?:to|a|bis|or|tot|do) )?(?:\d{{1,2}}\+? )?(?:or more |plus |or more )?"
_YEAR_TOKENS = frozenset(
    {"year", "years", "yr", "yrs", "an", "ans", "annee", "annees", "jahr", "jahre", "jahren", "jahres", "ano"}
    | {"anos", "anno", "anni", "jaar", "rok", "roku", "lat", "lata"}
)
_YEAR_WORDS = rf"(?:{'|'.join(sorted(_YEAR_TOKENS))})\b"
_YEARS_ASKED = (
    re.compile(rf"{_YEARS}{_YEAR_WORDS}.{{0,40}}?{_EXPERIENCE}"),
    re.compile(rf"{_EXPERIENCE}\w{{0,12}} .{{0,30}}?{_YEARS}{_YEAR_WORDS}"),
)

_LEVELS = phrases_of(
    (spelling, _LEVEL_OF[name]) for name, spellings in named_lists("levels.txt") for spelling in spellings
)
_OFFERS = phrases_of(
    (spelling, name) for name, spellings in named_lists("offers.txt") for spelling in spellings
)

Terms = TypeVar("Terms", ContractTime, ContractType)


def levels_in(title: list[str]) -> frozenset[Seniority]:
    """Return the levels that the words of a title name."""
    return frozenset(level for _, _, level in _LEVELS.find(title))


def offers_in(words: list[str]) -> frozenset[str]:
    """Return what a text's words tell, by the names of the data file."""
    return frozenset(name for _, _, name in _OFFERS.find(words))


def years_asked(words: list[str]) -> int | None:
    """Return the least years of experience that a text's words ask for, None without."""
    if _YEAR_TOKENS.isdisjoint(words):
        return None
    text = " ".join(words)
    found = (pattern.search(text) for pattern in _YEARS_ASKED)
    years = [_NUMBERS.get(match["least"]) or int(match["least"]) for match in found if match]
    return min((each for each in years if 0 < each <= YEARS_MAX), default=None)


def terms_said(said: Terms | None, offers: frozenset[str], names: Mapping[str, Terms]) -> Terms | None:
    """Return the terms that an advert states, or that its title names where it states none and names one."""
    named = [terms for name, terms in names.items() if name in offers]
    return said or (named[0] if len(named) == 1 else None)
