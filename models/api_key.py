"""API keys for people's scripts: scoped, expiring, and kept as a digest only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Index, LargeBinary, String
from sqlmodel import Field, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.base import Row, utc


class ApiKey(Row, table=True):
    """One key. `scopes` are values of `Scope`; `prefix` is the beginning of the key, by which it is known."""

    __tablename__ = "api_key"
    __table_args__ = (Index("ix_api_key_user", "user_id", "id"),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    name_sealed: bytes = Field(sa_type=LargeBinary)
    prefix: str
    key_hash: str = Field(unique=True)
    scopes: list[str] = Field(sa_type=ARRAY(String))
    expires_at: datetime = Field(sa_type=utc())
    last_used_at: datetime | None = Field(default=None, sa_type=utc())
    revoked_at: datetime | None = Field(default=None, sa_type=utc())


def api_keys_of(user_id: UUID) -> SelectOfScalar[ApiKey]:
    """Select the person's keys that were not revoked, newest first."""
    return (
        select(ApiKey)
        .where(ApiKey.user_id == user_id, col(ApiKey.revoked_at).is_(None))
        .order_by(col(ApiKey.id).desc())
    )
