"""What a person writes into a search, taken apart: words, "phrases", -exclusions, and OR. Pure."""

import re
from dataclasses import dataclass

_PARTS = re.compile(r'(?P<sign>-?)"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+)')
_JOINT = re.compile(r"(?<=[^\W\d_])[-\u2010\u2011](?=[^\W\d_])")
OR = frozenset({"OR", "|", "||"})


@dataclass(frozen=True)
class Part:
    """A word or phrase that must occur, or must not."""

    said: str
    is_excluded: bool = False
    is_alternative: bool = False
    """To the part before it."""


def parts_of(text: str) -> list[Part]:
    """Return the parts of a search in their order; signs that are no words are left out."""
    parts: list[Part] = []
    is_alternative = False
    for found in _PARTS.finditer(text):
        if found["word"] in OR:
            is_alternative = bool(parts) and not parts[-1].is_excluded
            continue
        part = _part(found)
        if part is None:
            continue
        joined = is_alternative and not part.is_excluded
        parts.append(Part(part.said, part.is_excluded, joined))
        is_alternative = False
    return parts


def _part(found: re.Match[str]) -> Part | None:
    if found["word"] is None:
        said, sign = found["phrase"], found["sign"]
    else:
        said = found["word"].removeprefix("-")
        sign = found["word"][: len(found["word"]) - len(said)]
    said = " ".join(spelt(said).split())
    return Part(said, is_excluded=bool(sign)) if has_word(said) else None


def words_of(text: str) -> list[str]:
    """Return the words of a text filter, less what are signs only."""
    return [spelt(word) for word in text.split() if has_word(word)]


def spelt(text: str) -> str:
    """Return a text whose words are not joined: full-stack is the phrase "full stack", as in any ad."""
    return _JOINT.sub(" ", text)


def has_word(text: str) -> bool:
    """Tell whether a text holds anything to search by."""
    return any(char.isalnum() for char in text)
