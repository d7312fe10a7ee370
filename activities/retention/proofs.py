"""Screenshots after their time: the picture goes; its hash, its row and the log that tells of it stay."""

from activities.retention.pages import bounds
from models.database import Database
from workflows.account_messages import Pruned

ROWS = 200

_REMOVE = f"""
UPDATE evidence SET content_sealed = NULL, removed_at = now() WHERE id = ANY(ARRAY(
    SELECT id FROM evidence WHERE removed_at IS NULL AND id < %(floor)s AND created_at < %(before)s
    ORDER BY id LIMIT {ROWS} FOR UPDATE SKIP LOCKED
))
"""  # noqa: S608 -- a number of our own


async def remove_pictures(database: Database, days: float) -> Pruned:
    """Remove a page of pictures."""
    async with database.bulk() as connection:
        count = (await connection.execute(_REMOVE.encode(), bounds(days))).rowcount
    return Pruned(count=count, more=count >= ROWS)
