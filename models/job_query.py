"""The hot list's SQL: fixed fragments joined by the filters that are set, values always as parameters."""

import base64
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import to_json

from models.base import now
from models.countries import ADZUNA_SITES
from models.facts import SALARY_MAX, CountryCode
from models.job import Attribution, JobDetail, JobPublic
from models.text import ONE_LINE

PAGE_DEFAULT = 20
PAGE_MAX = 100
DAYS_MAX = 366
WORDS_MAX = 8
TEXT_MAX = 100

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# when a job was posted, in microseconds since 1970, and its id
_PLACE = struct.Struct(">q16s")

_LIST_COLUMNS = (
    "id, title, company, location, country, remote, salary_min, salary_max,"
    " salary_predicted AS salary_is_estimate, currency, contract_type, contract_time, category, posted_at,"
    " url"
)
_DETAIL_COLUMNS = (
    f"{_LIST_COLUMNS}, description, area, latitude, longitude, category_label, seen_at, expired_at"
)
DETAIL_SQL = f"SELECT {_DETAIL_COLUMNS} FROM job WHERE id = %(id)s"  # noqa: S608 -- a fixed text

_ATTRIBUTIONS = {country: Attribution(url=site).model_dump() for country, site in ADZUNA_SITES.items()}
_ELSEWHERE = Attribution(url="https://www.adzuna.com").model_dump()


class EmploymentType(StrEnum):
    """Adzuna's two axes of employment as one filter."""

    PERMANENT = "permanent"
    CONTRACT = "contract"
    FULL_TIME = "full_time"
    PART_TIME = "part_time"


_EMPLOYMENT = {
    EmploymentType.PERMANENT: "contract_type = %(employment_type)s",
    EmploymentType.CONTRACT: "contract_type = %(employment_type)s",
    EmploymentType.FULL_TIME: "contract_time = %(employment_type)s",
    EmploymentType.PART_TIME: "contract_time = %(employment_type)s",
}


@dataclass(frozen=True)
class JobCursor:
    """The place in the list behind one job. Made into text that says nothing to who holds it."""

    posted_at: datetime
    id: UUID

    def __str__(self) -> str:
        """Return it as 32 characters that are safe in a URL."""
        packed = _PLACE.pack((self.posted_at - EPOCH) // MICROSECOND, self.id.bytes)
        return base64.urlsafe_b64encode(packed).decode()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it back; ValueError for anything that cannot have come from here."""
        try:
            packed = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
            microseconds, job_id = _PLACE.unpack(packed)
            return cls(EPOCH + microseconds * MICROSECOND, UUID(bytes=job_id))
        except (ValueError, OverflowError, struct.error):
            raise ValueError("is not a cursor of this list; begin without one") from None


def _words(text: str) -> str | None:
    if len(text.split()) > WORDS_MAX:
        raise ValueError(f"must have at most {WORDS_MAX} words")
    return text or None


Words = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=TEXT_MAX), ONE_LINE, AfterValidator(_words)
]
Currency = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{3}$")]
CursorText = Annotated[str, AfterValidator(lambda text: str(JobCursor.parse(text)))]


class JobFilters(BaseModel):
    """What may be asked of the list. Each word of a text filter must occur, in any case."""

    model_config = ConfigDict(extra="forbid")

    title: Words | None = None
    company: Words | None = None
    location: Words | None = None
    country: CountryCode | None = None
    remote: bool | None = None
    salary: int | None = Field(default=None, ge=0, le=SALARY_MAX, description="At least; estimates are out.")
    currency: Currency | None = None
    posted_within: int | None = Field(default=None, ge=1, le=DAYS_MAX, description="Days.")
    employment_type: EmploymentType | None = None
    limit: int = Field(default=PAGE_DEFAULT, ge=1, le=PAGE_MAX)
    cursor: CursorText | None = None


class JobPage(BaseModel):
    """Jobs, the newest first, and where the list goes on."""

    items: list[JobPublic]
    next_cursor: str | None


def list_query(filters: JobFilters) -> tuple[str, dict[str, Any]]:
    """Return the SQL of one page, with one row more than asked for, and its parameters."""
    parameters: dict[str, Any] = filters.model_dump(exclude_none=True, exclude={"limit", "cursor"})
    conditions = ["expired_at IS NULL", *_text_conditions(parameters)]
    conditions += [condition for name, condition in _CONDITIONS.items() if name in parameters]
    if filters.employment_type is not None:
        conditions.append(_EMPLOYMENT[filters.employment_type])
    if filters.posted_within is not None:
        parameters["posted_after"] = now() - timedelta(days=filters.posted_within)
    if filters.cursor is not None:
        cursor = JobCursor.parse(filters.cursor)
        conditions.append("(posted_at, id) < (%(cursor_posted_at)s, %(cursor_id)s)")
        parameters |= {"cursor_posted_at": cursor.posted_at, "cursor_id": cursor.id}
    parameters["rows"] = filters.limit + 1
    sql = (
        f"SELECT {_LIST_COLUMNS} FROM job WHERE {' AND '.join(conditions)}"  # noqa: S608 -- fixed fragments
        " ORDER BY posted_at DESC, id DESC LIMIT %(rows)s"
    )
    return sql, parameters


_CONDITIONS = {
    "country": "country = %(country)s",
    "remote": "remote = %(remote)s",
    "salary": "NOT salary_predicted AND coalesce(salary_max, salary_min) >= %(salary)s",
    "currency": "currency = %(currency)s",
    "posted_within": "posted_at >= %(posted_after)s",
}


def _text_conditions(parameters: dict[str, Any]) -> list[str]:
    """Replace each text filter among the parameters by one pattern a word, and return their conditions."""
    conditions = []
    for column in ("title", "company", "location"):
        for number, word in enumerate(parameters.pop(column, "").split()):
            parameters[f"{column}_{number}"] = f"%{escaped(word)}%"
            conditions.append(f"{column} ILIKE %({column}_{number})s")
    return conditions


def escaped(text: str) -> str:
    """Return text that stands for itself within a LIKE pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def attribution_for(country: str) -> dict[str, Any]:
    """Return what must stand beside an ad of this country."""
    return _ATTRIBUTIONS.get(country, _ELSEWHERE)


def page_json(rows: list[dict[str, Any]], limit: int) -> bytes:
    """Write the rows of `list_query` as the JSON of a JobPage; the row too many only says that it goes on.

    The columns are what JobPublic declares, so they are not validated once more: that would cost as much
    as everything else that this list does in Python.
    """
    shown = rows[:limit]
    for row in shown:
        row["attribution"] = attribution_for(row["country"])
    behind = JobCursor(shown[-1]["posted_at"], shown[-1]["id"]) if len(rows) > limit else None
    return to_json({"items": shown, "next_cursor": behind and str(behind)})


def detail_of(row: dict[str, Any]) -> JobDetail:
    """Make a job of the row of `DETAIL_SQL`."""
    return JobDetail.model_validate(row | {"attribution": attribution_for(row["country"])})
