"""The list of a person's applications as SQL: fixed fragments joined by the filters that are set."""

import base64
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import to_json

from models.application import NEEDS_PERSON
from models.application_public import ApplicationPublic
from models.enums import ApplicationState, Origin, Outcome, Stage
from models.keyset import PAGE_DEFAULT, PAGE_MAX, Words, escaped

SCORE_MAX = 100

NEWEST, REST, NEEDED = 0, 1, 2
"""Which list a cursor is of: the newest first, or of needs-me-first the second or the first part."""

# one of the above, and the id of the last application that was shown
_PLACE = struct.Struct(">B16s")

_NEEDS_ME = "a.state = ANY(%(needs_person)s)"
_OF_THE_JOB = {"job_title": "j.title", "job_company": "j.company", "needs_me": _NEEDS_ME}
_COLUMNS = ", ".join(
    f"{_OF_THE_JOB.get(name, f'a.{name}')} AS {name}" for name in ApplicationPublic.model_fields
)


class Order(StrEnum):
    """What comes first. Both orders go from new to old."""

    NEWEST = "newest"
    NEEDS_ME = "needs_me"


@dataclass(frozen=True)
class ApplicationCursor:
    """The place in a list behind one application. Made into text that says nothing to who holds it."""

    part: int
    id: UUID

    def __str__(self) -> str:
        """Return it as 24 characters that are safe in a URL."""
        return base64.urlsafe_b64encode(_PLACE.pack(self.part, self.id.bytes)).decode()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it back; ValueError for anything that cannot have come from here."""
        try:
            part, application_id = _PLACE.unpack(
                base64.b64decode(text.encode(), altchars=b"-_", validate=True)
            )
        except (ValueError, struct.error):
            part, application_id = -1, b""
        if part not in {NEWEST, REST, NEEDED}:
            raise ValueError("is not a cursor of this list; begin without one")
        return cls(part, UUID(bytes=application_id))


CursorText = Annotated[str, AfterValidator(lambda text: text and str(ApplicationCursor.parse(text)))]


class ApplicationFilters(BaseModel):
    """What may be asked of the list. `since` and `until` are about when an application was asked for.

    Each word of `company` must occur, in any case and with or without accents.
    """

    model_config = ConfigDict(extra="forbid")

    state: list[ApplicationState] = Field(default_factory=list, max_length=len(ApplicationState))
    stage: Stage | None = None
    outcome: Outcome | None = None
    company: Words | None = None
    min_score: int | None = Field(default=None, ge=0, le=SCORE_MAX)
    origin: Origin | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = Field(default=None, description="This moment itself is not in it.")
    order: Order = Order.NEWEST
    limit: int = Field(default=PAGE_DEFAULT, ge=1, le=PAGE_MAX)
    cursor: CursorText | None = None

    @model_validator(mode="after")
    def _cursor_is_of_this_order(self) -> Self:
        if self.cursor and (self.order is Order.NEWEST) != (self.place().part == NEWEST):
            raise ValueError("the cursor is of another order; begin without one")
        return self

    def place(self) -> ApplicationCursor:
        """Return the cursor, read."""
        return ApplicationCursor.parse(self.cursor or "")


_CONDITIONS = {
    "state": "a.state = ANY(%(state)s)",
    "stage": "a.stage = %(stage)s",
    "outcome": "a.outcome = %(outcome)s",
    "min_score": "a.score >= %(min_score)s",
    "origin": "a.origin = %(origin)s",
    "since": "a.created_at >= %(since)s",
    "until": "a.created_at < %(until)s",
}


def list_query(user_id: UUID, filters: ApplicationFilters) -> tuple[str, dict[str, Any]]:
    """Return the SQL of one page, with one row more than asked for, and its parameters."""
    sent = filters.model_dump(exclude={"company", "order", "limit", "cursor"}).items()
    parameters = {name: value for name, value in sent if value not in (None, [])}
    conditions = ["a.user_id = %(user_id)s", *(_CONDITIONS[name] for name in parameters)]
    for number, word in enumerate((filters.company or "").split()):
        parameters[f"company_{number}"] = f"%{escaped(word)}%"
        conditions.append(f"unaccent(j.company) ILIKE unaccent(%(company_{number})s)")
    parameters |= {"user_id": user_id, "needs_person": sorted(NEEDS_PERSON), "rows": filters.limit + 1}
    if filters.cursor:
        parameters["last_id"] = filters.place().id
    parts = [_part(conditions + extra) for extra in _parts(filters)]
    return _joined(parts), parameters


def _parts(filters: ApplicationFilters) -> list[list[str]]:
    """Return the further conditions of each part of the list, from where the cursor stands."""
    behind = ["a.id < %(last_id)s"] if filters.cursor else []
    if filters.order is Order.NEWEST:
        return [behind]
    if filters.cursor and filters.place().part == REST:
        return [[f"NOT {_NEEDS_ME}", *behind]]
    return [[_NEEDS_ME, *behind], [f"NOT {_NEEDS_ME}"]]


def _part(conditions: list[str]) -> str:
    return (
        f"SELECT {_COLUMNS} FROM application a JOIN job j ON j.id = a.job_id"  # noqa: S608 -- fixed fragments
        f" WHERE {' AND '.join(conditions)} ORDER BY a.id DESC LIMIT %(rows)s"
    )


def _joined(parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    # each part by its own index; sorting everything by what it needs would read everything
    both = " UNION ALL ".join(f"({part})" for part in parts)
    return f"{both} ORDER BY needs_me DESC, id DESC LIMIT %(rows)s"


def page_json(rows: list[dict[str, Any]], filters: ApplicationFilters) -> bytes:
    """Write the rows of `list_query` as the JSON of a page; the row too many only says that it goes on.

    The columns are what ApplicationPublic declares, so they are not validated once more.
    """
    shown, behind = rows[: filters.limit], None
    if len(rows) > filters.limit:
        last = shown[-1]
        part = NEWEST if filters.order is Order.NEWEST else NEEDED if last["needs_me"] else REST
        behind = str(ApplicationCursor(part, last["id"]))
    return to_json({"items": shown, "next_cursor": behind})
