"""The chat with the assistant: ask, follow the answer, read the history, cancel."""

from collections.abc import AsyncIterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from api import chat, limiting
from api.announcing import announce
from api.consenting import require_model
from api.deps import ContextDep, DatabaseDep, Flows, KeysDep, Me, SessionDep
from api.described import problems
from api.pages import LIMIT_DEFAULT, Cursor, Limit, Page, before, page_of
from api.streams import Answer, AnswerStream, LastEventId
from models.chat import ChatCreate, ChatMessage, ChatMessagePublic, ChatTurnPublic, messages_of
from models.database import seal_of
from models.errors import NotFoundError
from workflows.messages import ChatTurnRef

router = APIRouter(prefix="/api/chat", tags=["chat"])


@router.post("/", status_code=202, responses=problems(401, 403, 409, 429))
async def ask(body: ChatCreate, me: Me, keys: KeysDep, context: ContextDep, flows: Flows) -> ChatTurnPublic:
    """Ask the assistant. The answer's text comes over its stream; one answer at a time."""
    await context.limiter.take_person(limiting.Limit.CHAT_ACCOUNT, me)
    async with context.database.begin() as session:
        await require_model(session, me)
        seal = await seal_of(session, keys, me.id)
        question, answer = chat.turn_of(me.id, body.text, seal)
        session.add(question)
        session.add(answer)
        await announce(session, chat.changed(answer))
    flows.start_chat_turn(ChatTurnRef(message_id=answer.id, user_id=me.id))
    return ChatTurnPublic(
        question=chat.shown(question, seal),
        answer=chat.shown(answer, seal),
        stream_url=f"/api/chat/{answer.id}/stream",
    )


@router.get("/", responses=problems(401))
async def read_history(
    me: Me, keys: KeysDep, session: SessionDep, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Page[ChatMessagePublic]:
    """List the messages, the newest first."""
    seal = await seal_of(session, keys, me.id)
    query = before(messages_of(me.id), col(ChatMessage.id), limit, cursor)
    messages = (await session.exec(query)).all()
    return page_of(messages, limit, lambda message: chat.shown(message, seal), lambda message: message.id)


@router.get("/{message_id}", responses=problems(401, 404))
async def read_message(message_id: UUID, me: Me, keys: KeysDep, session: SessionDep) -> ChatMessagePublic:
    """Show one message."""
    message = await _own(session, me.id, message_id)
    return chat.shown(message, await seal_of(session, keys, me.id))


async def find_answer(
    message_id: UUID, me: Me, keys: KeysDep, session: SessionDep, database: DatabaseDep
) -> Answer:
    """Find the message to stream before its stream begins, so that it can be refused."""
    message = await _own(session, me.id, message_id)
    seal = await seal_of(session, keys, me.id)
    return Answer(database, message.id, seal, ended=message.state not in chat.UNDER_WAY)


async def beginning(
    answer: Annotated[Answer, Depends(find_answer)], last_event_id: LastEventId = None
) -> int:
    """Return behind which piece the stream begins; found out before it does, so that it can be refused."""
    return await answer.first_number(last_event_id)


@router.get("/{message_id}/stream", response_class=EventSourceResponse, responses=problems(401, 404, 429))
async def stream_answer(
    stream: AnswerStream,
    answer: Annotated[Answer, Depends(find_answer)],
    after: Annotated[int, Depends(beginning)],
) -> AsyncIterable[ServerSentEvent]:
    """Stream an answer: `text` pieces, `reset` where the text begins anew, and `end` with the state.

    Close the stream at `end`. `Last-Event-ID` goes on behind a piece.
    """
    async for event in stream.follow(after, answer.read):
        yield event


@router.post("/{message_id}/cancel", responses=problems(401, 404, 409))
async def cancel(message_id: UUID, me: Me, keys: KeysDep, session: SessionDep) -> ChatMessagePublic:
    """Stop an answer and keep what has come of it."""
    message = await _own(session, me.id, message_id, lock=True)
    seal = await seal_of(session, keys, me.id)
    await chat.cancel(session, message, seal)
    return chat.shown(message, seal)


async def _own(session: AsyncSession, user_id: UUID, message_id: UUID, *, lock: bool = False) -> ChatMessage:
    query = messages_of(user_id).where(ChatMessage.id == message_id)
    message = (await session.exec(query.with_for_update() if lock else query)).first()
    if message is None:
        raise NotFoundError("You have no message with this id.")
    return message
