"""The data files of this package: how they are read, and how the phrases of a text are found in them."""

import re
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Generic, TypeVar

from models.fingerprint import words_of

DATA = Path(__file__).parent / "data"
_ENDINGS = re.compile(r"\{([^}]*)\}")

Value = TypeVar("Value")


def lines_of(file: str) -> Iterator[str]:
    """Yield the lines of a data file that say something."""
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def spellings_of(text: str) -> Iterator[str]:
    """Yield the entries of a list between commas, with each of the endings that stand between braces."""
    for entry in re.split(r",(?![^{]*\})", text):
        fixed = _ENDINGS.split(entry.strip())
        choices = [part.split(",") if index % 2 else [part] for index, part in enumerate(fixed)]
        yield from ("".join(parts) for parts in product(*choices))


def named_lists(file: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the name and the entries of each line `name: entry, entry` of a data file."""
    for line in lines_of(file):
        name, _, rest = line.partition(":")
        yield name, [entry for entry in spellings_of(rest) if entry]


class Phrases(Generic[Value]):
    """Phrases of words, each with a value, that are found in a text in one pass."""

    def __init__(self, entries: Iterable[tuple[list[str], Value]]) -> None:
        """Take phrases with their values; of equal phrases the first counts."""
        self._by_first: dict[str, dict[tuple[str, ...], Value]] = {}
        for words, value in entries:
            if words:
                self._by_first.setdefault(words[0], {}).setdefault(tuple(words), value)
        self._lengths = {
            first: sorted({len(each) for each in phrases}, reverse=True)
            for first, phrases in self._by_first.items()
        }

    def find(self, words: list[str]) -> Iterator[tuple[int, int, Value]]:
        """Yield beginning, end and value of the phrases, the longest at each place, none over another."""
        place, lengths = 0, self._lengths
        for start, word in enumerate(words):
            if start < place or word not in lengths:
                continue
            phrases = self._by_first[word]
            for length in lengths[word]:
                said = tuple(words[start : start + length])
                if said in phrases:
                    place = start + length
                    yield start, place, phrases[said]
                    break


def phrases_of(entries: Iterable[tuple[str, Value]]) -> Phrases[Value]:
    """Return phrases that are written as text."""
    return Phrases((words_of(text), value) for text, value in entries)
