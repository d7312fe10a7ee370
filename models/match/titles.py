"""Families of titles that stand for the same work: which of them a title names, and how near two are."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from models.fingerprint import words_of
from models.match.lexicon import Phrases, lines_of, spellings_of

FILE = "titles.txt"
NO_FAMILY = "-"
SAME, WIDER, SIBLING, NEAR = 1.0, 0.8, 0.5, 0.4
"""How much another title counts: of the same family, of the wider or a narrower one, of one beside it, or of
one whose work is close."""

HEAD_FIRST = frozenset({"fr", "es", "it", "pt", "pl"})
"""Languages whose titles begin with what somebody is; in the others it ends them: `nurse recruiter`."""

LANGUAGES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("de", "at"), ("de", "en")),
    **dict.fromkeys(("es", "mx"), ("es", "en")),
    "be": ("nl", "fr", "en"),
    "br": ("pt", "en"),
    "ca": ("en", "fr"),
    "ch": ("de", "fr", "it", "en"),
    "fr": ("fr", "en"),
    "it": ("it", "en"),
    "nl": ("nl", "en"),
    "pl": ("pl", "en"),
}
"""In which languages a country's titles are written, the likelier first; elsewhere in English."""

_COMMON = frozenset(
    {"of", "the", "a", "an", "for", "in", "im", "der", "den", "fur", "voor", "de", "d", "du", "des"}
    | {"la", "le", "les", "l", "en", "el", "los", "las", "del", "al", "di", "della", "alla", "alle", "i"}
    | {"do", "da", "dos", "das", "ds"}
)
_LONG = 4
_GENDERS = re.compile(
    r"(?<=\w)(?:\s?[/*:_·.(\u2019'-]+\s?-?(?:in|innen|e|a|o|ère|ere|euse|se|rice|trice|ne|le|ve|frau|mann|ka)"
    r"\b\)?)+(?=\W|$)"
)
_PARTS = re.compile(
    r"\s[-|]+\s|[|(),;:\[\]\u2013\u2014]|\s(?:for|to|with|at|für|mit|bei|w/|chez|pour|para|per|voor|bij|dla|reporting)\s"
)
_EITHER = re.compile(r"/|\s(?:or|oder|ou|lub|\+)\s")


class Family(NamedTuple):
    """A family: the wider one it belongs to, those close to it, and its titles by language."""

    wider: str | None
    near: frozenset[str]
    titles: dict[str, list[str]]


class Named(NamedTuple):
    """What a title names: what somebody is, and what else it mentions.

    The only head may be `-`: the words are none of a family's, though they look so.
    """

    heads: frozenset[str]
    others: frozenset[str]


def _families() -> dict[str, Family]:
    found: dict[str, Family] = {}
    for line in lines_of(FILE):
        if line.startswith("["):
            name, _, rest = line[1:].partition("]")
            before, _, near = rest.partition("~")
            wider = before.replace("<", "").strip() or None
            found[name] = family = Family(wider, frozenset(near.split()), {})
        else:
            language, _, titles = line.partition(":")
            family.titles[language] = [title for title in spellings_of(titles) if title]
    return found


def _folded(words: Iterable[str]) -> list[str]:
    """Return a title's words as families are found by: without common ones and the plural's -s."""
    kept = (word for word in words if word not in _COMMON)
    return [word[:-1] if len(word) > _LONG and word[-1] == "s" != word[-2] else word for word in kept]


FAMILIES = _families()
_NEARNESS = {
    name: {
        **{each: NEAR for each, other in FAMILIES.items() if name in other.near or each in family.near},
        **{each: SIBLING for each, other in FAMILIES.items() if other.wider and other.wider == family.wider},
        **{each: WIDER for each, other in FAMILIES.items() if name == other.wider or each == family.wider},
        name: SAME,
    }
    for name, family in FAMILIES.items()
}


def _phrases(language: str) -> Phrases[str]:
    return Phrases(
        (_folded(words_of(title)), name)
        for name, family in FAMILIES.items()
        for title in family.titles.get(language, ())
        if not title.startswith("-")
    )


