"""Typing help: the names of ads that begin with what was typed, then those that are much like it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from models.database import Database
from models.enums import TermKind
from models.facts import CountryCode
from models.search.typos import mended
from models.term import normal_term
from models.text import ONE_LINE

MOST = 10
TEXT_MAX = 100
ALIKE_FROM = 3
"""From so many letters on a text says enough to be mistyped."""

Item = dict[str, Any]


class SuggestionQuery(BaseModel):
    """What is being typed, and what it names."""

    model_config = ConfigDict(extra="forbid")

    kind: TermKind
    text: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_MAX), ONE_LINE
    ] = Field(description="What has been typed so far.")
    country: CountryCode | None = None


class Suggestion(BaseModel):
    """A name and how many jobs have had it, also those that have ended; country is null for several."""

    text: str
    country: str | None
    jobs: int


class Suggestions(BaseModel):
    """The names that fit best, at most 10."""

    items: list[Suggestion]


_HERE = " AND country = %(country)s"
_TIERS = (" AND tier >= 2", " AND tier >= 1", "")
_BEGINS = "(normal LIKE %(begins)s OR normal LIKE %(has)s)"
_IS_LIKE = "%(text)s <%% normal"
_LIKENESS = "word_similarity(%(text)s, normal)"


def _sql(condition: str, order: str = "1") -> str:
    # the names are found first and counted then, since they may be rare in one of their countries
    return f"""
    WITH best AS (
        SELECT normal, max({order}) AS likeness, sum(jobs) AS jobs FROM term
        WHERE kind = %(kind)s AND {condition}
        GROUP BY normal ORDER BY likeness DESC, jobs DESC, normal LIMIT {MOST}
    )
    SELECT normal, (array_agg(shown ORDER BY term.jobs DESC, country))[1] AS text,
        CASE WHEN count(*) = 1 THEN min(country) END AS country, sum(term.jobs)::int AS jobs
    FROM best JOIN term USING (normal) WHERE term.kind = %(kind)s{_HERE if _HERE in condition else ""}
    GROUP BY normal, likeness ORDER BY likeness DESC, sum(term.jobs) DESC, normal
    """  # noqa: S608 -- fixed fragments


_BEGIN = {here: [_sql(f"{_BEGINS}{tier}{here}") for tier in _TIERS] for here in ("", _HERE)}
_ALIKE = {here: [_sql(f"{_IS_LIKE}{tier}{here}", _LIKENESS) for tier in _TIERS[1:]] for here in ("", _HERE)}


async def suggest(database: Database, query: SuggestionQuery) -> list[Item]:
    """Return at most 10 names as items of Suggestions.

    First come those of which a word begins with the text, the most frequent first; only where these are
    fewer, those that begin so once its typos are mended, and then those that are like it, the likest first.
    """
    text = normal_term(query.text)
    if not text:
        return []
    here = _HERE if query.country else ""
    asked = {"kind": query.kind.value, "country": query.country}
    found = await _first(database, _BEGIN[here], asked | _patterns(text))
    if len(found) < MOST and len(text) >= ALIKE_FROM:
        if (meant := await mended(database, text, is_typed=True)) is not None:
            found = _joined(found, await _first(database, _BEGIN[here], asked | _patterns(meant)))
        if len(found) < MOST:
            like = asked | {"text": meant or text}
            common, every = _ALIKE[here]
            # among all names only where there is no other help: it takes the longest by far
            found = _joined(found, await database.rows(common, like, prepare=False))
            found = found or await database.rows(every, like, prepare=False)
    return [{name: row[name] for name in Suggestion.model_fields} for row in found]


def _patterns(text: str) -> dict[str, str]:
    return {"begins": f"{text}%", "has": f"% {text}%"}


def _joined(found: list[Item], others: list[Item]) -> list[Item]:
    known = {row["normal"] for row in found}
    return [*found, *(row for row in others if row["normal"] not in known)][:MOST]


async def _first(database: Database, tiers: Sequence[str], parameters: Mapping[str, Any]) -> list[Item]:
    """Return what the first tier finds that finds enough, or the last one."""
    found: list[Item] = []
    for tier in tiers:
        found = await database.rows(tier, parameters, prepare=False)
        if len(found) == MOST:
            break
    return found
