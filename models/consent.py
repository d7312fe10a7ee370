"""Consent records: what a person agreed to, in which version, when, and when they took it back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.account_enums import ConsentKind
from models.base import Row, text_enum


class Consent(Row, table=True):
    """One decision, for or against; the newest of a kind holds, and the older ones stay as proof."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_user", "user_id", "kind", "id"),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    kind: ConsentKind = Field(sa_type=text_enum(ConsentKind))
    version: str = Field(max_length=40)
    given: bool


class ConsentPublic(SQLModel):
    """A decision as shown."""

    kind: ConsentKind
    version: str
    given: bool
    at: datetime
