"""Applications: where each stands, how it may go on, and each crossing of the fence."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from sqlalchemy import Index, LargeBinary, TextClause, UniqueConstraint, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.answering_enums import LogKind
from models.application_log import FIRST_HASH, LogEntry, next_entry
from models.base import Row, now, text_enum, utc
from models.enums import (
    Actor,
    ApplicationState,
    AttemptState,
    AutomationMode,
    EndReason,
    Origin,
    Outcome,
    Stage,
)
from models.errors import IllegalMoveError, TooLateError
from models.fingerprint import canonical_url, normal_company
from models.job import Job

S = ApplicationState

BEFORE_FENCE = frozenset({S.QUEUED, S.PREPARING, S.NEEDS_INPUT, S.AWAITING_APPROVAL, S.APPROVED})
BEHIND_FENCE = frozenset({S.SUBMITTING, S.CONFIRMING})
ACTIVE = BEFORE_FENCE | BEHIND_FENCE
NEEDS_PERSON = frozenset({S.NEEDS_INPUT, S.AWAITING_APPROVAL, S.UNKNOWN_OUTCOME})
"""The states in which nothing goes on without the person."""

NEVER_SENT = frozenset({S.SKIPPED, S.DECLINED, S.CANCELLED, S.EXPIRED, S.FAILED, S.NOT_SUBMITTED})
"""The ends that let a new application to the same job begin."""

WITHDRAWN = frozenset({S.CANCELLED, S.DECLINED})
"""The ends that the person brings about in the row, while the workflow may still wait."""

UNHEARD = "state = 'submitted' AND stage = 'applied' AND outcome IS NULL AND ghosted_proposed_at IS NULL"
"""SQL: submitted, and nothing heard since that the person told us of."""

_MAY_BE_WITH_EMPLOYER = frozenset({S.SUBMITTED, S.UNKNOWN_OUTCOME})
_ENDS_BEFORE_FENCE = frozenset({S.CANCELLED, S.EXPIRED, S.FAILED, S.SKIPPED})

MOVES: dict[ApplicationState, frozenset[ApplicationState]] = {
    S.QUEUED: _ENDS_BEFORE_FENCE | {S.PREPARING},
    S.PREPARING: _ENDS_BEFORE_FENCE | {S.NEEDS_INPUT, S.AWAITING_APPROVAL, S.APPROVED},
    S.NEEDS_INPUT: _ENDS_BEFORE_FENCE | {S.PREPARING},
    # back to preparing: an answer was taken out again, or a document has to be made anew
    S.AWAITING_APPROVAL: _ENDS_BEFORE_FENCE | {S.PREPARING, S.APPROVED, S.DECLINED},
    # back to awaiting approval: what would be sent is no longer what was shown
    S.APPROVED: _ENDS_BEFORE_FENCE | {S.SUBMITTING, S.AWAITING_APPROVAL},
    # back to approved: only when it is proven that nothing was sent
    S.SUBMITTING: frozenset({S.APPROVED, S.CONFIRMING, S.SUBMITTED, S.FAILED, S.UNKNOWN_OUTCOME}),
    S.CONFIRMING: frozenset({S.SUBMITTED, S.FAILED, S.UNKNOWN_OUTCOME}),
    S.UNKNOWN_OUTCOME: frozenset({S.SUBMITTED, S.NOT_SUBMITTED}),
}


def _sql_of(states: frozenset[ApplicationState]) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


HELD = f"state NOT IN ({_sql_of(NEVER_SENT)})"
"""SQL: it may have reached the employer, or still may."""


class Application(Row, table=True):
    """One person's application to one job.

    The partial unique indexes are the lock against applying twice: they cover every state that may have
    reached the employer or still may. `apply_url` is the canonical address of the form, known once the form
    was seen; before that it is the advert's.
    """

    __tablename__ = "application"
    __table_args__ = (
        Index("uq_application_job", "user_id", "job_id", unique=True, postgresql_where=HELD),
        Index("uq_application_fingerprint", "user_id", "fingerprint", unique=True, postgresql_where=HELD),
        Index("uq_application_url", "user_id", "apply_url", unique=True, postgresql_where=HELD),
        Index("ix_application_user", "user_id", "id"),
        Index("ix_application_job", "job_id"),
        Index("ix_application_claimed", "user_id", "created_at"),
        Index(
            "ix_application_unbegun",
            "user_id",
            "id",
            postgresql_where="state = 'queued' AND origin = 'sweep'",
        ),
        Index("ix_application_moved", "moved_at", postgresql_where=f"state IN ({_sql_of(ACTIVE)})"),
        Index("ix_application_withdrawn", "moved_at", postgresql_where=f"state IN ({_sql_of(WITHDRAWN)})"),
        Index("ix_application_unheard", "submitted_at", postgresql_where=UNHEARD),
    )

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    job_id: UUID = Field(foreign_key="job.id")
    fingerprint: str
    company_key: str = Field(default="", description="The employer's normal name; caps count by it.")
    apply_url: str = ""
    host: str | None = Field(default=None, description="The careers site's host, once the form was seen.")
    origin: Origin = Field(sa_type=text_enum(Origin))
    mode: AutomationMode = Field(
        default=AutomationMode.REVIEW, sa_type=text_enum(AutomationMode), description="Review or auto."
    )
    state: ApplicationState = Field(default=S.QUEUED, sa_type=text_enum(ApplicationState))
    reason: EndReason | None = Field(default=None, sa_type=text_enum(EndReason), nullable=True)
    retryable: bool = False
    moved_at: datetime = Field(default_factory=now, sa_type=utc())
    score: int | None = Field(default=None, description="0 to 100, when the application was asked for.")
    confidence: float | None = Field(default=None, description="0 to 1: the share of the score with data.")
    near_duplicate_of: UUID | None = Field(
        default=None, description="An application of the last 30 days to what may be the same job."
    )
    scouted_at: datetime | None = Field(default=None, sa_type=utc())
    asked_at: datetime | None = Field(
        default=None, sa_type=utc(), description="When the person was last asked for answers or approval."
    )
    deadline_at: datetime | None = Field(
        default=None, sa_type=utc(), description="Until when the person's answer or approval is waited for."
    )
    approved_hash: str | None = Field(default=None, description="What was shown when it was approved.")
    undo_until: datetime | None = Field(
        default=None, sa_type=utc(), description="Until when an approved application stays unsent."
    )
    submitted_at: datetime | None = Field(default=None, sa_type=utc())
    confirmation_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    stage: Stage | None = Field(default=None, sa_type=text_enum(Stage), nullable=True)
    outcome: Outcome | None = Field(default=None, sa_type=text_enum(Outcome), nullable=True)
    progress_at: datetime | None = Field(
        default=None, sa_type=utc(), description="When the person last set stage or outcome."
    )
    ghosted_proposed_at: datetime | None = Field(default=None, sa_type=utc())
    notes_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    log_length: int = 0
    log_head: str = Field(default=FIRST_HASH, description="The hash of the newest entry of its log.")

    @classmethod
    def queue(
        cls, user_id: UUID, job: Job, origin: Origin, mode: AutomationMode = AutomationMode.REVIEW
    ) -> tuple[Self, LogEntry]:
        """Return a new queued application with the first entry of its log."""
        application = cls(
            user_id=user_id,
            job_id=job.id,
            fingerprint=job.fingerprint,
            company_key=normal_company(job.company or ""),
            apply_url=canonical_url(job.url),
            origin=origin,
            mode=mode,
        )
        actor = Actor.USER if origin is Origin.PERSON else Actor.SYSTEM
        return application, application._log_move(None, actor)

    def log(self, kind: LogKind, **data: str | int | float | bool | None) -> LogEntry:
        """Return the next entry of the application's log, to be stored while its row is locked.

        `data` holds ids, hashes, counts and words of closed sets: nothing personal.
        """
        entry = next_entry(self.id, self.user_id, self.log_length, self.log_head, kind, data)
        self.log_length, self.log_head = entry.number, entry.hash
        return entry

    def _log_move(self, before: ApplicationState | None, actor: Actor) -> LogEntry:
        return self.log(
            LogKind.MOVED,
            **{"from": before.value if before else None},
            to=self.state.value,
            actor=actor.value,
            reason=self.reason.value if self.reason else None,
        )

    def move(
        self, to: ApplicationState, actor: Actor, reason: EndReason | None = None, *, retryable: bool = False
    ) -> LogEntry:
        """Go to another state and return the entry to store; IllegalMoveError where none leads there."""
        if to not in MOVES.get(self.state, frozenset()):
            raise IllegalMoveError(f"an application that is {self.state.value} cannot become {to.value}")
        before, self.state, self.reason, self.retryable = self.state, to, reason, retryable
        self.moved_at = now()
        if to is S.SUBMITTED:
            self.submitted_at, self.stage = self.moved_at, Stage.APPLIED
        return self._log_move(before, actor)

    def cancel(self) -> LogEntry:
        """Cancel for the person; TooLateError behind the fence, also later where the employer has it or may.

        IllegalMoveError where it has ended without reaching the employer.
        """
        if self.state in BEHIND_FENCE | _MAY_BE_WITH_EMPLOYER:
            raise TooLateError("the application is or was already being submitted and cannot be taken back")
        return self.move(S.CANCELLED, Actor.USER, EndReason.CANCELLED_BY_USER)

    def ask(self, state: ApplicationState, days: float) -> LogEntry:
        """Wait for the person, for answers or for approval, and return the entry to store."""
        entry = self.move(state, Actor.SYSTEM)
        self.asked_at, self.deadline_at = self.moved_at, self.moved_at + timedelta(days=days)
        return entry

    def ask_again(self, days: float) -> None:
        """Give the person their time anew, where the application was sent back to them."""
        self.asked_at = now()
        self.deadline_at = self.asked_at + timedelta(days=days)

    def approve(self, actor: Actor, shown_hash: str, undo_minutes: float) -> list[LogEntry]:
        """Approve exactly what was shown; it stays unsent until `undo_until`."""
        if self.state not in {S.PREPARING, S.AWAITING_APPROVAL}:
            raise IllegalMoveError(f"an application that is {self.state.value} cannot be approved")
        approved = self.log(LogKind.APPROVED, actor=actor.value, shown_hash=shown_hash)
        moved = self.move(S.APPROVED, actor)
        self.approved_hash = shown_hash
        self.undo_until = self.moved_at + timedelta(minutes=undo_minutes)
        return [approved, moved]


class Attempt(Row, table=True):
    """One crossing of the submission fence. Its row is committed before the vendor is asked."""

    __tablename__ = "submit_attempt"
    __table_args__ = (
        UniqueConstraint("application_id", "number", name="uq_attempt_number"),
        Index("ix_attempt_user", "user_id", "created_at"),
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
    paused_at: datetime | None = Field(
        default=None, sa_type=utc(), description="When the vendor's run was first seen to wait for somebody."
    )
    payload_sealed: bytes = Field(
        sa_type=LargeBinary, description="Exactly what the vendor was given to fill in."
    )


class VendorWorkflow(SQLModel, table=True):
    """A workflow that was created once in a vendor's account: found again by the hash of its definition.

    `account_hash` is the hex SHA-256 of the API key, since vendors name no account.
    """

    __tablename__ = "vendor_workflow"

    account_hash: str = Field(primary_key=True)
    definition_hash: str = Field(primary_key=True)
    workflow_id: str


def stands_in(*states: ApplicationState) -> TextClause:
    """Return the condition that an application stands in one of these states.

    It is written out, without parameters, so that the partial indexes serve it under every plan.
    """
    return text(f"application.state IN ({_sql_of(frozenset(states))})")


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
