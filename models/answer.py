"""The answer bank: what a person answers to a topic, whatever an employer's wording; and approved topics."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

from models.answering_enums import AnswerProvenance, Topic
from models.base import Row, now, text_enum, utc


class Answer(Row, table=True):
    """One answer of one person, keyed by topic and scope: a country, a skill, a language, or nothing."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("user_id", "topic", "scope", name="uq_answer_topic"),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    topic: Topic = Field(sa_type=text_enum(Topic))
    scope: str = ""
    provenance: AnswerProvenance = Field(sa_type=text_enum(AnswerProvenance))
    updated_at: datetime = Field(default_factory=now, sa_type=utc())
    value_sealed: bytes = Field(sa_type=LargeBinary, description="JSON: a text or a list of texts.")


class ApprovedTopic(SQLModel, table=True):
    """A topic of which the person has once approved a drafted answer; auto mode asks for that first."""

    __tablename__ = "approved_topic"

    user_id: UUID = Field(foreign_key="account.id", primary_key=True, ondelete="CASCADE")
    topic: Topic = Field(sa_type=text_enum(Topic), primary_key=True)
    approved_at: datetime = Field(default_factory=now, sa_type=utc())


def answers_of(user_id: UUID) -> SelectOfScalar[Answer]:
    """Select the person's answers."""
    return select(Answer).where(Answer.user_id == user_id)
