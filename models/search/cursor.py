"""Where a list of jobs goes on: behind one job, in one order. A cursor says nothing to who holds it."""

import base64
import struct
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from models.keyset import EPOCH, NOT_OURS, microseconds, moment


class Sort(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    RELEVANCE = "relevance"
    SALARY = "salary"
    SCORE = "score"


_LETTERS = {Sort.NEWEST: b"n", Sort.RELEVANCE: b"r", Sort.SALARY: b"s", Sort.SCORE: b"m"}
_SORTS = {letter: sort for sort, letter in _LETTERS.items()}
# the order's letter, the job's key in it, its id, and the microsecond when the first page was asked for
_INTEGER = struct.Struct(">cq16sq")
_FLOAT = struct.Struct(">cd16sq")


@dataclass(frozen=True)
class JobCursor:
    """The place behind one job. `key` is a time, a rank, a salary or a score; `begun` when the list began."""

    sort: Sort
    key: datetime | int | float
    id: UUID
    begun: datetime = EPOCH

    def __str__(self) -> str:
        """Return it as 44 characters that are safe in a URL."""
        key = microseconds(self.key) if isinstance(self.key, datetime) else self.key
        packed = _form(self.sort).pack(_LETTERS[self.sort], key, self.id.bytes, microseconds(self.begun))
        return base64.urlsafe_b64encode(packed).decode()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it back; ValueError for anything that cannot have come from here."""
        try:
            packed = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
            sort = _SORTS[packed[:1]]
            _, key, job_id, begun = _form(sort).unpack(packed)
            return cls(sort, moment(key) if sort is Sort.NEWEST else key, UUID(bytes=job_id), moment(begun))
        except (KeyError, ValueError, OverflowError, struct.error):
            raise ValueError(NOT_OURS) from None


def _form(sort: Sort) -> struct.Struct:
    return _FLOAT if sort is Sort.SALARY else _INTEGER
