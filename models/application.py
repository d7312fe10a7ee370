"""Applications: where each stands, every move it made, each crossing of the fence, and the proof."""

from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.base import Row, now, text_enum, utc
from models.enums import Actor, ApplicationState, AttemptState, EndReason, Origin
from models.errors import IllegalMoveError, TooLateError
from models.job import Job

S = ApplicationState

BEFORE_FENCE = frozenset({S.QUEUED, S.PREPARING, S.APPROVED})
BEHIND_FENCE = frozenset({S.SUBMITTING, S.CONFIRMING})
ACTIVE = BEFORE_FENCE | BEHIND_FENCE
NEVER_SENT = frozenset({S.SKIPPED, S.CANCELLED, S.FAILED, S.NOT_SUBMITTED})
"""The ends that let a new application to the same job begin."""

MOVES: dict[ApplicationState, frozenset[ApplicationState]] = {
    S.QUEUED: frozenset({S.PREPARING, S.CANCELLED, S.SKIPPED, S.FAILED}),
    S.PREPARING: frozenset({S.APPROVED, S.CANCELLED, S.SKIPPED, S.FAILED}),
    S.APPROVED: frozenset({S.SUBMITTING, S.CANCELLED, S.FAILED}),
    # back to approved: only when it is proven that nothing was sent
    S.SUBMITTING: frozenset({S.APPROVED, S.CONFIRMING, S.SUBMITTED, S.FAILED, S.UNKNOWN_OUTCOME}),
    S.CONFIRMING: frozenset({S.SUBMITTED, S.FAILED, S.UNKNOWN_OUTCOME}),
    S.UNKNOWN_OUTCOME: frozenset({S.SUBMITTED, S.NOT_SUBMITTED}),
}


def _never_sent_sql() -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(NEVER_SENT))


class Transition(Row, table=True):
    """One move of an application, kept until the person's erasure."""

    __tablename__ = "application_transition"
    __table_args__ = (Index("ix_application_transition_application", "application_id", "id"),)

    application_id: UUID = Field(foreign_key="application.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    from_state: ApplicationState | None = Field(
        sa_type=text_enum(ApplicationState, "from_state"), nullable=True
    )
    to_state: ApplicationState = Field(sa_type=text_enum(ApplicationState, "to_state"))
    actor: Actor = Field(sa_type=text_enum(Actor))
    reason: EndReason | None = Field(default=None, sa_type=text_enum(EndReason), nullable=True)


class Application(Row, table=True):
    """One person's application to one job.

    The partial unique indexes are the lock against applying twice: they cover every state that may have
    reached the employer or still may.
    """

    __tablename__ = "application"
    __table_args__ = (
        Index(
            "uq_application_job",
            "user_id",
            "job_id",
            unique=True,
            postgresql_where=f"state NOT IN ({_never_sent_sql()})",
        ),
        Index(
            "uq_application_fingerprint",
            "user_id",
            "fingerprint",
            unique=True,
            postgresql_where=f"state NOT IN ({_never_sent_sql()})",
        ),
        Index("ix_application_user", "user_id", "id"),
        Index(
            "ix_application_moved",
            "moved_at",
            postgresql_where="state IN ('queued', 'preparing', 'approved')",
        ),
    )

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    job_id: UUID = Field(foreign_key="job.id")
    fingerprint: str
    origin: Origin = Field(sa_type=text_enum(Origin))
    state: ApplicationState = Field(default=S.QUEUED, sa_type=text_enum(ApplicationState))
    reason: EndReason | None = Field(default=None, sa_type=text_enum(EndReason), nullable=True)
    retryable: bool = False
    moved_at: datetime = Field(default_factory=now, sa_type=utc())
    submitted_at: datetime | None = Field(default=None, sa_type=utc())
    confirmation_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)

    @classmethod
    def queue(cls, user_id: UUID, job: Job, origin: Origin) -> tuple[Self, Transition]:
        """Return a new queued application with its first transition."""
        application = cls(user_id=user_id, job_id=job.id, fingerprint=job.fingerprint, origin=origin)
        actor = Actor.USER if origin is Origin.PERSON else Actor.SYSTEM
        return application, application._transition(None, actor)

    def _transition(self, before: ApplicationState | None, actor: Actor) -> Transition:
        return Transition(
            application_id=self.id,
            user_id=self.user_id,
            from_state=before,
            to_state=self.state,
            actor=actor,
            reason=self.reason,
            created_at=self.moved_at,
        )

    def move(
        self, to: ApplicationState, actor: Actor, reason: EndReason | None = None, *, retryable: bool = False
    ) -> Transition:
        """Go to another state and return the transition to store; IllegalMoveError where none leads there."""
        if to not in MOVES.get(self.state, frozenset()):
            raise IllegalMoveError(f"an application that is {self.state.value} cannot become {to.value}")
        before, self.state, self.reason, self.retryable = self.state, to, reason, retryable
        self.moved_at = now()
        if to is S.SUBMITTED:
            self.submitted_at = self.moved_at
        return self._transition(before, actor)

    def cancel(self) -> Transition:
        """Cancel for the person; TooLateError behind the fence, IllegalMoveError when it has ended."""
        if self.state in BEHIND_FENCE:
            raise TooLateError("the application is already being submitted and cannot be taken back")
        return self.move(S.CANCELLED, Actor.USER, EndReason.CANCELLED_BY_USER)


