"""What an employer's form asks in one application, and the answers, sealed, each with its source."""

import json
from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import ARRAY, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.answering_enums import AnswerSource, QuestionKind, Topic
from models.base import Row, now, text_enum, utc
from models.sealed import Seal, place_of

Value = str | list[str]
"""An answer as it is entered: the text, or the chosen options' texts in their order."""


class Question(Row, table=True):
    """One field of one form. Label, hint and options are the employer's words: data, never instructions.

    `field` is the name of the form's control. `scope` narrows the topic: a country (ISO, lower case), a skill
    or a language.
    """

    __tablename__ = "application_question"
    __table_args__ = (
        UniqueConstraint("application_id", "position", name="uq_question_position"),
        Index("ix_question_topic", "user_id", "topic", "scope"),
    )

    application_id: UUID = Field(foreign_key="application.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    position: int
    page: int = 1
    field: str = ""
    label: str
    hint: str | None = None
    kind: QuestionKind = Field(sa_type=text_enum(QuestionKind))
    required: bool = False
    options: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    max_length: int | None = None
    topic: Topic | None = Field(default=None, sa_type=text_enum(Topic), nullable=True)
    scope: str = ""
    source: AnswerSource | None = Field(default=None, sa_type=text_enum(AnswerSource), nullable=True)
    answered_at: datetime | None = Field(default=None, sa_type=utc())
    answer_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)

    def answer(self, value: Value, source: AnswerSource, seal: Seal) -> Self:
        """Answer, or answer anew; the value must fit (models.fitting)."""
        text = json.dumps(value, ensure_ascii=False)
        self.answer_sealed = seal.seal_text(text, place_of("application_question", "answer_sealed", self.id))
        self.source, self.answered_at = source, now()
        return self

    def clear(self) -> None:
        """Take the answer away."""
        self.answer_sealed = self.source = self.answered_at = None

    def read_answer(self, seal: Seal) -> Value | None:
        """Return the answer, None where there is none."""
        if self.answer_sealed is None:
            return None
        place = place_of("application_question", "answer_sealed", self.id)
        value: Value = json.loads(seal.open_text(self.answer_sealed, place))
        return value


class GivenAnswer(SQLModel, table=True):
    """An answer that its person has given and the application's workflow has not yet taken over."""

    __tablename__ = "given_answer"
    __table_args__ = (Index("ix_given_answer_user", "user_id"),)

    question_id: UUID = Field(foreign_key="application_question.id", primary_key=True, ondelete="CASCADE")
    application_id: UUID = Field(foreign_key="application.id", ondelete="CASCADE", index=True)
    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    remember: bool = False
    created_at: datetime = Field(default_factory=now, sa_type=utc())
    value_sealed: bytes | None = Field(
        default=None, sa_type=LargeBinary, description="JSON of a Value; null takes the answer away."
    )


def questions_of(application_id: UUID) -> SelectOfScalar[Question]:
    """Select an application's questions in the form's order."""
    query = select(Question).where(Question.application_id == application_id)
    return query.order_by(col(Question.position))
