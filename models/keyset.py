"""What lists share: how many a page has, text filters, and the place behind which a list goes on."""

import base64
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, StringConstraints

from models.text import ONE_LINE

PAGE_DEFAULT = 20
PAGE_MAX = 100
WORDS_MAX = 8
TEXT_MAX = 100

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NOT_OURS = "is not a cursor of this list; begin without one"

# microseconds since 1970, and an id
_PLACE = struct.Struct(">q16s")


def _words(text: str) -> str | None:
    if len(text.split()) > WORDS_MAX:
        raise ValueError(f"must have at most {WORDS_MAX} words")
    return text or None


Words = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=TEXT_MAX), ONE_LINE, AfterValidator(_words)
]


@dataclass(frozen=True)
class TimeCursor:
    """The place behind one row in a list by time. Made into text that says nothing to who holds it."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        """Return it as 32 characters that are safe in a URL."""
        return base64.urlsafe_b64encode(_PLACE.pack(microseconds(self.at), self.id.bytes)).decode()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it back; ValueError for anything that cannot have come from here."""
        try:
            packed = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
            at, row_id = _PLACE.unpack(packed)
            return cls(moment(at), UUID(bytes=row_id))
        except (ValueError, OverflowError, struct.error):
            raise ValueError(NOT_OURS) from None


def microseconds(at: datetime) -> int:
    """Return a time as microseconds since 1970."""
    return (at - EPOCH) // MICROSECOND


def moment(at: int) -> datetime:
    """Return microseconds since 1970 as a time; OverflowError for one that no calendar has."""
    return EPOCH + at * MICROSECOND


def escaped(text: str) -> str:
    """Return text that stands for itself within a LIKE pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