class Attempt(Row, table=True):
    """One crossing of the submission fence. Its row is committed before the vendor is asked."""

    __tablename__ = "submit_attempt"
    __table_args__ = (
        UniqueConstraint("application_id", "number", name="uq_attempt_number"),
        Index(
            "uq_attempt_unsettled",
            "application_id",
            unique=True,
            postgresql_where="state NOT IN ('absent', 'refused')",
        ),
    )

    application_id: UUID = Field(foreign_key="application.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    number: int
    attempt_key: str = Field(unique=True)
    state: AttemptState = Field(default=AttemptState.OPEN, sa_type=text_enum(AttemptState))
    account_hash: str = Field(description="Whose account at the vendor was asked; see VendorWorkflow.")
    vendor_workflow_id: str
    file_id: str
    posted_at: datetime | None = Field(
        default=None, sa_type=utc(), description="Set before the vendor is asked, and set once."
    )
    run_id: str | None = Field(default=None, unique=True)
    payload_sealed: bytes = Field(
        sa_type=LargeBinary, description="Exactly what the vendor was given to fill in."
    )


class Evidence(Row, table=True):
    """A screenshot that was copied out of the vendor before its link expired, sealed."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("application_id", "artifact_id", name="uq_evidence_artifact"),)

    application_id: UUID = Field(foreign_key="application.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    artifact_id: str
    media_type: str
    sha256: str
    size: int
    content_sealed: bytes = Field(sa_type=LargeBinary)


class VendorWorkflow(SQLModel, table=True):
    """A workflow that was created once in a vendor's account: found again by the hash of its definition.

    `account_hash` is the hex SHA-256 of the API key, since vendors name no account.
    """

    __tablename__ = "vendor_workflow"

    account_hash: str = Field(primary_key=True)
    definition_hash: str = Field(primary_key=True)
    workflow_id: str


class ApplicationCreate(SQLModel):
    """What asks for an application."""

    job_id: UUID


class ApplicationPublic(SQLModel):
    """An application in a list, with enough of its job to be read."""

    id: UUID
    job_id: UUID
    job_title: str
    job_company: str | None
    state: ApplicationState
    reason: EndReason | None
    retryable: bool
    origin: Origin
    created_at: datetime
    moved_at: datetime
    submitted_at: datetime | None


class TransitionPublic(SQLModel):
    """One move, as shown."""

    from_state: ApplicationState | None
    to_state: ApplicationState
    actor: Actor
    reason: EndReason | None
    at: datetime


class EvidencePublic(SQLModel):
    """A screenshot's place and hash."""

    id: UUID
    media_type: str
    sha256: str
    size: int
    url: str


class ApplicationDetail(ApplicationPublic):
    """An application by itself: its moves, what was sent, the confirmation and the screenshots."""

    transitions: list[TransitionPublic]
    sent: dict[str, object] | None
    confirmation: str | None
    run_id: str | None
    evidence: list[EvidencePublic]


def applications_of(user_id: UUID) -> SelectOfScalar[Application]:
    """Select the person's applications."""
    return select(Application).where(Application.user_id == user_id)


def application_locked(application_id: UUID) -> SelectOfScalar[Application]:
    """Select an application for changing it: its row is locked until the transaction ends."""
    return select(Application).where(Application.id == application_id).with_for_update()


def attempts_of(application_id: UUID) -> SelectOfScalar[Attempt]:
    """Select an application's attempts, newest first."""
    return (
        select(Attempt).where(Attempt.application_id == application_id).order_by(col(Attempt.number).desc())
    )
