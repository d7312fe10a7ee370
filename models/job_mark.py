"""What a person has marked jobs with: saved, or hidden from their lists."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import utc


class JobMark(SQLModel, table=True):
    """One person's marks on one job. They count for every ad of the same content, in whatever town."""

    __tablename__ = "job_mark"
    __table_args__ = (
        Index("ix_job_mark_content", "user_id", "content_key"),
        Index("ix_job_mark_saved", "user_id", "saved_at", "job_id", postgresql_where="saved_at IS NOT NULL"),
    )

    user_id: UUID = Field(foreign_key="account.id", primary_key=True, ondelete="CASCADE")
    job_id: UUID = Field(foreign_key="job.id", primary_key=True, ondelete="CASCADE")
    content_key: str
    saved_at: datetime | None = Field(default=None, sa_type=utc())
    hidden_at: datetime | None = Field(default=None, sa_type=utc())
