"""What a person has marked jobs with: saved, or hidden from their lists."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Index, TextClause, text
from sqlmodel import Field, SQLModel

from models.base import utc


class JobMark(SQLModel, table=True):
    """One person's marks on one job. They count for every ad of the same content, in whatever town."""

    __tablename__ = "job_mark"
    __table_args__ = (
        Index("ix_job_mark_content", "user_id", "content_key"),
        Index("ix_job_mark_job", "job_id"),
        Index("ix_job_mark_saved", "user_id", "saved_at", "job_id", postgresql_where="saved_at IS NOT NULL"),
    )

    user_id: UUID = Field(foreign_key="account.id", primary_key=True, ondelete="CASCADE")
    job_id: UUID = Field(foreign_key="job.id", primary_key=True, ondelete="CASCADE")
    content_key: str
    saved_at: datetime | None = Field(default=None, sa_type=utc())
    hidden_at: datetime | None = Field(default=None, sa_type=utc())


class Marking(NamedTuple):
    """How a mark is put, and how it is taken away; both take `user_id`, `job_id`, `key` and `at`."""

    put: tuple[TextClause, ...]
    take: tuple[TextClause, ...]


# of one person's marks on one content only one is changed at a time
_LOCK = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(CAST(:user_id AS text) || CAST(:key AS text), 0))"
)
_PUT = """
INSERT INTO job_mark (user_id, job_id, content_key, {column})
SELECT :user_id, :job_id, CAST(:key AS text), CAST(:at AS timestamptz) WHERE NOT EXISTS (
    SELECT FROM job_mark WHERE user_id = :user_id AND content_key = :key AND {column} IS NOT NULL
)
ON CONFLICT (user_id, job_id) DO UPDATE SET
    content_key = excluded.content_key, {column} = coalesce(job_mark.{column}, excluded.{column})
"""
_TAKE = """
UPDATE job_mark SET {column} = NULL WHERE user_id = :user_id AND (content_key = :key OR job_id = :job_id)
"""
_CLEAN = text(
    "DELETE FROM job_mark WHERE user_id = :user_id AND (content_key = :key OR job_id = :job_id)"
    " AND saved_at IS NULL AND hidden_at IS NULL"
)


def _marking(column: str) -> Marking:
    put, take = (text(each.format(column=column)) for each in (_PUT, _TAKE))
    return Marking(put=(_LOCK, put), take=(_LOCK, take, _CLEAN))


SAVED, HIDDEN = _marking("saved_at"), _marking("hidden_at")
"""A mark is put once for all ads of one content, and taken from whichever of them bears it."""
