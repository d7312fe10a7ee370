"""API keys for people's scripts: scoped, expiring, and kept as a digest only."""

from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, StringConstraints
from sqlalchemy import ARRAY, Index, LargeBinary, String, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.account_enums import Scope
from models.base import Body, Row, now, utc
from models.sealed import Seal, place_of
from models.text import ONE_LINE

NAME_MAX = 100
DAYS_MAX = 365
DAYS_DEFAULT = 90
KEYS_MAX = 50
"""How many keys a person may have that are not revoked."""


def _sorted_once(scopes: list[Scope]) -> list[Scope]:
    return sorted(set(scopes))


class ApiKey(Row, table=True):
    """One key. `scopes` are values of `Scope`; `prefix` is the beginning of the key, by which it is known."""

    __tablename__ = "api_key"
    __table_args__ = (
        Index("ix_api_key_user", "user_id", "id"),
        Index("ix_api_key_end", text("least(revoked_at, expires_at)")),
    )

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    name_sealed: bytes = Field(sa_type=LargeBinary)
    prefix: str
    key_hash: str = Field(unique=True)
    scopes: list[str] = Field(sa_type=ARRAY(String))
    expires_at: datetime = Field(sa_type=utc())
    last_used_at: datetime | None = Field(default=None, sa_type=utc())
    revoked_at: datetime | None = Field(default=None, sa_type=utc())

    def call(self, name: str, seal: Seal) -> None:
        """Give it a name."""
        self.name_sealed = seal.seal_text(name, self._place)

    def name(self, seal: Seal) -> str:
        """Open its name."""
        return seal.open_text(self.name_sealed, self._place)

    @property
    def _place(self) -> str:
        return place_of("api_key", "name_sealed", self.id)


class ApiKeyCreate(Body):
    """What asks for a key."""

    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_MAX),
        ONE_LINE,
    ] = Field(description="What it is for, in the person's own words.")
    scopes: Annotated[list[Scope], AfterValidator(_sorted_once)] = Field(min_length=1, max_length=len(Scope))
    days: int = Field(default=DAYS_DEFAULT, ge=1, le=DAYS_MAX, description="How long it is good.")

    @property
    def expires_at(self) -> datetime:
        """Until when it is good, made now."""
        return now() + timedelta(days=self.days)


class ApiKeyPublic(SQLModel):
    """A key as its person sees it: never the key itself."""

    id: UUID
    name: str
    prefix: str = Field(description="The beginning of the key, by which it is known again.")
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="To the minute.")

    @classmethod
    def of(cls, key: ApiKey, seal: Seal) -> Self:
        """Return what is shown of a key."""
        return cls(
            id=key.id,
            name=key.name(seal),
            prefix=key.prefix,
            scopes=[Scope(each) for each in key.scopes],
            created_at=key.created_at,
            expires_at=key.expires_at,
            last_used_at=key.last_used_at,
        )


class ApiKeyMade(ApiKeyPublic):
    """A new key, with the key itself, which is shown this once."""

    key: str


def api_keys_of(user_id: UUID) -> SelectOfScalar[ApiKey]:
    """Select the person's keys that were not revoked, newest first."""
    return (
        select(ApiKey)
        .where(ApiKey.user_id == user_id, col(ApiKey.revoked_at).is_(None))
        .order_by(col(ApiKey.id).desc())
    )
