"""How chat messages are stored, shown and cancelled; their text is sealed wherever it lies."""

from uuid import UUID

from sqlalchemy import TextClause
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.announcing import announce
from models import event
from models.base import now
from models.chat import ChatDelta, ChatMessage, ChatMessagePublic, joined, place_of_text
from models.enums import ChatRole, ChatState, DeltaKind, EventKind
from models.errors import ConflictError
from models.sealed import Seal

UNDER_WAY = frozenset({ChatState.QUEUED, ChatState.STREAMING})


def turn_of(user_id: UUID, text: str, seal: Seal) -> tuple[ChatMessage, ChatMessage]:
    """Return a question and the row of its answer to come."""
    question = ChatMessage(user_id=user_id, role=ChatRole.USER, state=ChatState.DONE, ended_at=now())
    question.text_sealed = seal.seal_text(text, place_of_text(question.id))
    return question, ChatMessage(user_id=user_id, role=ChatRole.ASSISTANT, state=ChatState.QUEUED)


def shown(message: ChatMessage, seal: Seal) -> ChatMessagePublic:
    """Return a message with its text opened; while an answer streams, its text is in the stream only."""
    text = seal.open_text(message.text_sealed, place_of_text(message.id)) if message.text_sealed else ""
    return ChatMessagePublic(
        id=message.id,
        role=message.role,
        state=message.state,
        text=text,
        error=message.error,
        created_at=message.created_at,
    )


async def cancel(session: AsyncSession, message: ChatMessage, seal: Seal) -> None:
    """End an answer where it stands: keep what has come, and close its stream. The row must be locked."""
    if message.state not in UNDER_WAY:
        raise ConflictError("This message has ended; there is nothing to cancel.")
    query = select(ChatDelta).where(ChatDelta.message_id == message.id).order_by(col(ChatDelta.number))
    deltas = (await session.exec(query)).all()
    message.state, message.ended_at = ChatState.CANCELLED, now()
    message.text_sealed = seal.seal_text(joined(deltas, seal), place_of_text(message.id))
    number = deltas[-1].number + 1 if deltas else 1
    session.add(ChatDelta(message_id=message.id, number=number, kind=DeltaKind.END))
    await announce(session, event.announce_delta(message.id, number), changed(message))


def changed(message: ChatMessage) -> TextClause:
    """Return the statement that records that a message came or ended."""
    return event.record(message.user_id, EventKind.CHAT_CHANGED, message.id, state=message.state.value)
