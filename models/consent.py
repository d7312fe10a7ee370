"""Consent records: what a person agreed to, in which version, when, and when they took it back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.account_enums import ConsentKind
from models.base import Body, Row, text_enum

VERSION_MAX = 40


class Consent(Row, table=True):
    """One decision, for or against; the newest of a kind holds, and the older ones stay as proof."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_user", "user_id", "kind", "id"),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    kind: ConsentKind = Field(sa_type=text_enum(ConsentKind))
    version: str = Field(max_length=VERSION_MAX)
    given: bool


class ConsentPut(Body):
    """A decision about what `version` says: given, or withdrawn."""

    given: bool
    version: str = Field(min_length=1, max_length=VERSION_MAX)


class ConsentPublic(SQLModel):
    """A decision as shown."""

    kind: ConsentKind
    version: str
    given: bool
    at: datetime

    @classmethod
    def of(cls, consent: Consent) -> "ConsentPublic":
        """Return what is shown of a decision."""
        return cls(kind=consent.kind, version=consent.version, given=consent.given, at=consent.created_at)


def consent_given(user_id: UUID, kind: ConsentKind, version: str) -> Consent:
    """Return the record of a consent that is given now, to be stored with what it allows."""
    return Consent(user_id=user_id, kind=kind, version=version, given=True)


def consents_of(user_id: UUID) -> SelectOfScalar[Consent]:
    """Select the person's decisions, newest first."""
    return select(Consent).where(Consent.user_id == user_id).order_by(col(Consent.id).desc())


def newest_consent(user_id: UUID, kind: ConsentKind) -> SelectOfScalar[Consent]:
    """Select the decision of one kind that holds; none where the person was never asked."""
    return consents_of(user_id).where(Consent.kind == kind).limit(1)
