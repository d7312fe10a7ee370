"""Exports of all that is known about a person (GDPR, articles 15 and 20): a ZIP in sealed parts."""

from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.account_enums import ExportState
from models.base import Row, now, text_enum, utc

OPEN = frozenset({ExportState.QUEUED, ExportState.COLLECTING})
OPEN_EXPORTS = "account_export.state IN ('queued', 'collecting')"
"""As the partial index words it."""


class AccountExport(Row, table=True):
    """One export: how far it is (`done` of `total` sections), and until when it can be fetched.

    `attempt` numbers the tries to collect it: a worker that was taken for dead learns by it that another
    has begun anew, and adds nothing more.
    """

    __tablename__ = "account_export"
    __table_args__ = (
        Index("ix_account_export_user", "user_id", "id"),
        Index(
            "uq_account_export_open",
            "user_id",
            unique=True,
            postgresql_where="state IN ('queued', 'collecting')",
        ),
        Index("ix_account_export_ready", "expires_at", postgresql_where="state = 'ready'"),
    )

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    state: ExportState = Field(default=ExportState.QUEUED, sa_type=text_enum(ExportState))
    attempt: int = 0
    done: int = 0
    total: int = 0
    size: int | None = Field(default=None, sa_type=BigInteger)
    sha256: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=utc())
    expires_at: datetime | None = Field(default=None, sa_type=utc())

    @property
    def is_over(self) -> bool:
        """Whether its time is over, be it swept away already or not."""
        return self.expires_at is not None and self.expires_at <= now()

    @property
    def can_be_fetched(self) -> bool:
        """Whether its file is there for a link."""
        return self.state is ExportState.READY and not self.is_over


class ExportPart(SQLModel, table=True):
    """A piece of the ZIP, sealed; the pieces in their order, from 1, are the file."""

    __tablename__ = "export_part"

    export_id: UUID = Field(foreign_key="account_export.id", primary_key=True, ondelete="CASCADE")
    number: int = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    content_sealed: bytes = Field(sa_type=LargeBinary)


class ExportPublic(SQLModel):
    """An export as shown; `size` is that of the file in bytes, `sha256` its hash."""

    id: UUID
    created_at: datetime
    state: ExportState
    done: int = Field(description="How many sections were collected, of `total`.")
    total: int
    size: int | None
    sha256: str | None
    ended_at: datetime | None
    expires_at: datetime | None = Field(description="Until when it can be fetched.")

    @classmethod
    def of(cls, export: AccountExport) -> Self:
        """Return what is shown of this export."""
        is_over = export.state is ExportState.READY and export.is_over
        return cls(
            id=export.id,
            created_at=export.created_at,
            state=ExportState.EXPIRED if is_over else export.state,
            done=export.done,
            total=export.total,
            size=export.size,
            sha256=export.sha256,
            ended_at=export.ended_at,
            expires_at=export.expires_at,
        )


class ExportLink(SQLModel):
    """Where the file can be fetched once, without a login."""

    url: str
    expires_at: datetime


def place_of_part(export_id: UUID, number: int) -> str:
    """Return where a piece is sealed to: no piece opens in the place of another."""
    return f"export_part.content_sealed:{export_id}/{number}"


def exports_of(user_id: UUID) -> SelectOfScalar[AccountExport]:
    """Select the person's exports, newest first."""
    return (
        select(AccountExport).where(AccountExport.user_id == user_id).order_by(col(AccountExport.id).desc())
    )
