"""Looks at an employer's form before anything is answered: runs that read and submit nothing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from models.base import Row, utc


class Scout(Row, table=True):
    """One look. A lost one is harmless, so that another is simply begun."""

    __tablename__ = "scout"
    __table_args__ = (
        UniqueConstraint("application_id", "number", name="uq_scout_number"),
        Index("ix_scout_user", "user_id"),
    )

    application_id: UUID = Field(foreign_key="application.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    number: int
    account_hash: str
    run_id: str | None = Field(default=None, unique=True)
    ended_at: datetime | None = Field(default=None, sa_type=utc())
