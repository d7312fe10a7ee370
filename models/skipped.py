"""The jobs that the sweep did not apply to for a person, and why, in words."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import to_json

from models.answering_enums import SkipReason
from models.keyset import PAGE_DEFAULT, PAGE_MAX, TimeCursor

SENTENCES = {
    SkipReason.NOT_AUTHORISED: "You have not said that you may work in the job's country.",
    SkipReason.WRONG_COUNTRY: "The job is in a country that you do not look for work in.",
    SkipReason.WRONG_PLACE: "The job is at a place, or of a kind of place, that you do not look for.",
    SkipReason.EMPLOYMENT_TYPE: "The job is of a kind of employment that you do not look for.",
    SkipReason.PAY_TOO_LOW: "The employer offers less than the least that you ask for.",
    SkipReason.JOB_CLOSED: "The job is no longer advertised.",
    SkipReason.TOO_OLD: "The job was posted longer ago than you want.",
    SkipReason.BLOCKED_COMPANY: "You have blocked this company.",
    SkipReason.BLOCKED_WORD: "The title holds a word that you have excluded.",
    SkipReason.SCORE_TOO_LOW: "The job fits you less well than the score that you ask for.",
    SkipReason.CONFIDENCE_TOO_LOW: "The advert says too little to tell whether the job fits you.",
    SkipReason.ALREADY_APPLIED: "You have applied to this job.",
    SkipReason.NEAR_DUPLICATE: "You have lately applied to what may be the same job.",
    SkipReason.DAILY_CAP: "The most applications that you allow a day were made.",
    SkipReason.COMPANY_CAP: "The most applications that you allow to one company were made.",
    SkipReason.HOST_CAP: "The most applications that you allow to one careers site were made.",
}

_COLUMNS = "m.job_id, j.title AS job_title, j.company AS job_company, m.reason, m.score, m.confidence"


class SkippedJob(BaseModel):
    """A job that was found for a person and skipped, or left for tomorrow; `text` says `reason` in words."""

    job_id: UUID
    job_title: str
    job_company: str | None
    reason: SkipReason
    text: str
    score: int | None
    confidence: float | None
    skipped_at: datetime


class SkippedPage(BaseModel):
    """Skipped jobs, the latest first, and where the list goes on."""

    items: list[SkippedJob]
    next_cursor: str | None


CursorText = Annotated[str, AfterValidator(lambda text: text and str(TimeCursor.parse(text)))]


class SkippedFilters(BaseModel):
    """What may be asked of the list."""

    model_config = ConfigDict(extra="forbid")

    reason: list[SkipReason] = Field(default_factory=list, max_length=len(SkipReason))
    limit: int = Field(default=PAGE_DEFAULT, ge=1, le=PAGE_MAX)
    cursor: CursorText | None = None


def skipped_query(user_id: UUID, filters: SkippedFilters) -> tuple[str, dict[str, Any]]:
    """Return the SQL of one page, with one row more than asked for, and its parameters."""
    parameters: dict[str, Any] = {"user_id": user_id, "rows": filters.limit + 1}
    conditions = ["m.user_id = %(user_id)s", "m.reason IS NOT NULL"]
    if filters.reason:
        conditions.append("m.reason = ANY(%(reason)s)")
        parameters["reason"] = filters.reason
    if filters.cursor:
        cursor = TimeCursor.parse(filters.cursor)
        conditions.append("(m.updated_at, m.job_id) < (%(last_at)s, %(last_id)s)")
        parameters |= {"last_at": cursor.at, "last_id": cursor.id}
    sql = (
        f"SELECT {_COLUMNS}, m.updated_at AS skipped_at"  # noqa: S608 -- fixed fragments
        f" FROM job_match m JOIN job j ON j.id = m.job_id WHERE {' AND '.join(conditions)}"
        " ORDER BY m.updated_at DESC, m.job_id DESC LIMIT %(rows)s"
    )
    return sql, parameters


def page_json(rows: list[dict[str, Any]], limit: int) -> bytes:
    """Write the rows of `skipped_query` as the JSON of a SkippedPage."""
    shown = rows[:limit]
    for row in shown:
        row["text"] = SENTENCES[SkipReason(row["reason"])]
    behind = TimeCursor(shown[-1]["skipped_at"], shown[-1]["job_id"]) if len(rows) > limit else None
    return to_json({"items": shown, "next_cursor": behind and str(behind)})