def _endings(language: str) -> dict[str, str]:
    return {
        words_of(title)[0]: name
        for name, family in FAMILIES.items()
        for title in family.titles.get(language, ())
        if title.startswith("-")
    }


_LEXICON = {
    language: (_phrases(language), endings, tuple(endings))
    for language in ("en", "de", "fr", "es", "it", "nl", "pt", "pl")
    for endings in (_endings(language),)
}


def nearness(one: str, other: str) -> float:
    """Return how near the work of two families is, 0 to 1."""
    return _NEARNESS[one].get(other, 0.0)


def languages_of(countries: Iterable[str]) -> tuple[str, ...]:
    """Return in which languages titles are written in these countries, the likelier first; else in all."""
    return _languages_of(tuple(countries))


@lru_cache(4096)
def _languages_of(countries: tuple[str, ...]) -> tuple[str, ...]:
    found = dict.fromkeys(each for country in countries for each in LANGUAGES.get(country, ("en",)))
    return tuple(found) or tuple(_LEXICON)


def named_in(title: str, languages: tuple[str, ...]) -> Named:
    """Return which families a title names; the first of its parts that names one says what somebody is."""
    heads: set[str] = set()
    others: set[str] = set()
    for part in _PARTS.split(_GENDERS.sub("", title.casefold())):
        # "nurse/midwife" is either: each side of the stroke has a head of its own
        found = [named for side in _EITHER.split(part) if (named := _named(side, languages))]
        if found and not heads:
            heads |= {head for head, _ in found}
        else:
            others |= {head for head, _ in found}
        others |= {name for _, rest in found for name in rest}
    return Named(frozenset(heads - {NO_FAMILY} or heads), frozenset(others - heads - {NO_FAMILY}))


def telling_words(title: str) -> list[str]:
    """Return a title's words, each once, without those that any title may have, as "of" or "de"."""
    return [word for word in dict.fromkeys(words_of(title)) if word not in _COMMON]


def families_of(title: str, languages: tuple[str, ...]) -> frozenset[str]:
    """Return the families of a title that somebody looks for, in whatever language where these have none."""
    named = named_in(title, languages).heads - {NO_FAMILY}
    return named or named_in(title, tuple(_LEXICON)).heads - {NO_FAMILY}


def _named(side: str, languages: tuple[str, ...]) -> tuple[str, list[str]] | None:
    words = _folded(words_of(side))
    best: tuple[str, list[tuple[int, int, str]]] = ("", [])
    covered = 0
    for language in languages:
        found = list(_LEXICON[language][0].find(words)) or list(_ended(words, language))
        length = sum(end - start for start, end, _ in found)
        if length > covered:
            best, covered = (language, found), length
    if not covered:
        return None
    names = [name for _, _, name in best[1]]
    head = names[0] if best[0] in HEAD_FIRST else names[-1]
    return head, [name for name in names if name != head]


def _ended(words: list[str], language: str) -> Iterator[tuple[int, int, str]]:
    _, endings, all_endings = _LEXICON[language]
    for place, word in enumerate(words if all_endings else ()):
        if word.endswith(all_endings):
            yield (
                place,
                place + 1,
                endings[max((ending for ending in all_endings if word.endswith(ending)), key=len)],
            )


def titles_like(title: str, languages: tuple[str, ...]) -> list[str]:
    """Return other titles of the families that a title names, to look for jobs by, in these languages.

    Narrower families belong to it: who looks for software developers also looks for backend developers.
    Without languages it is those that the title may be written in.
    """
    said = languages or tuple(each for each in _LEXICON if named_in(title, (each,)).heads)
    heads = families_of(title, said)
    return [
        other
        for name, family in FAMILIES.items()
        if name != NO_FAMILY and (name in heads or family.wider in heads)
        for language in said
        for other in family.titles.get(language, ())
        if not other.startswith(("-", "?"))
    ]
