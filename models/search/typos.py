"""Mends the words of a search that no title, company or place has: by the nearest word that one has."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from models.database import Database
from models.term import normal_term

SHORT = 4
"""Words of fewer letters are kept: too many others are as near."""

LONG = 6
"""From so many letters on two of them may be wrong, but not the first one then."""

LONGEST = 30
MOST_WORDS = 8
LETTERS = "abcdefghijklmnopqrstuvwxyz"

_WORD = re.compile(r"[^\W_]+(?:[+#]+)?")
_KNOWN = """
SELECT word FROM term_word WHERE word = ANY(%(words)s)
UNION ALL
SELECT %(typed)s::text WHERE EXISTS (SELECT FROM term_word WHERE word LIKE %(typed)s || '%%')
"""
# one mistake: by the words themselves, since short words with letters in each other's place share hardly a
# trigram. Two mistakes: by their trigrams
_NEAR = """
SELECT one.asked, known.word, known.jobs
FROM unnest(%(asked)s::text[], %(edits)s::text[]) one(asked, edit)
JOIN term_word known ON known.word = one.edit
UNION
SELECT two.asked, known.word, known.jobs
FROM unnest(%(long)s::text[]) two(asked) CROSS JOIN LATERAL (
    SELECT word, jobs FROM term_word WHERE word %% two.asked
    ORDER BY similarity(word, two.asked) DESC, jobs DESC LIMIT 20
) known
"""


async def mended(database: Database, text: str, *, is_typed: bool = False) -> str | None:
    """Return a search with its unknown words replaced by the nearest known ones, None where none was.

    Words of fewer than 4 letters, numbers and everything between the words stay as they are, and while it
    `is_typed` also a last word that known ones begin with.
    """
    words = [normal_term(found) for found in _WORD.findall(text)]
    asked = sorted({word for word in words if _may_be_wrong(word)})
    if not asked or len(asked) > MOST_WORDS:
        return None
    typed = words[-1] if is_typed else None
    right = {
        row["word"] for row in await database.rows(_KNOWN, {"words": asked, "typed": typed}, prepare=False)
    }
    nearest = await _nearest(database, [word for word in asked if word not in right])
    if not nearest:
        return None
    return _WORD.sub(lambda found: nearest.get(normal_term(found[0]), found[0]), text)


def _may_be_wrong(word: str) -> bool:
    return SHORT <= len(word) <= LONGEST and word.isalpha()


async def _nearest(database: Database, asked: Sequence[str]) -> dict[str, str]:
    """Return the nearest known word of each that has one: the fewest mistakes, then the most jobs."""
    if not asked:
        return {}
    pairs = [(word, edit) for word in asked for edit in sorted(set(_edits(word)))]
    parameters: dict[str, Any] = {
        "asked": [word for word, _ in pairs],
        "edits": [edit for _, edit in pairs],
        "long": [word for word in asked if len(word) >= LONG],
    }
    best: dict[str, tuple[int, int, str]] = {}
    for row in await database.rows(_NEAR, parameters, prepare=False):
        word, other = row["asked"], row["word"]
        mistakes = distance(word, other)
        if mistakes == 1 or (mistakes == 2 and word[0] == other[0]):  # noqa: PLR2004 -- see LONG
            best[word] = min(best.get(word, (mistakes, -row["jobs"], other)), (mistakes, -row["jobs"], other))
    return {word: other for word, (_, _, other) in best.items()}


def _edits(word: str) -> Iterator[str]:
    """Yield every text that differs from a word by one mistake of typing."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in LETTERS)


def distance(one: str, other: str) -> int:
    """Return how many letters are wrong, missing, too many, or have changed places with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, sign in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != sign))
            if row > 1 < column and letter == other[column - 2] and one[row - 2] == sign:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]
