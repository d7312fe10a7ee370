"""Logins: each is a session with a device, and a family of refresh tokens of which each is good once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.account_enums import SessionEnd
from models.base import Row, now, text_enum, utc
from models.sealed import Seal, place_of

DEVICE_MAX = 200


@dataclass(frozen=True)
class Whereabouts:
    """The device of a request, as it calls itself (User-Agent), and the address that it came from."""

    device: str | None
    address: str | None


class LoginSession(Row, table=True):
    """One login until its end. Device (User-Agent) and place (address) of its last use are sealed.

    It ends with its newest refresh token at `expires_at`, or at `ended_at`, for the reason `ended_by`.
    """

    __tablename__ = "login_session"
    __table_args__ = (
        Index("ix_login_session_user", "user_id", "id"),
        Index("ix_login_session_end", text("least(ended_at, expires_at)")),
    )

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    device_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    address_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    last_used_at: datetime = Field(sa_type=utc())
    expires_at: datetime = Field(sa_type=utc())
    ended_at: datetime | None = Field(default=None, sa_type=utc())
    ended_by: SessionEnd | None = Field(default=None, sa_type=text_enum(SessionEnd))

    def used_from(self, found: Whereabouts, seal: Seal) -> None:
        """Note from where it is used."""
        self.device_sealed = self.address_sealed = None
        if found.device is not None:
            self.device_sealed = seal.seal_text(found.device, self._place("device_sealed"))
        if found.address is not None:
            self.address_sealed = seal.seal_text(found.address, self._place("address_sealed"))

    def device(self, seal: Seal) -> str | None:
        """Open the device of its last use; None where it did not name itself."""
        sealed = self.device_sealed
        return None if sealed is None else seal.open_text(sealed, self._place("device_sealed"))

    def address(self, seal: Seal) -> str | None:
        """Open the address of its last use."""
        sealed = self.address_sealed
        return None if sealed is None else seal.open_text(sealed, self._place("address_sealed"))

    def _place(self, column: str) -> str:
        return place_of("login_session", column, self.id)


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

    @classmethod
    def of(cls, login: LoginSession, seal: Seal, current: UUID | None) -> Self:
        """Return what is shown of a login; `current` is the id of the one that asks."""
        return cls(
            id=login.id,
            device=login.device(seal),
            address=login.address(seal),
            created_at=login.created_at,
            last_used_at=login.last_used_at,
            expires_at=login.expires_at,
            current=login.id == current,
        )


def sessions_of(user_id: UUID) -> SelectOfScalar[LoginSession]:
    """Select the person's logins that neither were ended nor have run out, newest first."""
    lasts = (col(LoginSession.ended_at).is_(None), col(LoginSession.expires_at) > now())
    mine = select(LoginSession).where(LoginSession.user_id == user_id, *lasts)
    return mine.order_by(col(LoginSession.id).desc())
