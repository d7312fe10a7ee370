"""Jobs matched with people: who is interested in which titles, and what became of each match."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.answering_enums import MatchState, SkipReason
from models.base import now, text_enum, utc


class Interest(SQLModel, table=True):
    """A title that a person looks for, found from a job's title by one of its words.

    `word` is the title's longest normal word, `words` all of them: a job's words lead to the few people who
    may want it, and no other profile is read.
    """

    __tablename__ = "interest"
    __table_args__ = (Index("ix_interest_word", "word"),)

    user_id: UUID = Field(foreign_key="account.id", primary_key=True, ondelete="CASCADE")
    title: str = Field(primary_key=True)
    word: str
    words: list[str] = Field(sa_type=ARRAY(Text))


class JobMatch(SQLModel, table=True):
    """A job and a person whose wishes it meets, with its score and, where it was skipped, why."""

    __tablename__ = "job_match"
    __table_args__ = (
        Index("ix_job_match_candidate", "user_id", "job_id", postgresql_where="state = 'candidate'"),
        Index(
            "ix_job_match_skipped", "user_id", "updated_at", "job_id", postgresql_where="reason IS NOT NULL"
        ),
        Index("ix_job_match_score", "user_id", "score", "job_id", postgresql_where="score IS NOT NULL"),
        Index("ix_job_match_job", "job_id"),
        Index("ix_job_match_to_tell", "user_id", "job_id", postgresql_where="to_tell"),
    )

    user_id: UUID = Field(foreign_key="account.id", primary_key=True, ondelete="CASCADE")
    job_id: UUID = Field(foreign_key="job.id", primary_key=True, ondelete="CASCADE")
    state: MatchState = Field(default=MatchState.CANDIDATE, sa_type=text_enum(MatchState))
    reason: SkipReason | None = Field(default=None, sa_type=text_enum(SkipReason), nullable=True)
    score: int | None = None
    confidence: float | None = None
    breakdown: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    scorer_version: int = 0
    to_tell: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": text("false")},
        description="Set on a strong match of a new job until its person was told of it, or it is old.",
    )
    told_at: datetime | None = Field(
        default=None, sa_type=utc(), description="When the person was told of it as a strong match."
    )
    created_at: datetime = Field(default_factory=now, sa_type=utc())
    updated_at: datetime = Field(default_factory=now, sa_type=utc())


class SweepMark(SQLModel, table=True):
    """How far the sweep has read the jobs: everything up to this place was matched with everybody."""

    __tablename__ = "sweep_mark"

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=utc())
    job_id: UUID
