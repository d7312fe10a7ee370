"""An application's log: append-only, each entry holding the hash of the one before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.answering_enums import LogKind
from models.base import now, text_enum, utc

FIRST_HASH = "0" * 64

Data = Mapping[str, str | int | float | bool | None]


class LogEntry(SQLModel, table=True):
    """One thing that happened to an application, kept until the person's erasure.

    The database refuses to change an entry. `hash` is the hex SHA-256 of the canonical JSON of everything
    else, `previous_hash` included; see `hash_of`.
    """

    __tablename__ = "application_log"

    application_id: UUID = Field(foreign_key="application.id", primary_key=True, ondelete="CASCADE")
    number: int = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    at: datetime = Field(sa_type=utc())
    kind: LogKind = Field(sa_type=text_enum(LogKind))
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    previous_hash: str
    hash: str


class LogEntryPublic(SQLModel):
    """An entry as shown, with all that its hash is made of."""

    number: int
    at: datetime
    kind: LogKind
    data: dict[str, Any]
    previous_hash: str
    hash: str


def hash_of(application_id: UUID, number: int, at: datetime, kind: LogKind, data: Data, previous: str) -> str:
    """Return the hex SHA-256 of an entry's canonical JSON: sorted keys, no spaces, UTF-8, time in UTC."""
    parts = {
        "application_id": str(application_id),
        "number": number,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": kind.value,
        "data": dict(data),
        "previous_hash": previous,
    }
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def next_entry(
    application_id: UUID, user_id: UUID, length: int, head: str, kind: LogKind, data: Data
) -> LogEntry:
    """Return the entry that follows a log of this length and newest hash."""
    at, number = now(), length + 1
    return LogEntry(
        application_id=application_id,
        number=number,
        user_id=user_id,
        at=at,
        kind=kind,
        data=dict(data),
        previous_hash=head,
        hash=hash_of(application_id, number, at, kind, data, head),
    )


def broken_at(entries: Iterable[LogEntry]) -> int | None:
    """Return the number of the first entry that does not follow from the one before, None where all do."""
    expected, head = 1, FIRST_HASH
    for entry in entries:
        made = hash_of(
            entry.application_id, entry.number, entry.at, entry.kind, entry.data, entry.previous_hash
        )
        if entry.number != expected or entry.previous_hash != head or entry.hash != made:
            return expected
        expected, head = expected + 1, entry.hash
    return None


def log_of(application_id: UUID) -> SelectOfScalar[LogEntry]:
    """Select an application's log in its order."""
    query = select(LogEntry).where(LogEntry.application_id == application_id)
    return query.order_by(col(LogEntry.number))
