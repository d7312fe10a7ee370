"""Normal forms by which claims are compared: words without case, accents and plurals; numbers with units."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from models.fact_check.numbers import Number, months_in, numbers_in
from models.fact_check.vocabulary import AMBIGUOUS, DEGREE_LEVELS

BOUNDARY = "|"
_TOKEN = re.compile(r"[^\W_]+(?:\+\+|\+(?!\w)|#)?|[,;:|•·()\[\]{}!?…\"“”«»\n]|\.(?=\s|$)")
_SENTENCE = re.compile(r"(?<=[.!?…。])\s+|\n+|[;•]\s*")
_INVISIBLE = frozenset({"Cf", "Cc", "Cn", "Co", "Cs"})
_PLURAL_FROM = 4
_PREFIX = 5
_DEGREES = {
    level: re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])") for level, pattern in DEGREE_LEVELS.items()
}
_ES = ("ses", "xes", "zes", "ches", "shes")
_NO_PLURAL = ("ss", "us", "is")


@dataclass(frozen=True)
class Token:
    """A word as it stands, in its normal form (`stem`), or a boundary between phrases."""

    raw: str
    stem: str

    @property
    def is_boundary(self) -> bool:
        """Whether no phrase goes across it."""
        return self.stem == BOUNDARY

    @property
    def is_capital(self) -> bool:
        """Whether it has a capital letter."""
        return any(char.isupper() for char in self.raw)

    @property
    def is_caseless(self) -> bool:
        """Whether it is written in a script that has no capitals."""
        return any(unicodedata.category(char) == "Lo" for char in self.raw)


def visible(text: str) -> str:
    """Return text as it looks: compatibility forms resolved, without characters that are not seen."""
    composed = unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\r", "\n")
    kept = (char for char in composed if char in "\n\t" or unicodedata.category(char) not in _INVISIBLE)
    return "".join(
        str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char for char in kept
    )


def stem_of(word: str) -> str:
    """Return a word without case, accents and the plural's ending."""
    bare = "".join(
        char for char in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(char)
    )
    if len(bare) < _PLURAL_FROM or not bare.endswith("s") or bare.endswith(_NO_PLURAL):
        return bare
    if bare.endswith("ies"):
        return f"{bare[:-3]}y"
    return bare[:-2] if bare.endswith(_ES) else bare[:-1]


def tokens_of(text: str) -> list[Token]:
    """Return the words and boundaries of a visible text; a possessive ending is dropped."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        raw = match.group()
        if not raw[0].isalnum():
            found.append(Token(raw, BOUNDARY))
        elif not (raw in {"s", "S"} and text[: match.start()].endswith("'")):
            found.append(Token(raw, stem_of(raw)))
    return found


def sentences_of(text: str) -> list[str]:
    """Split a visible text into sentences and lines."""
    return [each.strip() for each in _SENTENCE.split(text) if each.strip()]


def phrase_of(text: str) -> str:
    """Return a text's words in their normal form, one space between, without boundaries."""
    return " ".join(token.stem for token in tokens_of(visible(text)) if not token.is_boundary)


def degrees_in(text: str) -> list[tuple[str, str]]:
    """Return the levels of degrees that a visible text names, each with its spelling."""
    low = text.casefold()
    found = ((level, pattern.search(low)) for level, pattern in _DEGREES.items())
    return [(level, match.group()) for level, match in found if match is not None]


def _counted(parts: list[str]) -> dict[float, set[str]]:
    """Return the words beside each number that counts something, in the sentences of visible texts."""
    beside: dict[float, set[str]] = {}
    for sentence in (each for part in parts for each in sentences_of(part)):
        words = {token.stem for token in tokens_of(sentence)}
        for number, _ in numbers_in(sentence):
            if not number.kind:
                beside.setdefault(number.value, set()).update(words)
    return beside


class Index:
    """What some texts hold: their phrases, words, numbers and months."""

    def __init__(self, texts: Iterable[str]) -> None:
        parts = [visible(text) for text in texts if text]
        streams = [tokens_of(part) for part in parts]
        self._bounded = "".join(f" {' '.join(each.stem for each in stream)} |" for stream in streams)
        self._flat = "".join(
            f" {' '.join(each.stem for each in stream if not each.is_boundary)} |" for stream in streams
        )
        every = [token for stream in streams for token in stream if not token.is_boundary]
        self.words = frozenset(token.stem for token in every)
        self.capitals = frozenset(token.stem for token in every if token.is_capital)
        self.numbers: frozenset[Number] = frozenset(each for part in parts for each, _ in numbers_in(part))
        self.months = frozenset(each for part in parts for each, _ in months_in(part))
        self.degrees = frozenset(level for part in parts for level, _ in degrees_in(part))
        self.counted = _counted(parts)
        self._by_prefix: dict[str, set[str]] = {}
        for word in self.words:
            self._by_prefix.setdefault(word[:_PREFIX], set()).add(word)

    def has(self, *stems: str) -> bool:
        """Tell whether these normal forms stand in a row, within one phrase."""
        return f" {' '.join(stems)} " in self._bounded

    def says(self, text: str) -> bool:
        """Tell whether a text's words stand in a row, whatever the punctuation."""
        phrase = phrase_of(text)
        return not phrase or f" {phrase} " in self._flat

    def holds(self, name: str) -> bool:
        """Tell whether a name stands somewhere as it is; one that is also a word only with its capital."""
        tokens = [token for token in tokens_of(visible(name)) if not token.is_boundary]
        stems = [token.stem for token in tokens]
        if len(stems) == 1 and stems[0] in AMBIGUOUS:
            return stems[0] in self.capitals
        return bool(stems) and self.has(*stems)

    def begins_like(self, stem: str, endings: frozenset[str] | None = None) -> bool:
        """Tell whether a word begins like this one and both end in one of the endings, or in few letters."""
        for word in self._by_prefix.get(stem[:_PREFIX], ()) if len(stem) >= _PREFIX else ():
            same = next(
                (at for at, pair in enumerate(zip(word, stem, strict=False)) if pair[0] != pair[1]), 0
            )
            same = same or min(len(word), len(stem))
            rests = {word[same:], stem[same:]}
            if rests <= endings if endings is not None else all(len(rest) < _PREFIX for rest in rests):
                return True
        return False
