"""Exports whose time is over: their file goes, and the record of them says so."""

from models.database import Database
from workflows.account_messages import Pruned

ROWS = 20
"""Exports a page: each may be hundreds of megabytes, in pieces."""

_EXPIRE = f"""
WITH over AS (
    SELECT id FROM account_export WHERE state = 'ready' AND expires_at < now()
    ORDER BY expires_at LIMIT {ROWS} FOR UPDATE SKIP LOCKED
), parts AS (
    DELETE FROM export_part WHERE export_id = ANY(ARRAY(SELECT id FROM over))
)
UPDATE account_export SET state = 'expired' WHERE id = ANY(ARRAY(SELECT id FROM over))
"""  # noqa: S608 -- a number of our own


async def expire_exports(database: Database) -> Pruned:
    """Expire a page of exports."""
    async with database.bulk() as connection:
        count = (await connection.execute(_EXPIRE.encode())).rowcount
    return Pruned(count=count, more=count >= ROWS)
