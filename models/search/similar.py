"""Jobs that are like one: the newest whose titles share its words, ranked by how telling these words are.

What is looked at is bounded whatever the title: the newest with all of its words, the newest with two words
that stand side by side in it, and, where these are few, the newest of the country with any of them.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from models.database import Database
from models.errors import NotFoundError
from models.fingerprint import SENIORITY
from models.job import JobPublic
from models.search.shown import MARKS, SHOWN, complete
from models.term import term_words

SIMILAR_DEFAULT = 10
SIMILAR_MAX = 20
WORDS_MAX = 6
CANDIDATES = 200
LOOKED_AT = 3_000
EXTRA_WORD = 0.25
"""What a word that the other title has beside ours takes away, as a share of a word of ours."""

SAME_CATEGORY = 0.15
SAME_COMPANY = 0.05
RARITY = 4
"""By what the logarithm of how rare a word is counts less: one of 3,000 jobs tells three times as much."""

HARDLY = 0.15
"""Who shares less of the title than this is not like it."""

LANGUAGES = frozenset({"c", "r"})
"""What is a word although it is one letter: what one programs in."""

Row = dict[str, Any]

_JOB = "SELECT title, company, country, category, content_key FROM job WHERE id = %(id)s"
_WORDS = "SELECT word, jobs FROM term_word WHERE word = ANY(%(words)s)"
_SHOWN = """
{j}.expired_at IS NULL AND {j}.content_key <> %(content_key)s AND NOT EXISTS (
    SELECT FROM job_mark WHERE user_id = %(me)s AND job_mark.content_key = {j}.content_key
        AND hidden_at IS NOT NULL
)
"""
_HERE = "(job_tag(%(country)s) || job_tag('remote'))"
_COLUMNS = "id, title, company, category, content_key, posted_at, search"
_FOUND = f"""
(SELECT {_COLUMNS} FROM job j WHERE search @@ ({{query}} && {_HERE}) AND {_SHOWN.format(j="j")}
ORDER BY posted_at DESC, id DESC LIMIT {CANDIDATES})
"""  # noqa: S608 -- fixed fragments
_LOOKED = f"""
(SELECT {_COLUMNS} FROM (
    SELECT * FROM job WHERE country = %(country)s AND expired_at IS NULL
    ORDER BY posted_at DESC, id DESC LIMIT {LOOKED_AT}
) j WHERE search @@ ({{query}}) AND {_SHOWN.format(j="j")}
ORDER BY posted_at DESC, id DESC LIMIT {CANDIDATES})
"""  # noqa: S608 -- fixed fragments
_ITEMS = f"""
SELECT {SHOWN} FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS wanted(id, place)
JOIN job j ON j.id = wanted.id {MARKS} ORDER BY wanted.place
"""  # noqa: S608 -- fixed fragments
_RANKED = """
SELECT DISTINCT ON (posted_at, id) id, title, company, category, content_key, ARRAY[{hits}] AS hits
FROM ({found}) found ORDER BY posted_at DESC, id DESC
"""


@dataclass(frozen=True)
class Likeness:
    """What a job is compared by: its words with how telling each is, its company and its category."""

    words: Mapping[str, float]
    company: str | None
    category: str

    def of(self, other: Row) -> float:
        """Return how like another job is, by which of the words its title has; 1 for the same title."""
        weights = list(self.words.values())
        total = sum(weights)
        shared = sum(weight for weight, hit in zip(weights, other["hits"], strict=True) if hit)
        more = max(0, len(_telling(other["title"])) - sum(other["hits"])) * total / len(weights)
        likeness = shared / (total + EXTRA_WORD * more)
        if likeness < HARDLY:
            return 0.0
        if other["category"] == self.category:
            likeness += SAME_CATEGORY
        if self.company is not None and other["company"] == self.company:
            likeness += SAME_COMPANY
        return likeness


class SimilarQuery(BaseModel):
    """How many jobs are asked for."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=SIMILAR_DEFAULT, ge=1, le=SIMILAR_MAX)


class SimilarJobs(BaseModel):
    """Jobs that are like one, the likest first."""

    items: list[JobPublic]


async def similar(database: Database, job_id: UUID, me: UUID, limit: int) -> list[Row]:
    """Return the jobs most like one, the likest first, each content once, as items of SimilarJobs.

    NotFoundError where there is no such job.
    """
    ids = await _similar_ids(database, job_id, me, limit)
    rows = await database.rows(_ITEMS, {"ids": ids, "me": me}) if ids else []
    return [complete(row) for row in rows]


async def _similar_ids(database: Database, job_id: UUID, me: UUID, limit: int) -> list[UUID]:
    jobs = await database.rows(_JOB, {"id": job_id})
    if not jobs:
        raise NotFoundError("There is no job with this id.")
    job = jobs[0]
    likeness = Likeness(await _weights(database, job["title"]), job["company"], job["category"])
    if not likeness.words:
        return []
    words = list(likeness.words)
    parameters = {**job, "me": me, **{f"word_{number}": word for number, word in enumerate(words)}}
    found = await database.rows(_near(len(words)), parameters, prepare=False)
    ranked = _ranked(likeness, found)
    if len(ranked) < limit:
        found += await database.rows(_any(len(words)), parameters, prepare=False)
        ranked = _ranked(likeness, found)
    return ranked[:limit]


def _ranked(likeness: Likeness, found: Iterable[Row]) -> list[UUID]:
    """Return the ids by likeness; of one content the newest, of the equally like ones the newer first."""
    newest: dict[str, Row] = {}
    for row in found:
        newest.setdefault(row["content_key"], row)
    likes = [(likeness.of(row), row["id"]) for row in newest.values()]
    return [job_id for like, job_id in sorted(likes, key=lambda each: -each[0]) if like > 0]


def _telling(title: str) -> list[str]:
    """Return a title's words, each once, but those of seniority, numbers, and letters as in (m/f/d)."""
    words = dict.fromkeys(word for word in term_words(title) if not word.isdigit())
    telling = [word for word in words if word not in SENIORITY and (len(word) > 1 or word in LANGUAGES)]
    return telling or list(words)


async def _weights(database: Database, title: str) -> dict[str, float]:
    """Return the first words of a title in their order, with the weights of what few or many jobs have."""
    words = _telling(title)[:WORDS_MAX]
    jobs = {row["word"]: row["jobs"] for row in await database.rows(_WORDS, {"words": words})}
    most = max(jobs.values(), default=1)
    return {word: 1 + math.log(most / jobs.get(word, most)) / RARITY for word in words}


def _term(number: int) -> str:
    return f"job_term(%(word_{number})s, %(country)s, 'A', false)"


def _hits(words: int) -> str:
    return ", ".join(f"search @@ {_term(number)}" for number in range(words))


def _near(words: int) -> str:
    """Return the SQL of the newest jobs with all words of a title, or two that are side by side in it."""
    terms = [_term(number) for number in range(words)]
    queries = [f"({' && '.join(terms)})"]
    if len(terms) > 2:  # noqa: PLR2004 -- of two words all are side by side
        pairs = (f"({one} && {other})" for one, other in pairwise(terms))
        queries.append(f"({' || '.join(pairs)})")
    found = " UNION ALL ".join(_FOUND.format(query=query) for query in queries)
    return _RANKED.format(hits=_hits(words), found=found)


def _any(words: int) -> str:
    """Return the SQL of the jobs with any word of a title among the newest of the country."""
    query = " || ".join(_term(number) for number in range(words))
    return _RANKED.format(hits=_hits(words), found=_LOOKED.format(query=query))
