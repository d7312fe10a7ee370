"""Expired jobs after their time, unless somebody has applied to them or marked them.

Those that stay are walked over once a run: each page begins where the one before has ended.
"""

from datetime import UTC, datetime
from uuid import UUID

from activities.retention.pages import bounds
from models.database import Database
from workflows.account_messages import Pruned, RetentionMark

ROWS = 1_000
BEGINNING = RetentionMark(at=datetime(1970, 1, 1, tzinfo=UTC), id=UUID(int=0))

_DELETE = """
WITH walked AS MATERIALIZED (
    SELECT id, expired_at FROM job
    WHERE expired_at < %(before)s AND (expired_at, id) > (%(at)s, %(id)s)
    ORDER BY expired_at, id LIMIT {rows}
), unused AS MATERIALIZED (
    SELECT job.id FROM job
    WHERE job.id = ANY(ARRAY(SELECT id FROM walked))
    AND NOT EXISTS (SELECT FROM application WHERE application.job_id = job.id)
    AND NOT EXISTS (SELECT FROM job_mark WHERE job_mark.job_id = job.id)
    FOR UPDATE SKIP LOCKED
), deleted AS (
    DELETE FROM job WHERE id = ANY(ARRAY(SELECT id FROM unused)) AND expired_at < %(before)s RETURNING 1
)
SELECT (SELECT count(*) FROM deleted) AS deleted, (SELECT count(*) FROM walked) AS walked, expired_at, id
FROM walked ORDER BY expired_at DESC, id DESC LIMIT 1
"""


async def delete_jobs(
    database: Database, days: float, behind: RetentionMark | None, rows: int = ROWS
) -> Pruned:
    """Look at a page of expired jobs and delete those that nobody needs, with their matches."""
    place = behind or BEGINNING
    values = {**bounds(days), "at": place.at, "id": place.id}
    async with database.bulk() as connection:
        last = await (await connection.execute(_DELETE.format(rows=rows).encode(), values)).fetchone()
    if last is None:
        return Pruned(count=0, more=False)
    come = RetentionMark(at=last["expired_at"], id=last["id"])
    return Pruned(count=last["deleted"], more=last["walked"] >= rows, behind=come)
