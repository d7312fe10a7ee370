"""The audit log: who did what with whose data, and why. An entry is never changed.

Ids stand here without foreign keys: what was done outlives those who did it, as ids that lead nowhere.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.account_enums import AuditActor
from models.base import Row, text_enum


class AuditEntry(Row, table=True):
    """One deed.

    `action` is a word such as `account.locked`, or method and route such as `GET /api/profile/`. `object_id`
    is what it was done to, beside the person. The reason is sealed under the key of the person whose data it
    was, so that they can read it and nobody can after their erasure; of deeds that concern no person there
    is none.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_id", "id"),
        Index("ix_audit_entry_actor", "actor_id", "id"),
    )

    actor: AuditActor = Field(sa_type=text_enum(AuditActor))
    actor_id: UUID | None = None
    subject_id: UUID | None = None
    action: str = Field(max_length=200)
    object_id: UUID | None = None
    reason_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)


class AuditEntryPublic(SQLModel):
    """An entry as shown to the person that it is about, or to administrators; theirs has no reason."""

    id: UUID
    at: datetime
    actor: AuditActor
    actor_id: UUID | None
    subject_id: UUID | None
    action: str
    object_id: UUID | None
    reason: str | None


def audit_about(user_id: UUID) -> SelectOfScalar[AuditEntry]:
    """Select what was done with a person's data, newest first."""
    return select(AuditEntry).where(AuditEntry.subject_id == user_id).order_by(col(AuditEntry.id).desc())
