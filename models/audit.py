"""The audit log: who did what with whose data, and why. An entry is never changed.

Ids stand here without foreign keys: what was done outlives those who did it, as ids that lead nowhere.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.account_enums import AuditActor
from models.base import Row, text_enum
from models.sealed import Seal, place_of
from models.text import ONE_LINE

REASON_MIN = 5
REASON_MAX = 200

Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=REASON_MIN, max_length=REASON_MAX),
    ONE_LINE,
]
"""Why an administrator does something; the person that it is done to can read it."""


class Deed(StrEnum):
    """What is done, in a word. What administrators do in people's stead is told by method and route."""

    PASSWORD_CHANGED = "password.changed"  # noqa: S105 -- a deed, not a secret
    PASSWORD_RESET = "password.reset"  # noqa: S105 -- as above
    EMAIL_CHANGED = "email.changed"
    SECOND_FACTOR_ENABLED = "second_factor.enabled"
    SECOND_FACTOR_DISABLED = "second_factor.disabled"
    RECOVERY_CODE_USED = "recovery_code.used"
    RECOVERY_CODES_RENEWED = "recovery_codes.renewed"
    API_KEY_CREATED = "api_key.created"
    API_KEY_REVOKED = "api_key.revoked"
    SESSION_ENDED = "session.ended"
    SESSIONS_ENDED = "sessions.ended"
    EXPORT_ASKED = "export.asked"
    EXPORT_DOWNLOADED = "export.downloaded"
    ERASURE_ASKED = "erasure.asked"
    ERASURE_CONFIRMED = "erasure.confirmed"
    ERASURE_UNDONE = "erasure.undone"
    ERASURE_BEGUN = "erasure.begun"
    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    ACCOUNTS_LISTED = "accounts.listed"
    ACCOUNT_FOUND = "account.found"
    ACCOUNT_SHOWN = "account.shown"
    ACCOUNT_LOCKED = "account.locked"
    ACCOUNT_UNLOCKED = "account.unlocked"
    ADMIN_MADE = "role.admin_given"
    USER_MADE = "role.admin_taken"
    SESSIONS_ENDED_BY_ADMIN = "account.sessions_ended"
    SECOND_FACTOR_REMOVED = "account.second_factor_removed"
    AUDIT_READ = "audit.read"
    APPLYING_PAUSED = "applying.paused"
    APPLYING_RESUMED = "applying.resumed"
    JOBS_FETCHED = "jobs.fetched"
    BUDGET_READ = "budget.read"
    RATES_STORED = "exchange_rates.stored"
    PAYLOADS_ENCODED = "payloads.encoded"
    PAYLOADS_DECODED = "payloads.decoded"


class AuditEntry(Row, table=True):
    """One deed.

    `action` is a `Deed`, or method and route such as `GET /api/profile/`. `object_id` is what it was done
    to, beside the person. The reason is sealed under the key of the person whose data it was, so that they
    can read it and nobody can after their erasure; of deeds that concern no person there is none.
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

    @classmethod
    def by_person(cls, user_id: UUID, action: str, object_id: UUID | None = None) -> Self:
        """Return what people do with their own."""
        return cls(
            actor=AuditActor.USER, actor_id=user_id, subject_id=user_id, action=action, object_id=object_id
        )

    @classmethod
    def by_admin(
        cls, admin_id: UUID, action: str, subject_id: UUID | None = None, object_id: UUID | None = None
    ) -> Self:
        """Return what an administrator does with a person's, or with nobody's in particular."""
        return cls(
            actor=AuditActor.ADMIN,
            actor_id=admin_id,
            subject_id=subject_id,
            action=action,
            object_id=object_id,
        )

    @classmethod
    def by_system(cls, action: str, subject_id: UUID | None = None, object_id: UUID | None = None) -> Self:
        """Return what no human does."""
        return cls(actor=AuditActor.SYSTEM, subject_id=subject_id, action=action, object_id=object_id)

    def explain(self, reason: str, seal: Seal) -> None:
        """Seal why it is done under the key of the person whose data it is; before it is stored only."""
        self.reason_sealed = seal.seal_text(reason, self._place)

    def reason(self, seal: Seal) -> str | None:
        """Open why it was done; None where no reason is kept."""
        return None if self.reason_sealed is None else seal.open_text(self.reason_sealed, self._place)

    @property
    def _place(self) -> str:
        return place_of("audit_entry", "reason_sealed", self.id)


class AuditEntryPublic(SQLModel):
    """An entry as shown to the person that it is about, or to administrators."""

    id: UUID
    at: datetime
    actor: AuditActor
    actor_id: UUID | None = Field(description="The account of who did it; null for the system.")
    subject_id: UUID | None = Field(description="Whose data it was; null for deeds that concern no one.")
    action: str = Field(description="A word such as `account.locked`, or a method and route.")
    object_id: UUID | None = Field(description="What it was done to, beside the person.")
    reason: str | None

    @classmethod
    def of(cls, entry: AuditEntry, seal: Seal | None) -> Self:
        """Return what is shown of an entry; `seal` is the subject's, None where it is not to be opened."""
        return cls(
            id=entry.id,
            at=entry.created_at,
            actor=entry.actor,
            actor_id=entry.actor_id,
            subject_id=entry.subject_id,
            action=entry.action,
            object_id=entry.object_id,
            reason=entry.reason(seal) if seal else None,
        )


def audit_about(user_id: UUID) -> SelectOfScalar[AuditEntry]:
    """Select what was done with a person's data, newest first."""
    return select(AuditEntry).where(AuditEntry.subject_id == user_id).order_by(col(AuditEntry.id).desc())
