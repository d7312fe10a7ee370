"""Accounts, and what people send to register, log in and look after theirs."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import EmailStr, SecretStr
from sqlalchemy import BigInteger, Index, LargeBinary
from sqlmodel import Field, SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

from models.base import Body, Row, now, text_enum, utc
from models.enums import Role
from models.sealed import KeyRing, Seal, WrappedKey
from models.text import ENCODABLE

PASSWORD_MIN = 10
PASSWORD_MAX = 128
EMAIL_MAX = 254

Password = Annotated[SecretStr, ENCODABLE, Field(max_length=PASSWORD_MAX)]
NewPassword = Annotated[SecretStr, ENCODABLE, Field(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX)]


class Account(Row, table=True):
    """A person who can log in. The e-mail is kept in lower case: it is the login name.

    `locked_at`: an administrator keeps it out. `erasing_at`: its erasure has begun, for which there is no
    way back. `totp_last_step` is the time step (30 s, RFC 6238) of the last code: each is good once.
    """

    __tablename__ = "account"
    __table_args__ = (
        Index("ix_account_unconfirmed", "created_at", postgresql_where="email_confirmed_at IS NULL"),
    )

    email: str = Field(max_length=EMAIL_MAX, unique=True)
    email_confirmed_at: datetime | None = Field(default=None, sa_type=utc())
    password_hash: str
    password_changed_at: datetime | None = Field(default=None, sa_type=utc())
    role: Role = Field(default=Role.USER, sa_type=text_enum(Role))
    master_key_id: str
    data_key: bytes = Field(sa_type=LargeBinary)
    locked_at: datetime | None = Field(default=None, sa_type=utc())
    erasing_at: datetime | None = Field(default=None, sa_type=utc())
    totp_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    totp_confirmed_at: datetime | None = Field(default=None, sa_type=utc())
    totp_last_step: int | None = Field(default=None, sa_type=BigInteger)

    @classmethod
    def register(
        cls,
        email: str,
        password_hash: str,
        keys: KeyRing,
        role: Role = Role.USER,
        *,
        confirmed: bool = True,
    ) -> Self:
        """Return a new account with a data key of its own."""
        account = cls(
            email=email.lower(),
            email_confirmed_at=now() if confirmed else None,
            password_hash=password_hash,
            role=role,
            master_key_id="",
            data_key=b"",
        )
        wrapped = keys.new_data_key(account.id)
        account.master_key_id, account.data_key = wrapped.master_key_id, wrapped.wrapped
        return account

    def seal(self, keys: KeyRing) -> Seal:
        """Open the account's data key."""
        return keys.seal_of(self.id, WrappedKey(self.master_key_id, self.data_key))

    def rewrap(self, keys: KeyRing) -> None:
        """Wrap the data key by the current master key; SealError where it does not open."""
        wrapped = keys.rewrap(self.id, WrappedKey(self.master_key_id, self.data_key))
        self.master_key_id, self.data_key = wrapped.master_key_id, wrapped.wrapped


class AccountCreate(Body):
    """What a registration sends."""

    email: EmailStr = Field(max_length=EMAIL_MAX)
    password: NewPassword


class Login(Body):
    """What a login sends. `code` is a TOTP code or a recovery code, where a second factor is switched on."""

    email: EmailStr = Field(max_length=EMAIL_MAX)
    password: Password
    code: Annotated[SecretStr, ENCODABLE] | None = Field(default=None, max_length=40)


class AccountPublic(SQLModel):
    """What an account shows of itself."""

    id: UUID
    email: str
    role: Role
    created_at: datetime
    totp_enabled: bool

    @classmethod
    def of(cls, account: Account) -> Self:
        """Return what is shown of this account."""
        return cls(
            id=account.id,
            email=account.email,
            role=account.role,
            created_at=account.created_at,
            totp_enabled=account.totp_confirmed_at is not None,
        )


class TokenPair(SQLModel):
    """An access token (a JWT) and the refresh token that replaces it once."""

    access_token: str
    refresh_token: str
    token_type: str = "bearer"  # noqa: S105 -- the OAuth 2.0 token type, not a secret
    expires_in: int = Field(description="Seconds until the access token expires.")


class Refresh(Body):
    """What a refresh or logout sends."""

    refresh_token: Annotated[SecretStr, ENCODABLE] = Field(max_length=200)


def account_by_email(email: str) -> SelectOfScalar[Account]:
    """Select the account with this login name, whatever its case."""
    return select(Account).where(Account.email == email.lower())
