"""Chat messages, and the pieces of an answer while it streams; all text is sealed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.base import Body, Row, text_enum, utc
from models.enums import ChatRole, ChatState, DeltaKind
from models.sealed import Seal, place_of
from models.text import SEVERAL_LINES

MESSAGE_MAX = 8000


class ChatMessage(Row, table=True):
    """One message. An answer's row exists from the moment of the question, with its state."""

    __tablename__ = "chat_message"
    __table_args__ = (
        Index("ix_chat_message_user", "user_id", "id"),
        Index(
            "uq_chat_message_running",
            "user_id",
            unique=True,
            postgresql_where="state IN ('queued', 'streaming')",
        ),
    )

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    role: ChatRole = Field(sa_type=text_enum(ChatRole))
    state: ChatState = Field(sa_type=text_enum(ChatState))
    text_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    error: str | None = Field(default=None, max_length=40)
    ended_at: datetime | None = Field(default=None, sa_type=utc())


class ChatDelta(SQLModel, table=True):
    """A piece of a streaming answer, numbered from 1 within its message. A `reset` voids what came before."""

    __tablename__ = "chat_delta"

    message_id: UUID = Field(foreign_key="chat_message.id", primary_key=True, ondelete="CASCADE")
    number: int = Field(primary_key=True)
    kind: DeltaKind = Field(sa_type=text_enum(DeltaKind))
    text_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)


class ChatCreate(Body):
    """A question."""

    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=MESSAGE_MAX),
        SEVERAL_LINES,
    ]


class ChatMessagePublic(SQLModel):
    """A message as shown."""

    id: UUID
    role: ChatRole
    state: ChatState
    text: str
    error: str | None
    created_at: datetime


class ChatTurnPublic(SQLModel):
    """The question that was stored and the answer that is on its way."""

    question: ChatMessagePublic
    answer: ChatMessagePublic
    stream_url: str


def messages_of(user_id: UUID) -> SelectOfScalar[ChatMessage]:
    """Select the person's messages, newest first."""
    return select(ChatMessage).where(ChatMessage.user_id == user_id).order_by(col(ChatMessage.id).desc())


def place_of_text(message_id: UUID) -> str:
    """Return where a message's text is sealed to."""
    return place_of("chat_message", "text_sealed", message_id)


def place_of_delta(message_id: UUID, number: int) -> str:
    """Return where a piece of an answer is sealed to."""
    return f"chat_delta.text_sealed:{message_id}/{number}"


def joined(deltas: Iterable[ChatDelta], seal: Seal) -> str:
    """Return the text that the pieces of an answer, in their order, have come to."""
    pieces: list[str] = []
    for delta in deltas:
        if delta.kind is DeltaKind.RESET:
            pieces.clear()
        elif delta.text_sealed is not None:
            pieces.append(seal.open_text(delta.text_sealed, place_of_delta(delta.message_id, delta.number)))
    return "".join(pieces)
