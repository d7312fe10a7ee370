"""Accounts and their refresh tokens."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import EmailStr, SecretStr
from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

from models.base import Row, text_enum, utc
from models.enums import Role
from models.sealed import KeyRing, Seal, WrappedKey
from models.text import ENCODABLE

PASSWORD_MIN = 10
PASSWORD_MAX = 128
EMAIL_MAX = 254


class Account(Row, table=True):
    """A person who can log in. The e-mail is kept in lower case: it is the login name."""

    __tablename__ = "account"

    email: str = Field(max_length=EMAIL_MAX, unique=True)
    password_hash: str
    role: Role = Field(default=Role.USER, sa_type=text_enum(Role))
    master_key_id: str
    data_key: bytes = Field(sa_type=LargeBinary)
    locked_at: datetime | None = Field(default=None, sa_type=utc())

    @classmethod
    def register(cls, email: str, password_hash: str, keys: KeyRing, role: Role = Role.USER) -> Self:
        """Return a new account with a data key of its own."""
        account = cls(
            email=email.lower(), password_hash=password_hash, role=role, master_key_id="", data_key=b""
        )
        wrapped = keys.new_data_key(account.id)
        account.master_key_id, account.data_key = wrapped.master_key_id, wrapped.wrapped
        return account

    def seal(self, keys: KeyRing) -> Seal:
        """Open the account's data key."""
        return keys.seal_of(self.id, WrappedKey(self.master_key_id, self.data_key))


class RefreshToken(Row, table=True):
    """One refresh token of a family; only its SHA-256 is kept. Each is used once, then replaced."""

    __tablename__ = "refresh_token"
    __table_args__ = (
        Index("ix_refresh_token_family", "family_id"),
        Index("ix_refresh_token_user", "user_id"),
    )

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    family_id: UUID
    token_hash: str = Field(unique=True)
    expires_at: datetime = Field(sa_type=utc())
    used_at: datetime | None = Field(default=None, sa_type=utc())
    revoked_at: datetime | None = Field(default=None, sa_type=utc())


class AccountCreate(SQLModel):
    """What a registration sends."""

    email: EmailStr = Field(max_length=EMAIL_MAX)
    password: Annotated[SecretStr, ENCODABLE] = Field(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX)


class Login(SQLModel):
    """What a login sends."""

    email: EmailStr = Field(max_length=EMAIL_MAX)
    password: Annotated[SecretStr, ENCODABLE] = Field(max_length=PASSWORD_MAX)


class AccountPublic(SQLModel):
    """What an account shows of itself."""

    id: UUID
    email: str
    role: Role
    created_at: datetime


class TokenPair(SQLModel):
    """An access token (a JWT) and the refresh token that replaces it once."""

    access_token: str
    refresh_token: str
    token_type: str = "bearer"  # noqa: S105 -- the OAuth 2.0 token type, not a secret
    expires_in: int = Field(description="Seconds until the access token expires.")


class Refresh(SQLModel):
    """What a refresh or logout sends."""

    refresh_token: Annotated[SecretStr, ENCODABLE] = Field(max_length=200)


def account_by_email(email: str) -> SelectOfScalar[Account]:
    """Select the account with this login name, whatever its case."""
    return select(Account).where(Account.email == email.lower())
