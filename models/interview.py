"""Interviews: what the person notes about a conversation with an employer."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, StringConstraints
from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from models.base import Body, Row, text_enum, utc
from models.enums import Stage

NOTES_MAX = 20_000

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _in_a_lifetime(at: datetime) -> datetime:
    # the database stores moments of which Python can read back no year
    if not EARLIEST <= at < LATEST:
        raise ValueError(f"must be in the years {EARLIEST.year} to {LATEST.year - 1}")
    return at


Moment = Annotated[AwareDatetime, AfterValidator(_in_a_lifetime)]
Notes = Annotated[str, StringConstraints(max_length=NOTES_MAX)]


class Interview(Row, table=True):
    """One conversation, at a time, belonging to a stage."""

    __tablename__ = "interview"
    __table_args__ = (Index("ix_interview_user_at", "user_id", "at"),)

    application_id: UUID = Field(foreign_key="application.id", ondelete="CASCADE", index=True)
    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=utc())
    stage: Stage = Field(sa_type=text_enum(Stage))
    notes_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)


class InterviewCreate(Body):
    """What notes an interview."""

    at: Moment
    stage: Stage
    notes: Notes | None = None


class InterviewPublic(SQLModel):
    """An interview as shown."""

    id: UUID
    at: datetime
    stage: Stage
    notes: str | None
