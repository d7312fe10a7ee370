"""Which skills a text names, whatever their spelling and language, and what a skill brings with it.

A skill that is an ordinary word too is named in an advert by its other spellings only, or where it is one of
the person's own.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from models.fingerprint import words_of
from models.match.lexicon import Phrases, lines_of, spellings_of

FILE = "skills.txt"
ORDINARY, GENERIC, SPOKEN = "~", "?", "@"
GENERIC_WEIGHT = 0.3
"""What nearly every advert asks for tells little of a match."""


class Vocabulary(NamedTuple):
    """Skills by their spellings, and what is said of some of them."""

    names: dict[str, str]
    phrases: Phrases[str]
    brings: dict[str, frozenset[str]]
    generic: frozenset[str]
    spoken: frozenset[str]


def _read() -> Vocabulary:
    names: dict[str, str] = {}
    ordinary: set[str] = set()
    marked: dict[str, set[str]] = {ORDINARY: ordinary, GENERIC: set(), SPOKEN: set()}
    brings: dict[str, list[str]] = {}
    for line in lines_of(FILE):
        head, _, others = line.partition(":")
        mark = head[0] if head[0] in marked else ""
        name, _, also = (part.strip() for part in head.removeprefix(mark).partition(">"))
        marked.get(mark, set()).add(name)
        brings[name] = [each.strip() for each in also.split(",") if each.strip()]
        for spelling in (name, *spellings_of(others)):
            names.setdefault(" ".join(words_of(spelling)), name)
    names.pop("", None)
    closed = {name: frozenset(_closure(name, brings)) for name in brings}
    found = Phrases((spelling.split(), name) for spelling, name in names.items() if spelling not in ordinary)
    return Vocabulary(names, found, closed, frozenset(marked[GENERIC]), frozenset(marked[SPOKEN]))


def _closure(name: str, brings: dict[str, list[str]]) -> Iterable[str]:
    yield name
    for other in brings.get(name, ()):
        yield from _closure(other, brings)


VOCABULARY = _read()


@lru_cache(4096)
def canonical(skill: str) -> str:
    """Return a skill under the name that all its spellings share, or its normal words."""
    words = " ".join(words_of(skill))
    return VOCABULARY.names.get(words, words)


def skills_in(words: list[str]) -> frozenset[str]:
    """Return the skills of the vocabulary that a text's words name."""
    return frozenset(name for _, _, name in VOCABULARY.phrases.find(words))


def with_brought(skills: Iterable[str]) -> frozenset[str]:
    """Return skills with those that whoever has them has too: who knows Django knows Python."""
    return frozenset(each for skill in skills for each in VOCABULARY.brings.get(skill, (skill,)))


def weight_of(skills: Iterable[str]) -> float:
    """Return how much skills count together: 1 each, less where nearly every advert asks for them."""
    generic = VOCABULARY.generic
    return sum(GENERIC_WEIGHT if skill in generic else 1.0 for skill in skills)
