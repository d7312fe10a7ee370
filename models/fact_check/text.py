"""What a text claims that its sources do not hold: numbers, dates, degrees, skills, names, strange words.

It errs on the side of refusing: what it does not know it names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from models.fact_check.common import FUNCTION_WORDS, SMALL_WORDS, is_common
from models.fact_check.forms import (
    BOUNDARY,
    Index,
    Token,
    degrees_in,
    sentences_of,
    stem_of,
    tokens_of,
    visible,
)
from models.fact_check.number_words import CURRENCIES, DURATIONS, MAGNITUDES, MONTHS, VALUES
from models.fact_check.numbers import months_in, numbers_in
from models.fact_check.vocabulary import AMBIGUOUS, CREDENTIALS, ENDINGS, GREETINGS, PAST, PHRASES, SINGLE
from models.typesetting.words import language_of

PRONOUN = "I"
ENGLISH = frozenset({"en", "und"})
_STRANGE_FROM = {True: 3, False: 4}
"""The length from which an unknown word counts, in English and in another language."""

_NEXT_WORD = re.compile(r"[\s\-]+([^\W\d_]+)")
_LINK = re.compile(r"://|@|www\.|\w\.(?:com|org|net|io|dev|ai|co|uk|de|fr|ru|cn)(?!\w)", re.IGNORECASE)


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem_of, text.split()))


_CLAIMING = frozenset(map(stem_of, SINGLE))
_CLAIMING_PHRASES = tuple(
    tuple(token.stem for token in tokens_of(phrase) if not token.is_boundary) for phrase in PHRASES
)

_GREETINGS = _stems(GREETINGS) | frozenset(map(stem_of, MONTHS))
_WITHIN_NAMES = _stems("of the de du la le des von van der den di da do del della y")
_BETWEEN_NAMES = _stems("and or et und y e en i")
_INFLECTIONS = frozenset(ENDINGS.split()) | {""}
_COUNTED = VALUES.keys() | MAGNITUDES.keys() | DURATIONS.keys() | CURRENCIES.keys()
"""Words that are looked at as parts of numbers."""

_THEM = _stems("you your yours")
_ME = _stems("i my mine me myself we our us")
_CREDENTIALS = _stems(CREDENTIALS)
_BEFORE_TOOLS = _stems("in with using of and or know use") | {BOUNDARY}
_FAMILIES = ("certif", "licen", "graduat")
"""Beginnings of words of which any form bears out any other."""

_PAST = _stems(PAST)


@dataclass(frozen=True)
class Known:
    """What a text may say: what is in `words`, numbers in `numbers`; a letter also names of the job."""

    words: Index
    numbers: Index
    names: Index
    advert: Index
    is_letter: bool = False


def claims_of(text: str, known: Known) -> Iterator[str]:
    """Yield what a text says beyond its sources, in its own words."""
    is_english = language_of(text) in ENGLISH
    for sentence in sentences_of(visible(text)):
        yield from _measures(sentence, known)
        if known.words.says(sentence):
            continue
        yield from (each for each in sentence.split() if _LINK.search(each) and not known.words.says(each))
        tokens = tokens_of(sentence)
        speech = _Speech(tokens, known, is_english=is_english)
        yield from speech.vocabulary()
        yield from speech.names()
        yield from speech.strange_words()


def _measures(sentence: str, known: Known) -> Iterator[str]:
    """Yield numbers, months and degrees."""
    held = known.numbers.numbers | known.names.numbers
    yield from (spelling for number, spelling in numbers_in(sentence) if number not in held)
    yield from _miscounted(sentence, known)
    yield from (spelling for month, spelling in months_in(sentence) if month not in known.numbers.months)
    yield from (spelling for level, spelling in degrees_in(sentence) if level not in known.words.degrees)


def _miscounted(sentence: str, known: Known) -> Iterator[str]:
    """Yield known numbers that count something else than in the sources."""
    for number, spelling in numbers_in(sentence):
        beside = known.numbers.counted.get(number.value)
        counted = _NEXT_WORD.match(sentence, sentence.find(spelling) + len(spelling))
        if number.kind or beside is None or counted is None:
            continue
        word = counted.group(1)
        if word.casefold() not in SMALL_WORDS and stem_of(word) not in beside:
            yield f"{spelling} {word}"


class _Speech:
    """One sentence, with what it may say by whom it is about."""

    def __init__(self, tokens: list[Token], known: Known, *, is_english: bool) -> None:
        self.tokens = tokens
        self.known = known
        self.is_english = is_english
        self.words = frozenset(token.stem for token in tokens)
        self._theirs = self._find_theirs() if known.is_letter else frozenset()
        self.tells_of_the_past = bool(self.words & _PAST)

    def _find_theirs(self) -> frozenset[int]:
        """Return the identities of a letter's words about the employer: from `you` or a name of the job on.

        Not where the writer comes in again, or what the writer can do.
        """
        found: set[int] = set()
        tail: list[int] = []
        for token in reversed(self.tokens):
            if token.stem in _ME or token.stem in _CREDENTIALS:
                break
            tail.append(id(token))
            if token.stem in _THEM or (token.is_capital and self.known.names.has(token.stem)):
                found.update(tail)
                tail.clear()
        return frozenset(found)

    def _is_theirs(self, part: tuple[Token, ...]) -> bool:
        return id(part[0]) in self._theirs

    def vocabulary(self) -> Iterator[str]:
        """Yield known skills, certificates, ranks, tongues and employers."""
        for before, token in pairwise([Token("", BOUNDARY), *self.tokens]):
            if self._is_claim(token, before) and not self._holds((token,)):
                yield token.raw
        stems = [token.stem for token in self.tokens]
        for phrase in _CLAIMING_PHRASES:
            for place in _places(stems, phrase):
                part = tuple(self.tokens[place : place + len(phrase)])
                if not self._holds(part):
                    yield _spelling(part)

    def _is_claim(self, token: Token, before: Token) -> bool:
        if token.stem not in AMBIGUOUS:
            return token.stem in _CLAIMING
        is_listed = before.stem in _BEFORE_TOOLS and bool(self.words & _CREDENTIALS)
        return token.is_capital or is_listed

    def names(self) -> Iterator[str]:
        """Yield names: words with capitals, with what may stand between them."""
        first = next((token for token in self.tokens if not token.is_boundary), None)
        for name in _names(self.tokens):
            for part in [name] if self._holds(name) else _split(name):
                rest = part[1:] if part and part[0] is first and self._may_begin(part[0]) else part
                if rest and not self._holds(rest) and not all(each.stem in _GREETINGS for each in rest):
                    yield _spelling(rest)

    def strange_words(self) -> Iterator[str]:
        """Yield words in small letters that are neither ordinary nor in the sources."""
        for token in self.tokens:
            if token.is_boundary or self.known.words.has(token.stem):
                continue
            is_mixed = any(char.isdigit() for char in token.raw) and not token.raw.isdigit()
            is_unknown = token.is_caseless or (is_mixed and not _is_measure(token.raw))
            is_judged = not token.is_capital and not self._is_theirs((token,))
            if is_unknown or (is_judged and self._is_strange(token)):
                yield token.raw

    def _is_strange(self, token: Token) -> bool:
        if len(token.raw) < _STRANGE_FROM[self.is_english] or token.raw.isdigit() or token.raw in _COUNTED:
            return False
        if self.is_english:
            return not is_common(token.raw) and not self.known.words.begins_like(token.stem, _INFLECTIONS)
        return token.raw not in FUNCTION_WORDS and not self.known.words.begins_like(token.stem)

    def _may_begin(self, token: Token) -> bool:
        """Tell whether a word may have its capital only from the sentence that it begins."""
        low = token.raw.lower()
        if token.stem in AMBIGUOUS or (len(token.raw) > 1 and not token.raw[1:].islower()):
            return False
        return is_common(low) or self.known.words.has(token.stem) or self._is_inflected(token)

    def _is_inflected(self, token: Token) -> bool:
        return self.known.words.begins_like(token.stem, _INFLECTIONS if self.is_english else None)

    def _holds(self, part: tuple[Token, ...]) -> bool:
        stems = [token.stem for token in part]
        if self.known.words.has(*stems):
            alone = len(part) == 1 and part[0].stem in AMBIGUOUS and part[0].is_capital
            return not alone or part[0].stem in self.known.words.capitals
        family = next((each for each in _FAMILIES if len(part) == 1 and stems[0].startswith(each)), None)
        if family is not None:
            return any(word.startswith(family) for word in self.known.words.words)
        if not self.known.is_letter:
            return False
        if self.known.names.has(*stems):
            return not (self.tells_of_the_past and not self.words & _THEM)
        return self._is_theirs(part) and self.known.advert.has(*stems)


def _names(tokens: list[Token]) -> Iterator[tuple[Token, ...]]:
    """Yield rows of words with capitals; small words within a name belong to it."""
    row: list[Token] = []
    waiting: list[Token] = []
    for token in tokens:
        if token.is_capital and token.raw != PRONOUN:
            row += [*waiting, token]
            waiting = []
        elif row and not token.is_boundary and token.stem in _WITHIN_NAMES | _BETWEEN_NAMES:
            waiting.append(token)
        else:
            if row:
                yield tuple(row)
            row, waiting = [], []
    if row:
        yield tuple(row)


def _split(name: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """Split a row of names at the words that join two of them."""
    parts: list[list[Token]] = [[]]
    for token in name:
        if token.stem in _BETWEEN_NAMES and not token.is_capital:
            parts.append([])
        else:
            parts[-1].append(token)
    return [tuple(part) for part in parts if part]


def _places(stems: list[str], phrase: tuple[str, ...]) -> Iterator[int]:
    for place in range(len(stems) - len(phrase) + 1):
        if tuple(stems[place : place + len(phrase)]) == phrase:
            yield place


def _is_measure(word: str) -> bool:
    return next(numbers_in(word), None) is not None


def _spelling(part: tuple[Token, ...]) -> str:
    return " ".join(token.raw for token in part)
