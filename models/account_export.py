"""Exports of all that is known about a person (GDPR, articles 15 and 20): a ZIP in sealed parts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlmodel import Field, SQLModel

from models.account_enums import ExportState
from models.base import Row, text_enum, utc


class AccountExport(Row, table=True):
    """One export: how far it is (`done` of `total` sections), and until when it can be fetched."""

    __tablename__ = "account_export"
    __table_args__ = (
        Index("ix_account_export_user", "user_id", "id"),
        Index(
            "uq_account_export_open",
            "user_id",
            unique=True,
            postgresql_where="state IN ('queued', 'collecting')",
        ),
    )

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    state: ExportState = Field(default=ExportState.QUEUED, sa_type=text_enum(ExportState))
    done: int = 0
    total: int = 0
    size: int | None = Field(default=None, sa_type=BigInteger)
    sha256: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=utc())
    expires_at: datetime | None = Field(default=None, sa_type=utc())


class ExportPart(SQLModel, table=True):
    """A piece of the ZIP, sealed; the pieces in their order are the file."""

    __tablename__ = "export_part"

    export_id: UUID = Field(foreign_key="account_export.id", primary_key=True, ondelete="CASCADE")
    number: int = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    content_sealed: bytes = Field(sa_type=LargeBinary)
