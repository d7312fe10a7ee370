"""Consent records: what a person agreed to, in which version, when, and when they took it back."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import StrictBool
from sqlalchemy import Index
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
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
    """A decision about the terms of `version`: given, or withdrawn."""

    given: StrictBool
    version: str = Field(min_length=1, max_length=VERSION_MAX)


class ConsentPublic(SQLModel):
    """A decision as shown."""

    kind: ConsentKind
    version: str
    given: bool
    at: datetime

    @classmethod
    def of(cls, consent: Consent) -> Self:
        """Return what is shown of a decision."""
        return cls(kind=consent.kind, version=consent.version, given=consent.given, at=consent.created_at)


class ConsentsPublic(SQLModel):
    """What holds (the newest decision of each kind that there is one of), and every decision, newest first.

    `version` is that of the terms as they are now, which a decision has to name.
    """

    version: str
    current: list[ConsentPublic]
    history: list[ConsentPublic]


def consent_given(user_id: UUID, kind: ConsentKind, version: str) -> Consent:
    """Return the record of a consent that is given now, to be stored with what it allows."""
    return Consent(user_id=user_id, kind=kind, version=version, given=True)


def consents_of(user_id: UUID) -> SelectOfScalar[Consent]:
    """Select the person's decisions, newest first."""
    return select(Consent).where(Consent.user_id == user_id).order_by(col(Consent.id).desc())


def newest_consent(user_id: UUID, kind: ConsentKind) -> SelectOfScalar[Consent]:
    """Select the decision of one kind that holds; none where the person was never asked."""
    return consents_of(user_id).where(Consent.kind == kind).limit(1)


async def allows_model(session: AsyncSession, user_id: UUID) -> bool:
    """Tell whether what the person writes may be sent to the model's vendor.

    Without a record it may: it is part of the contract, until the person objects.
    """
    consent = (await session.exec(newest_consent(user_id, ConsentKind.MODEL_PROCESSING))).first()
    return consent is None or consent.given
