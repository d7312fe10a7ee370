"""Recovery codes, for whoever has lost the device of their second factor: each is good once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from models.base import Row, utc
from models.sealed import Seal


class RecoveryCode(Row, table=True):
    """One code, kept as an HMAC under the person's data key."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("uq_recovery_code", "user_id", "code_hash", unique=True),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    code_hash: str
    used_at: datetime | None = Field(default=None, sa_type=utc())


def code_hash_of(code: str, seal: Seal) -> str:
    """Return what is kept of a code; `seal` is that of the person."""
    return seal.fingerprint(f"recovery_code:{code}".encode())
