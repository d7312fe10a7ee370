"""Server-sent events out of rows: read what is new, send it, wait to be woken, until it is over."""

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

import psycopg
import structlog
from fastapi import Depends, Header
from fastapi.sse import ServerSentEvent

from api.deps import ContextDep, Me
from api.events import Subscription
from api.security import Claims
from api.standing import Standing
from models.chat import place_of_delta, place_of_text
from models.database import Database
from models.enums import ChatState, DeltaKind
from models.sealed import Seal

BATCH = 200
# rows are also looked at without a wake-up, should one ever be lost
WAIT_SECONDS = 30.0
RETRY_SECONDS = 1.0
NUMBER_MAX = 2**63 - 1

LastEventId = Annotated[int | None, Header(ge=0, le=NUMBER_MAX, description="Go on behind this number.")]

EVENTS_SQL = (
    "SELECT number, kind, subject_id, data FROM event"
    " WHERE user_id = %(user_id)s AND number > %(after)s ORDER BY number LIMIT %(batch)s"
)
CURSOR_SQL = "SELECT last FROM event_cursor WHERE user_id = %(user_id)s"
DELTAS_SQL = (
    "SELECT number, kind, text_sealed FROM chat_delta"
    " WHERE message_id = %(message_id)s AND number > %(after)s ORDER BY number LIMIT %(batch)s"
)
LAST_DELTA_SQL = "SELECT coalesce(max(number), 0) AS last FROM chat_delta WHERE message_id = %(message_id)s"
MESSAGE_SQL = "SELECT state, error, text_sealed FROM chat_message WHERE id = %(message_id)s"

log = structlog.get_logger()


@dataclass
class Batch:
    """What was read in one go; `last` is the number to go on behind."""

    last: int
    events: list[ServerSentEvent] = field(default_factory=list)
    ended: bool = False


Read = Callable[[int], Awaitable[Batch]]


@dataclass(frozen=True)
class Stream:
    """One open stream: what wakes it, who opened it, and what knows whether they still may read it."""

    subscription: Subscription
    claims: Claims
    standing: Standing

    async def follow(self, after: int, read: Read) -> AsyncIterator[ServerSentEvent]:
        """Yield what `read` finds behind a number, until the token expires or the login ends."""
        while not self.subscription.closed and (left := self.claims.expires_at - time.time()) > 0:
            self.subscription.listen()
            try:
                if not await self.standing.holds(self.claims):
                    return
                batch = await read(after)
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                log.warning("stream.database_away", error=type(error).__name__)
                await self.subscription.wait(min(left, RETRY_SECONDS))
                continue
            after = batch.last
            for event in batch.events:
                yield event
            if batch.ended:
                return
            if len(batch.events) < BATCH:
                await self.subscription.wait(min(left, WAIT_SECONDS))


async def open_events(me: Me, context: ContextDep) -> AsyncIterator[Stream]:
    """Register a stream of the person's events until its answer has been sent."""
    with context.hub.subscribe(me.id, me.actor_id or me.id) as subscription:
        yield Stream(subscription, me, context.standing)


async def open_answer(message_id: UUID, me: Me, context: ContextDep) -> AsyncIterator[Stream]:
    """Register a stream of an answer until it has been sent; the route checks whose answer it is."""
    with context.hub.subscribe(message_id, me.actor_id or me.id) as subscription:
        yield Stream(subscription, me, context.standing)


EventsStream = Annotated[Stream, Depends(open_events)]
AnswerStream = Annotated[Stream, Depends(open_answer)]


async def first_number(database: Database, user_id: UUID, asked: int | None) -> int:
    """Return behind which number a person's stream begins: the asked one, else from now on."""
    rows = await database.rows(CURSOR_SQL, {"user_id": user_id})
    last: int = rows[0]["last"] if rows else 0
    return last if asked is None else min(asked, last)


def events_of(database: Database, user_id: UUID) -> Read:
    """Return what reads a person's events."""

    async def read(after: int) -> Batch:
        rows = await database.rows(EVENTS_SQL, {"user_id": user_id, "after": after, "batch": BATCH})
        batch = Batch(rows[-1]["number"] if rows else after)
        for row in rows:
            data = {"subject_id": str(row["subject_id"]), **row["data"]}
            batch.events.append(_event(row["kind"], data, row["number"]))
        return batch

    return read


@dataclass(frozen=True)
class Answer:
    """A message whose stream is read, and the seal that opens it."""

    database: Database
    message_id: UUID
    seal: Seal
    ended: bool

    async def first_number(self, asked: int | None) -> int:
        """Return behind which number to begin: never behind one to come, since the end would be missed."""
        if not asked:
            return 0
        rows = await self.database.rows(LAST_DELTA_SQL, {"message_id": self.message_id})
        return min(asked, int(rows[0]["last"]))

    async def read(self, after: int) -> Batch:
        """Read the pieces behind a number; an answer that ended before is sent whole if they are gone."""
        parameters = {"message_id": self.message_id, "after": after, "batch": BATCH}
        rows = await self.database.rows(DELTAS_SQL, parameters)
        batch = Batch(rows[-1]["number"] if rows else after)
        for row in rows:
            if row["kind"] == DeltaKind.END.value:
                batch.ended = True
                batch.events.append(await self._end(row["number"]))
            else:
                batch.events.append(self._piece(row["number"], row["kind"], row["text_sealed"]))
        if self.ended and not rows:
            await self._whole(batch)
        return batch

    def _piece(self, number: int, kind: str, text_sealed: bytes | None) -> ServerSentEvent:
        if text_sealed is None:
            return _event(kind, {}, number)
        text = self.seal.open_text(text_sealed, place_of_delta(self.message_id, number))
        return _event(kind, {"text": text}, number)

    async def _end(self, number: int) -> ServerSentEvent:
        rows = await self.database.rows(MESSAGE_SQL, {"message_id": self.message_id})
        state, error = (rows[0]["state"], rows[0]["error"]) if rows else (ChatState.FAILED.value, None)
        return _event(DeltaKind.END.value, {"state": state, "error": error}, number)

    async def _whole(self, batch: Batch) -> None:
        rows = await self.database.rows(MESSAGE_SQL, {"message_id": self.message_id})
        batch.events.append(_event(DeltaKind.RESET.value, {}, batch.last))
        if rows and rows[0]["text_sealed"] is not None:
            text = self.seal.open_text(rows[0]["text_sealed"], place_of_text(self.message_id))
            batch.events.append(_event(DeltaKind.TEXT.value, {"text": text}, batch.last))
        batch.events.append(await self._end(batch.last))
        batch.ended = True


def _event(kind: str, data: dict[str, object], number: int) -> ServerSentEvent:
    return ServerSentEvent(raw_data=json.dumps(data), event=kind, id=str(number))
