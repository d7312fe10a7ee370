"""Tokens that are good once: sent by mail, or shown once. Nothing that is stored makes them.

A token is its row's id and an HMAC of it under the person's data key, so that a repeated mail holds the same
one, and whoever reads the database alone can make none.
"""

import hmac
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Update, update
from sqlmodel import Field, col

from models.account_enums import TokenPurpose
from models.base import Row, now, text_enum, utc
from models.sealed import Seal, place_of

ID_DIGITS = 32
TOKEN_LENGTH = 96
NEWS = (TokenPurpose.ALREADY_REGISTERED, TokenPurpose.EMAIL_LEFT)
"""Mails without a token."""


class OneTimeToken(Row, table=True):
    """What a token is for, and whether it was used. `subject_id` is the export or erasure that it is about.

    A mail that holds no token (somebody registered with an address that has an account) is a row as well.
    `email_sealed` is where the mail goes instead of to the account's e-mail: to the one that it is to have,
    where `subject_id` is the login that asked, or to the one that it had.
    """

    __tablename__ = "one_time_token"
    __table_args__ = (
        Index("ix_one_time_token_user", "user_id", "purpose"),
        Index("ix_one_time_token_unmailed", "created_at", postgresql_where="by_mail AND mailed_at IS NULL"),
    )

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    purpose: TokenPurpose = Field(sa_type=text_enum(TokenPurpose))
    subject_id: UUID | None = None
    email_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    expires_at: datetime = Field(sa_type=utc())
    used_at: datetime | None = Field(default=None, sa_type=utc())
    by_mail: bool = False
    mailed_at: datetime | None = Field(default=None, sa_type=utc())

    @classmethod
    def by_mail_for(cls, user_id: UUID, purpose: TokenPurpose, lifetime: timedelta) -> Self:
        """Return a token that is to be mailed."""
        return cls(user_id=user_id, purpose=purpose, expires_at=now() + lifetime, by_mail=True)

    @property
    def is_good(self) -> bool:
        """Whether it was neither used nor made void, and has time left."""
        return self.used_at is None and self.expires_at > now()

    def address_to(self, email: str, seal: Seal) -> None:
        """Have the mail go to another e-mail than the account's."""
        self.email_sealed = seal.seal_text(email, self._place)

    def address(self, seal: Seal) -> str | None:
        """Return where the mail goes; None where that is the account's e-mail."""
        return None if self.email_sealed is None else seal.open_text(self.email_sealed, self._place)

    @property
    def _place(self) -> str:
        return place_of("one_time_token", "email_sealed", self.id)

    def token(self, seal: Seal) -> str:
        """Return the token, 96 hexadecimal digits; `seal` is that of the person."""
        return self.id.hex + seal.fingerprint(f"one_time_token:{self.purpose}:{self.id}".encode())

    def is_token(self, token: str, seal: Seal) -> bool:
        """Tell whether this is the row's token, in a time that says nothing."""
        return hmac.compare_digest(token.encode(), self.token(seal).encode())


def id_in(token: str) -> UUID | None:
    """Return the id of the row that a token claims to be of; None where it is none."""
    if len(token) != TOKEN_LENGTH:
        return None
    try:
        return UUID(hex=token[:ID_DIGITS])
    except ValueError:
        return None


def void_tokens(user_id: UUID) -> Update:
    """Return the statement that makes everything void that a person was sent and has not used.

    News are left: whoever took an account over must not keep its person from being told.
    """
    unused = update(OneTimeToken).where(
        col(OneTimeToken.user_id) == user_id,
        col(OneTimeToken.purpose).not_in(NEWS),
        col(OneTimeToken.used_at).is_(None),
    )
    return unused.values(used_at=now())
