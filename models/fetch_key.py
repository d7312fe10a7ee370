"""The ledger of calls to Adzuna: whose key made them, and what each key may still be used for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from models.base import Row, text_enum, utc
from models.enums import CallState


class FetchKey(Row, table=True):
    """One Adzuna account's ledger: the installation's (no owner), or that of a person's own key.

    `digest` tells a key from the one before: what was refused counts only against the key that it was.
    """

    __tablename__ = "fetch_key"
    __table_args__ = (
        UniqueConstraint("owner_id", name="uq_fetch_key_owner", postgresql_nulls_not_distinct=True),
    )

    owner_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE")
    digest: str = ""
    blocked_until: datetime | None = Field(
        default=None, sa_type=utc(), description="Until when Adzuna asked to be left alone."
    )
    refused_at: datetime | None = Field(default=None, sa_type=utc())
    told_at: datetime | None = Field(
        default=None, sa_type=utc(), description="When the owner was told that it is refused."
    )


class FetchCall(Row, table=True):
    """One call: reserved before it is made and settled after. Unsettled ones count as made."""

    __tablename__ = "fetch_call"
    __table_args__ = (Index("ix_fetch_call_key", "fetch_key_id", "created_at"),)

    fetch_key_id: UUID = Field(foreign_key="fetch_key.id", ondelete="CASCADE")
    search_id: UUID | None = Field(default=None, foreign_key="job_search.id", ondelete="SET NULL")
    state: CallState = Field(default=CallState.RESERVED, sa_type=text_enum(CallState))
    settled_at: datetime | None = Field(default=None, sa_type=utc())
