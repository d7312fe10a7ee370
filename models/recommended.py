"""Jobs recommended to a person: open ones that were matched with their titles, the best first, with why."""

import base64
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from models.answering_enums import SkipReason
from models.application import HELD
from models.facts import CountryCode
from models.job import JobPublic
from models.keyset import NOT_OURS, PAGE_DEFAULT, PAGE_MAX
from models.match.score import Component
from models.match_words import why
from models.search.shown import MARKS, SHOWN, complete

# a score and the job's id
_PLACE = struct.Struct(">h16s")


@dataclass(frozen=True)
class RecommendedCursor:
    """The place in the list behind one job. Made into text that says nothing to who holds it."""

    score: int
    job_id: UUID

    def __str__(self) -> str:
        """Return it as 24 characters that are safe in a URL."""
        return base64.urlsafe_b64encode(_PLACE.pack(self.score, self.job_id.bytes)).decode()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it back; ValueError for anything that cannot have come from here."""
        try:
            score, job_id = _PLACE.unpack(base64.b64decode(text.encode(), altchars=b"-_", validate=True))
            return cls(score, UUID(bytes=job_id))
        except (ValueError, struct.error):
            raise ValueError(NOT_OURS) from None


CursorText = Annotated[str, AfterValidator(lambda text: text and str(RecommendedCursor.parse(text)))]


class RecommendedFilters(BaseModel):
    """What may be asked of the list."""

    model_config = ConfigDict(extra="forbid")

    min_score: int | None = Field(default=None, ge=0, le=100, description="The least score.")
    country: CountryCode | None = None
    limit: int = Field(default=PAGE_DEFAULT, ge=1, le=PAGE_MAX, description="How many jobs a page has.")
    cursor: CursorText | None = Field(
        default=None, description="The `next_cursor` of the page before, beside the same filters."
    )


class RecommendedJob(JobPublic):
    """A job with how well it fits: `why` says in sentences what `components` say in figures.

    The figures are of when the job was matched, by the scorer of that version.
    """

    score: int
    confidence: float
    components: list[Component]
    scorer_version: int
    why: list[str]


class RecommendedPage(BaseModel):
    """Recommended jobs, the best first, and where the list goes on.

    `missing` names what the profile lacks for anything to be recommended. While `recomputing`, wishes or
    the scorer have changed and jobs are still to be matched anew: the event `matches.added` tells the end.
    """

    items: list[RecommendedJob]
    next_cursor: str | None
    missing: list[str] = []
    recomputing: bool = False


class JobMatchPublic(BaseModel):
    """How well one job fits the person, computed now.

    Behind a gate there is no score: `gate` names it and `gate_text` says it in words. A component without a
    score had no data; the confidence is the share of those that had.
    """

    job_id: UUID
    eligible: bool
    gate: SkipReason | None
    gate_text: str | None
    score: int | None
    confidence: float | None
    components: list[Component]
    scorer_version: int
    why: list[str]
    missing: list[str]


# of the ads of one job in several towns the best is shown, of equal ones the latest
_ALIKE = """
    NOT EXISTS (
        SELECT FROM job o JOIN job_match om ON om.job_id = o.id AND om.user_id = %(me)s
        WHERE o.content_key = j.content_key AND o.country = j.country AND o.expired_at IS NULL
            AND o.posted_at > %(since)s AND (om.score, om.job_id) > (m.score, m.job_id)
    )"""
# a subquery with OFFSET stays one: it is looked up match by match, however many jobs the person has hidden
_NOT_HIDDEN = """
    nullif(EXISTS (
        SELECT FROM job_mark k
        WHERE k.user_id = %(me)s AND k.content_key = j.content_key AND k.hidden_at IS NOT NULL OFFSET 0
    ), true) IS NOT NULL"""
_NOT_APPLIED = f"""
    nullif(EXISTS (
        SELECT FROM job x JOIN application a ON a.job_id = x.id
        WHERE x.content_key = j.content_key AND a.user_id = %(me)s AND a.{HELD} OFFSET 0
    ), true) IS NOT NULL"""
_ALWAYS = (
    "m.user_id = %(me)s",
    "m.score IS NOT NULL",
    "j.expired_at IS NULL",
    "j.posted_at > %(since)s",
    _NOT_HIDDEN,
    _NOT_APPLIED,
    _ALIKE,
)
_WHERE_ASKED = {"min_score": "m.score >= %(min_score)s", "country": "j.country = %(country)s"}
_MATCH = "m.score AS match_score, m.confidence, m.breakdown, m.scorer_version"


def recommended_query(
    user_id: UUID, since: datetime, filters: RecommendedFilters
) -> tuple[str, dict[str, Any]]:
    """Return the SQL of a page, with one row more than asked for, and its parameters.

    Jobs that were posted before `since` are too old for the person.
    """
    asked = filters.model_dump(exclude_none=True, exclude={"limit", "cursor"})
    parameters: dict[str, Any] = {"me": user_id, "since": since, "rows": filters.limit + 1, **asked}
    conditions = [*_ALWAYS, *(_WHERE_ASKED[name] for name in asked)]
    if filters.cursor:
        cursor = RecommendedCursor.parse(filters.cursor)
        conditions.append("(m.score, m.job_id) < (%(last_score)s, %(last_id)s)")
        parameters |= {"last_score": cursor.score, "last_id": cursor.job_id}
    page = (
        f"SELECT j.*, {_MATCH}"  # noqa: S608 -- fixed fragments
        f" FROM job_match m JOIN job j ON j.id = m.job_id WHERE {' AND '.join(conditions)}"
        " ORDER BY m.score DESC, m.job_id DESC LIMIT %(rows)s"
    )
    sql = (
        f"SELECT {SHOWN}, j.match_score, j.confidence, j.breakdown, j.scorer_version"  # noqa: S608 -- as above
        f" FROM ({page}) j {MARKS} ORDER BY j.match_score DESC, j.id DESC"
    )
    return sql, parameters


def page_of(rows: list[dict[str, Any]], limit: int, *, recomputing: bool) -> RecommendedPage:
    """Make a page of the rows of `recommended_query`; the row too many only says that it goes on."""
    shown = rows[:limit]
    behind = RecommendedCursor(shown[-1]["match_score"], shown[-1]["id"]) if len(rows) > limit else None
    return RecommendedPage(
        items=[_item(row) for row in shown],
        next_cursor=None if behind is None else str(behind),
        recomputing=recomputing,
    )


def _item(row: dict[str, Any]) -> RecommendedJob:
    components = components_of(row["breakdown"])
    values = {**complete(row), "score": row["match_score"]}
    return RecommendedJob.model_validate({**values, "components": components, "why": why(components)})


def components_of(breakdown: dict[str, Any]) -> list[Component]:
    """Return what a match was explained by; nothing where an earlier version wrote it otherwise."""
    try:
        return [Component.model_validate(each) for each in breakdown.get("components", [])]
    except ValidationError:
        return []
