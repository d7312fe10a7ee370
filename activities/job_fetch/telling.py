"""Tells everybody who wants a search that it has changed, in the transaction that changed it."""

from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from models.enums import EventKind
from models.event import CHANNEL

# people are numbered in the order of their ids, so that two of these never wait for each other
_TELL = b"""
WITH numbered AS (
    INSERT INTO event_cursor AS known (user_id, last)
    SELECT user_id, 1 FROM saved_search WHERE search_id = %(search_id)s ORDER BY user_id
    ON CONFLICT (user_id) DO UPDATE SET last = known.last + 1 RETURNING user_id, last
), stored AS (
    INSERT INTO event (user_id, number, kind, subject_id, data, created_at)
    SELECT user_id, last, %(kind)s, saved_search.id, %(data)s, now()
    FROM numbered JOIN saved_search USING (user_id) WHERE saved_search.search_id = %(search_id)s
    RETURNING user_id, number
)
SELECT pg_notify(%(channel)s, user_id || ':' || number) FROM stored
"""


async def tell_wanters(connection: AsyncConnection[DictRow], search_id: UUID, **data: str | int) -> None:
    """Record and announce to everybody that what they saved has changed; the last of its transaction."""
    values = {
        "search_id": search_id,
        "kind": EventKind.SEARCH_CHANGED.value,
        "data": Jsonb(data),
        "channel": CHANNEL,
    }
    await connection.execute(_TELL, values)
