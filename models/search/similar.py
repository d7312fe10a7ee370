"""Jobs that are like one: those whose titles share its words, ranked by how telling these words are.

What is looked at is bounded whatever the title. The newest jobs of the country are looked through; where
enough of them have all words of the title, no older ones are needed, and where they have not, there cannot be
many: so the index of words finds them all. Remote jobs of other countries are a few of each hundred.
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
PAIR = 2
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
_COLUMNS = "j.id, j.title, j.company, j.category, j.content_key, j.posted_at, j.search"
_NEWEST = f"""
(SELECT {_COLUMNS} FROM (
    SELECT * FROM job WHERE country = %(country)s AND expired_at IS NULL
    ORDER BY posted_at DESC, id DESC LIMIT {LOOKED_AT}
) j WHERE search @@ ({{query}}) AND {_SHOWN.format(j="j")})
"""  # noqa: S608 -- fixed fragments
_FOUND = f"""
(SELECT {_COLUMNS} FROM job j WHERE search @@ ({{query}}) AND {_SHOWN.format(j="j")}
ORDER BY posted_at DESC, id DESC LIMIT {CANDIDATES})
"""  # noqa: S608 -- fixed fragments
_ITEMS = f"""
SELECT {SHOWN} FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS wanted(id, place)
JOIN job j ON j.id = wanted.id {MARKS} ORDER BY wanted.place
"""  # noqa: S608 -- fixed fragments
_CANDIDATES = f"""
SELECT DISTINCT ON (count, posted_at, id) id, title, company, category, content_key, posted_at, hits
FROM (SELECT *, ARRAY[{{hits}}] AS hits FROM ({{found}}) j) j,
    LATERAL (SELECT cardinality(array_positions(hits, true)) AS count) counted
ORDER BY count DESC, posted_at DESC, id DESC LIMIT {CANDIDATES * 2}
"""  # noqa: S608 -- fixed fragments


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

    limit: int = Field(default=SIMILAR_DEFAULT, ge=1, le=SIMILAR_MAX, description="How many jobs at most.")


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
    words = list(likeness.words)
    if not words:
        return []
    parameters = {**job, "me": me, **{f"word_{number}": word for number, word in enumerate(words)}}
    newest = await database.rows(_newest(len(words)), parameters, prepare=False)
    further = _further(len(words), newest, limit)
    return _ranked(likeness, newest + await database.rows(further, parameters, prepare=False))[:limit]


def _ranked(likeness: Likeness, found: Iterable[Row]) -> list[UUID]:
    """Return the ids by likeness; of one content the newest, of the equally like ones the newer first."""
    newest: dict[str, Row] = {}
    for row in sorted(found, key=lambda row: (row["posted_at"], row["id"]), reverse=True):
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


def _candidates(words: int, *found: str) -> str:
    return _CANDIDATES.format(hits=_hits(words), found=" UNION ALL ".join(found))


def _newest(words: int) -> str:
    """Return the SQL of the jobs with any word of a title among the newest of the country."""
    query = " || ".join(_term(number) for number in range(words))
    return _candidates(words, _NEWEST.format(query=query))


def _further(words: int, newest: list[Row], limit: int) -> str:
    """Return the SQL of those with all words of a title, or two side by side, where the newest are few."""
    terms = [_term(number) for number in range(words)]
    every = " && ".join(terms)
    queries = [f"{every} && job_tag('remote')"]
    hits = [sum(row["hits"]) for row in newest]
    if hits.count(words) < limit:
        queries.append(f"{every} && job_tag(%(country)s)")
    if words > PAIR and sum(hit >= PAIR for hit in hits) < limit:
        pairs = " || ".join(f"({one} && {other})" for one, other in pairwise(terms))
        queries.append(f"({pairs}) && (job_tag(%(country)s) || job_tag('remote'))")
    return _candidates(words, *(_FOUND.format(query=query) for query in queries))
