"""Erasures of accounts (GDPR, article 17), and the receipts that they leave: counts and hashes only."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models.account import Account, Password
from models.account_enums import ErasureState, ErasureStep
from models.base import Body, Row, now, text_enum, utc
from models.errors import ConflictError, TooLateError
from models.text import ENCODABLE

OPEN = "state IN ('cooling_off', 'erasing')"
"""SQL: it may still begin, or goes on."""

CODE_MAX = 40
TOKEN_MAX = 200


class Erasure(Row, table=True):
    """One erasure. No foreign key: it outlives its account, and then `user_id` is null.

    Until `due_at` it can be undone; once `began_at` is set there is no way back. `counts` are numbers by name
    (rows by table, workflows, vendors' runs and files); `subject_hash` is the SHA-256 of the account's id.
    """

    __tablename__ = "erasure"
    __table_args__ = (
        Index("uq_erasure_open", "user_id", unique=True, postgresql_where=OPEN),
        Index("ix_erasure_open", "due_at", postgresql_where=OPEN),
    )

    user_id: UUID | None = None
    subject_hash: str
    state: ErasureState = Field(default=ErasureState.COOLING_OFF, sa_type=text_enum(ErasureState))
    step: ErasureStep | None = Field(default=None, sa_type=text_enum(ErasureStep))
    due_at: datetime = Field(sa_type=utc())
    undone_at: datetime | None = Field(default=None, sa_type=utc())
    began_at: datetime | None = Field(default=None, sa_type=utc())
    ended_at: datetime | None = Field(default=None, sa_type=utc())
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    receipt_hash: str | None = None

    @classmethod
    def ask(cls, user_id: UUID, cooling_off: timedelta) -> Self:
        """Return a new erasure, which begins by itself after its cooling-off period."""
        asked_at = now()
        return cls(
            created_at=asked_at,
            user_id=user_id,
            subject_hash=hash_of_subject(user_id),
            due_at=asked_at + cooling_off,
        )

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen: it was undone, or everything is erased."""
        return self.state in {ErasureState.UNDONE, ErasureState.ERASED}

    def undo(self) -> None:
        """Take it back; TooLateError once it has begun, ConflictError where it was undone before.

        The row decides and not the clock: until the first step has locked it, there is a way back.
        """
        if self.state is ErasureState.UNDONE:
            raise ConflictError("This erasure was undone already.")
        if self.state is not ErasureState.COOLING_OFF:
            raise TooLateError("The erasure has begun, and there is no way back.")
        self.state, self.undone_at = ErasureState.UNDONE, now()

    def begin(self) -> bool:
        """Pass the point of no return; False where that was done before, or it was undone."""
        if self.state is not ErasureState.COOLING_OFF:
            return False
        self.state, self.began_at = ErasureState.ERASING, now()
        return True

    def count(self, numbers: Mapping[str, int]) -> None:
        """Add to the counts of the receipt; zeros are left out."""
        added = {name: int(self.counts.get(name, 0)) + number for name, number in numbers.items() if number}
        # a new dictionary, since a change within the old one is not seen
        self.counts = {**self.counts, **added}

    def close(self) -> None:
        """End it: the person is forgotten, and what is left is the receipt, which its hash fixes."""
        self.state, self.ended_at, self.user_id = ErasureState.ERASED, now(), None
        self.receipt_hash = Receipt.of(self).hash()


class ErasureAsk(Body):
    """What asks for an erasure the first time: the password, and a code where a second factor is on."""

    password: Password
    code: Annotated[SecretStr, ENCODABLE] | None = Field(default=None, max_length=CODE_MAX)


class ErasureConfirm(ErasureAsk):
    """What asks for it the second time: the token of the first answer as well."""

    token: Annotated[SecretStr, ENCODABLE] = Field(max_length=TOKEN_MAX)


class ErasurePlan(SQLModel):
    """What the first asking answers: what will be deleted, and the token that confirms it."""

    token: str
    expires_at: datetime = Field(description="Until when the token can be used.")
    cooling_off_hours: float
    rows: dict[str, int] = Field(description="How many rows of each table will be deleted.")


class ErasurePublic(SQLModel):
    """An erasure as its person sees it. `id` is the receipt's number, which outlives the account."""

    id: UUID
    state: ErasureState
    step: ErasureStep | None
    asked_at: datetime
    due_at: datetime = Field(description="Until when it can be undone.")
    undone_at: datetime | None
    began_at: datetime | None

    @classmethod
    def of(cls, erasure: Erasure) -> Self:
        """Return what is shown of an erasure."""
        return cls(**erasure.model_dump(include=set(cls.model_fields)), asked_at=erasure.created_at)


class Receipt(SQLModel):
    """What anybody may see who knows the receipt's number: no word of whose it is.

    `receipt_hash` is the SHA-256 of all the rest as JSON, with sorted names and without spaces.
    """

    id: UUID
    subject_hash: str = Field(description="The SHA-256 of the account's id, in hex.")
    state: ErasureState
    step: ErasureStep | None
    asked_at: datetime
    due_at: datetime
    undone_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None
    counts: dict[str, int]
    receipt_hash: str | None

    @classmethod
    def of(cls, erasure: Erasure) -> Self:
        """Return the receipt of an erasure; its times are in UTC, so that its hash is the same everywhere."""
        shown = {**erasure.model_dump(include=set(cls.model_fields)), "asked_at": erasure.created_at}
        return cls(**{name: _in_utc(value) for name, value in shown.items()})

    def hash(self) -> str:
        """Return what fixes the receipt: a hash that anybody can compute from what is shown."""
        shown = self.model_dump(mode="json", exclude={"receipt_hash"})
        return hashlib.sha256(json.dumps(shown, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _in_utc(value: Any) -> Any:  # noqa: ANN401 -- any column's
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def hash_of_subject(user_id: UUID) -> str:
    """Return how a receipt names whose erasure it is of: who knows the id can find it, nobody else."""
    return hashlib.sha256(str(user_id).encode()).hexdigest()


def erasures_of(user_id: UUID) -> SelectOfScalar[Erasure]:
    """Select the person's erasures, newest first; only the first may be open."""
    return select(Erasure).where(Erasure.user_id == user_id).order_by(col(Erasure.id).desc())


def erasure_locked(erasure_id: UUID) -> SelectOfScalar[Erasure]:
    """Select an erasure for changing it: its row is locked until the transaction ends."""
    return select(Erasure).where(Erasure.id == erasure_id).with_for_update()


def cooling_off(user_id: UUID) -> SelectOfScalar[UUID]:
    """Select whether the person's erasure waits for its time: nothing is begun for them meanwhile."""
    return select(Erasure.id).where(Erasure.user_id == user_id, Erasure.state == ErasureState.COOLING_OFF)


def being_erased() -> SelectOfScalar[UUID]:
    """Select whose erasure goes on: those few are served by the index of what is open."""
    return select(col(Erasure.user_id)).where(  # type: ignore[return-value]  # null is left out
        Erasure.state == ErasureState.ERASING, col(Erasure.user_id).is_not(None)
    )


async def is_being_erased(session: AsyncSession, user_id: UUID) -> bool:
    """Tell whether there is no way back for this person's account any more, or there is none left."""
    open_one = select(Account.id).where(Account.id == user_id, col(Account.erasing_at).is_(None))
    return (await session.exec(open_one)).first() is None
