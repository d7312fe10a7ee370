"""Lists page by page, by keyset: the cursor is the last id that was shown, as text that says nothing."""

import base64
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, BaseModel
from sqlalchemy import Select
from sqlalchemy.orm import Mapped

LIMIT_DEFAULT = 20
LIMIT_MAX = 100
PADDING = "=="

Item = TypeVar("Item")
Record = TypeVar("Record")
Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])


def cursor_of(last: UUID) -> str:
    """Return the cursor behind a row."""
    return base64.urlsafe_b64encode(last.bytes).decode().removesuffix(PADDING)


def place_of_cursor(cursor: str) -> UUID:
    """Read a cursor; ValueError for anything that cannot have come from here."""
    try:
        return UUID(bytes=base64.b64decode((cursor + PADDING).encode(), altchars=b"-_", validate=True))
    except ValueError:
        raise ValueError("is not a cursor of this list; begin without one") from None


def _checked(cursor: str) -> str:
    place_of_cursor(cursor)
    return cursor


Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX)]
Cursor = Annotated[str | None, AfterValidator(lambda cursor: cursor and _checked(cursor)), Query()]


class Page(BaseModel, Generic[Item]):
    """A part of a list, and where it goes on."""

    items: list[Item]
    next_cursor: str | None


def before(query: Statement, ids: Mapped[UUID], limit: int, cursor: str | None) -> Statement:
    """Ask a newest-first query for one page, and one row more."""
    if cursor:
        query = query.where(ids < place_of_cursor(cursor))
    return query.order_by(None).order_by(ids.desc()).limit(limit + 1)


def page_of(
    rows: Sequence[Record], limit: int, shown: Callable[[Record], Item], id_of: Callable[[Record], UUID]
) -> Page[Item]:
    """Make a page of the rows; the row too many only says that the list goes on."""
    more = len(rows) > limit
    next_cursor = cursor_of(id_of(rows[limit - 1])) if more else None
    return Page(items=[shown(row) for row in rows[:limit]], next_cursor=next_cursor)
