"""Erasures of accounts (GDPR, article 17), and the receipts that they leave: counts and hashes only."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from models.account_enums import ErasureState, ErasureStep
from models.base import Row, text_enum, utc


class Erasure(Row, table=True):
    """One erasure. No foreign key: it outlives its account, and then `user_id` is null.

    Until `due_at` it can be undone; once `began_at` is set there is no way back. `counts` are numbers by name
    (rows by table, workflows, vendors' runs and files); `subject_hash` is the SHA-256 of the account's id.
    """

    __tablename__ = "erasure"
    __table_args__ = (
        Index(
            "uq_erasure_open",
            "user_id",
            unique=True,
            postgresql_where="state IN ('cooling_off', 'erasing')",
        ),
        Index("ix_erasure_open", "due_at", postgresql_where="state IN ('cooling_off', 'erasing')"),
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


def hash_of_subject(user_id: UUID) -> str:
    """Return how a receipt names whose erasure it is of: who knows the id can find it, nobody else."""
    return hashlib.sha256(str(user_id).encode()).hexdigest()
