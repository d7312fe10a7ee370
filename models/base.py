"""What every table has (time-ordered ids, UTC times, enums as text with a check), and every request too."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import DateTime, Enum
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

ENUM_LENGTH = 40


def new_id() -> UUID:
    """Return a version 7 UUID (RFC 9562), which sorts by time and so keeps indexes dense."""
    return uuid7()


def now() -> datetime:
    """Return the present time with its zone, UTC."""
    return datetime.now(UTC)


def text_enum(words: type[StrEnum], check: str | None = None) -> Any:  # noqa: ANN401 -- SQLModel's sa_type is untyped for instances
    """Return a column type that keeps an enum's values as text under a check constraint.

    `check` names the constraint where a table has two columns of one enum.
    """
    return Enum(
        words,
        native_enum=False,
        create_constraint=True,
        length=ENUM_LENGTH,
        values_callable=lambda members: [member.value for member in members],
        name=check or words.__name__.lower(),
    )


def utc() -> Any:  # noqa: ANN401 -- as above
    """Return a column type for times with a zone."""
    return DateTime(timezone=True)


class Row(SQLModel):
    """A table's first two columns."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=utc(), nullable=False)


class Body(BaseModel):
    """What somebody sends, or a part of it: a field that we do not know is refused, never left out.

    A misspelt one would be lost otherwise, and one that is not theirs to set must not look as if it were.
    """

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def stored(cls, values: object) -> Self:
        """Read what was stored, of which a version before or after this one may have known more."""
        return cls.model_validate(values, extra="ignore")

    @classmethod
    def stored_json(cls, text: str | bytes) -> Self:
        """Read what was stored as JSON, as above."""
        return cls.model_validate_json(text, extra="ignore")
