"""Live events: everything that changes for a person, as it happens."""

from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.deps import DatabaseDep, Me
from api.described import problems
from api.streams import NUMBER_MAX, EventsStream, LastEventId, events_of, first_number

router = APIRouter(prefix="/api/events", tags=["live"])


async def beginning(
    me: Me,
    database: DatabaseDep,
    last_event_id: LastEventId = None,
    after: Annotated[int | None, Query(ge=0, le=NUMBER_MAX, description="0 is the beginning.")] = None,
) -> int:
    """Return behind which number the stream begins; found out before it does, so that it can be refused."""
    return await first_number(database, me.id, after if last_event_id is None else last_event_id)


@router.get("/", response_class=EventSourceResponse, responses=problems(401, 429))
async def stream_events(
    me: Me, stream: EventsStream, database: DatabaseDep, after: Annotated[int, Depends(beginning)]
) -> AsyncIterable[ServerSentEvent]:
    """Stream events: `id` is a number that counts up, `event` the kind, `data` ids and states.

    The stream ends when the access token expires; open it again with a new one and `Last-Event-ID`.
    """
    async for event in stream.follow(after, events_of(database, me.id)):
        yield event
