"""Logins: each is a session with a device, and a family of refresh tokens of which each is good once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.account_enums import SessionEnd
from models.base import Row, text_enum, utc


class LoginSession(Row, table=True):
    """One login until its end. Device (User-Agent) and place (address) of its last use are sealed.

    It ends with its newest refresh token at `expires_at`, or at `ended_at`, for the reason `ended_by`.
    """

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_user", "user_id", "id"),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    device_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    address_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    last_used_at: datetime = Field(sa_type=utc())
    expires_at: datetime = Field(sa_type=utc())
    ended_at: datetime | None = Field(default=None, sa_type=utc())
    ended_by: SessionEnd | None = Field(default=None, sa_type=text_enum(SessionEnd))


class RefreshToken(Row, table=True):
    """One refresh token of a login (its family); only its SHA-256 is kept. Each is good once."""

    __tablename__ = "refresh_token"
    __table_args__ = (
        Index("ix_refresh_token_family", "family_id"),
        Index("ix_refresh_token_user", "user_id"),
    )

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    family_id: UUID = Field(foreign_key="login_session.id", ondelete="CASCADE")
    token_hash: str = Field(unique=True)
    expires_at: datetime = Field(sa_type=utc())
    used_at: datetime | None = Field(default=None, sa_type=utc())


class LoginSessionPublic(SQLModel):
    """A login as its person sees it; `current` is the one that asks."""

    id: UUID
    device: str | None
    address: str | None = Field(description="From where it was last used.")
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    current: bool


def sessions_of(user_id: UUID) -> SelectOfScalar[LoginSession]:
    """Select the person's logins that have not been ended, newest first."""
    return (
        select(LoginSession)
        .where(LoginSession.user_id == user_id, col(LoginSession.ended_at).is_(None))
        .order_by(col(LoginSession.id).desc())
    )
