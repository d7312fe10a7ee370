"""Live events: numbered per person, written and announced in the transaction that changed something."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, Field, SQLModel

from models.base import now, utc
from models.enums import EventKind

CHANNEL = "jobraker_events"
"""Each payload is `{user_id}:{number}`."""

CHAT_CHANNEL = "jobraker_chat"
"""Each payload is `{message_id}:{delta number}`; the pieces are rows of chat_delta, not events."""

_RECORD = text(
    """
    WITH numbered AS (
        INSERT INTO event_cursor AS cursor (user_id, last) VALUES (:user_id, 1)
        ON CONFLICT (user_id) DO UPDATE SET last = cursor.last + 1 RETURNING cursor.last
    ), stored AS (
        INSERT INTO event (user_id, number, kind, subject_id, data, created_at)
        SELECT :user_id, last, :kind, :subject_id, :data, now() FROM numbered RETURNING number
    )
    SELECT pg_notify(:channel, CAST(:user_id AS text) || ':' || number) FROM stored
    """
).bindparams(bindparam("data", type_=JSONB))


class EventCursor(SQLModel, table=True):
    """The last event number of a person.

    Its row lock is held to the end of the transaction, so a person's numbers become visible in their order:
    who has seen number n has missed nothing below it.
    """

    __tablename__ = "event_cursor"

    user_id: UUID = Field(foreign_key="account.id", primary_key=True, ondelete="CASCADE")
    last: int = Field(sa_type=BigInteger)


class Event(SQLModel, table=True):
    """One thing that happened; `data` holds ids and states only."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_created", "created_at"),)

    user_id: UUID = Field(sa_column=Column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True))
    number: int = Field(sa_type=BigInteger, primary_key=True)
    kind: str
    subject_id: UUID
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    created_at: datetime = Field(default_factory=now, sa_type=utc())


def record(user_id: UUID, kind: EventKind, subject_id: UUID, **data: str | int | None) -> TextClause:
    """Return the statement that numbers, stores and announces an event; run it last in its transaction."""
    return _RECORD.bindparams(
        user_id=user_id, kind=kind.value, subject_id=subject_id, data=data, channel=CHANNEL
    )


def announce_delta(message_id: UUID, number: int) -> TextClause:
    """Return the statement that wakes who reads a streaming answer."""
    return text("SELECT pg_notify(:channel, :payload)").bindparams(
        channel=CHAT_CHANNEL, payload=f"{message_id}:{number}"
    )
