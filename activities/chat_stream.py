"""How an answer becomes rows while it streams: opening it, adding pieces, noting faults, ending it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import TextClause
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import now
from models.chat import ChatDelta, ChatMessage, joined, place_of_delta, place_of_text
from models.database import Database, seal_of
from models.enums import ChatFault, ChatState, DeltaKind, EventKind
from models.event import CHAT_CHANNEL, announce_delta, record
from models.sealed import KeyRing, Seal
from workflows.messages import ChatTurnRef

UNDER_WAY = frozenset({ChatState.QUEUED, ChatState.STREAMING})

_ADD_TEXT = f"""
WITH alive AS (
    SELECT id FROM chat_message WHERE id = %(id)s AND state = 'streaming' FOR NO KEY UPDATE
), stored AS (
    INSERT INTO chat_delta (message_id, number, kind, text_sealed)
    SELECT id, %(number)s, 'text', %(sealed)s FROM alive RETURNING message_id, number
)
SELECT pg_notify('{CHAT_CHANNEL}', message_id || ':' || number) FROM stored
"""  # noqa: S608 -- the channel is a constant
"""Adds a piece and announces it, in one round trip, unless the answer was cancelled."""


@dataclass
class OpenAnswer:
    """An answer that is being written; `number` is that of its last piece."""

    database: Database
    message_id: UUID
    seal: Seal
    number: int

    async def add(self, text: str) -> bool:
        """Store and announce a piece; False where the answer was cancelled, and nothing was stored."""
        number = self.number + 1
        parameters = {
            "id": self.message_id,
            "number": number,
            "sealed": self.seal.seal_text(text, place_of_delta(self.message_id, number)),
        }
        async with self.database.bulk() as connection:
            cursor = await connection.execute(_ADD_TEXT.encode(), parameters)
        if not cursor.rowcount:
            return False
        self.number = number
        return True


async def open_answer(database: Database, keys: KeyRing, turn: ChatTurnRef) -> OpenAnswer | None:
    """Take an answer up; None where it has ended. What an earlier try has told is voided by a reset."""
    async with database.begin() as session:
        message = await _locked(session, turn)
        if message is None or message.state not in UNDER_WAY:
            return None
        seal = await seal_of(session, keys, turn.user_id)
        number = await _last_number(session, message.id)
        message.state, message.error = ChatState.STREAMING, None
        if number:
            number += 1
            session.add(ChatDelta(message_id=message.id, number=number, kind=DeltaKind.RESET))
            await _say(session, announce_delta(message.id, number))
    return OpenAnswer(database, turn.message_id, seal, number)


async def note_fault(database: Database, turn: ChatTurnRef, fault: ChatFault) -> None:
    """Remember why a try failed, for the end that may follow."""
    async with database.begin() as session:
        message = await _locked(session, turn)
        if message is not None and message.state in UNDER_WAY:
            message.error = fault.value


async def end_answer(
    database: Database, turn: ChatTurnRef, answer: OpenAnswer, text: str, fault: ChatFault | None
) -> None:
    """End an answer that came, whole or fallen short; one that was cancelled meanwhile stays as it is."""
    state = ChatState.FAILED if not text else ChatState.DONE
    async with database.begin() as session:
        message = await _locked(session, turn)
        if message is None or message.state not in UNDER_WAY:
            return
        message.error = fault.value if fault is not None else None
        message.text_sealed = answer.seal.seal_text(text, place_of_text(message.id))
        await _end(session, message, state, answer.number + 1)


async def fail_answer(database: Database, keys: KeyRing, turn: ChatTurnRef) -> None:
    """End an answer as failed, with the fault that was noted; what has come of it is kept."""
    async with database.begin() as session:
        message = await _locked(session, turn)
        if message is None or message.state not in UNDER_WAY:
            return
        query = select(ChatDelta).where(ChatDelta.message_id == message.id).order_by(col(ChatDelta.number))
        deltas = (await session.exec(query)).all()
        seal = await seal_of(session, keys, turn.user_id)
        message.error = message.error or ChatFault.UNAVAILABLE.value
        message.text_sealed = seal.seal_text(joined(deltas, seal), place_of_text(message.id))
        await _end(session, message, ChatState.FAILED, deltas[-1].number + 1 if deltas else 1)


async def _end(session: AsyncSession, message: ChatMessage, state: ChatState, number: int) -> None:
    message.state, message.ended_at = state, now()
    session.add(ChatDelta(message_id=message.id, number=number, kind=DeltaKind.END))
    await _say(session, announce_delta(message.id, number))
    await _say(
        session, record(message.user_id, EventKind.CHAT_CHANGED, message.id, state=message.state.value)
    )


async def _locked(session: AsyncSession, turn: ChatTurnRef) -> ChatMessage | None:
    query = select(ChatMessage).where(ChatMessage.id == turn.message_id, ChatMessage.user_id == turn.user_id)
    return (await session.exec(query.with_for_update())).one_or_none()


async def _last_number(session: AsyncSession, message_id: UUID) -> int:
    query = select(func.max(col(ChatDelta.number))).where(ChatDelta.message_id == message_id)
    return (await session.exec(query)).one() or 0


async def _say(session: AsyncSession, statement: TextClause) -> None:
    await session.flush()
    connection = await session.connection()
    await connection.execute(statement)
