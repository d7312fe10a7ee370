"""Typed steps whose answers a test scripts; they subclass the real contract, so that they cannot drift."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.notify import begin_notice
from models.enums import ApplicationState, AttemptState, EndReason
from tests.workflows.scripted_person import ScriptedPreparing
from workflows.messages import (
    RUN_GOES_ON,
    ApplicationRef,
    AttemptRef,
    AttemptRun,
    ChatTurnRef,
    Conclusion,
    EndApplication,
    Fence,
    FollowUpPlan,
    NotificationRef,
    OpenAttempt,
    Prepared,
    Staged,
    Submission,
    SubmissionKind,
    Timing,
    Told,
    VoidAttempt,
)
from workflows.steps import (
    ChatTurnSteps,
    FollowUpSteps,
    NotifySteps,
    ReconcileSteps,
)
from workflows.stranded import Stranded

NEVER_SENT = frozenset({ApplicationState.CANCELLED, ApplicationState.DECLINED, ApplicationState.EXPIRED})
QUICK = Timing(call=1.0, settle=0.0, poll=0.01, poll_max=0.05, deadline=30.0, scout_poll=0.01)
PREPARING = Prepared(state=ApplicationState.PREPARING, timing=QUICK, is_followed=True)
APPROVED = Prepared(state=ApplicationState.APPROVED, timing=QUICK)
CONCLUDED = Conclusion(state=ApplicationState.SUBMITTED)
ACCEPTED = Submission(kind=SubmissionKind.ACCEPTED, run_id="wr_1")
ABSENT = Submission(kind=SubmissionKind.NOT_CREATED)
BUSY = Submission(kind=SubmissionKind.NOT_CREATED, reason=EndReason.PROVIDER_ERROR, retry_after=0.0)
AMBIGUOUS = Submission(kind=SubmissionKind.AMBIGUOUS)


def lost() -> Submission:
    """Behave like a worker that dies while it submits."""
    raise ApplicationError("the answer never arrived", type="lost", non_retryable=True)


@dataclass
class ScriptedAutoApply(ScriptedPreparing):
    """Every list is consumed from its head; its last entry stays."""

    submissions: list[Submission | Callable[[], Submission]] = field(default_factory=lambda: [ACCEPTED])
    look_ups: list[Submission] = field(default_factory=lambda: [ACCEPTED])
    readings: list[bool] = field(default_factory=lambda: [True])
    concluded: Conclusion = CONCLUDED
    prepared: Prepared = APPROVED
    fence_closed: ApplicationState | None = None
    staging_fails: str | None = None
    watching_fails: str | None = None
    told_of_run: bool = False
    evidence_fails: bool = False
    holds: list[float] = field(default_factory=lambda: [0.0])
    fences: list[Fence] = field(default_factory=list)
    watched: asyncio.Event = field(default_factory=asyncio.Event)
    voided: list[AttemptState] = field(default_factory=list)
    ended: list[EndApplication] = field(default_factory=list)

    @activity.defn
    async def prepare(self, application: ApplicationRef) -> Prepared:
        """Answer as scripted."""
        return self.prepared

    @activity.defn
    async def stage(self, application: ApplicationRef) -> Staged:
        """Answer, or fail with the scripted type."""
        await self.count("stage")
        if self.staging_fails:
            raise ApplicationError("refused", type=self.staging_fails, non_retryable=True)
        hold = self.holds.pop(0) if len(self.holds) > 1 else self.holds[0]
        if hold > 0 and self.state not in NEVER_SENT:
            return Staged(vendor_workflow_id="", file_id="", wait=hold)
        return Staged(vendor_workflow_id="wpid_1", file_id="file_1")

    @activity.defn
    async def open_attempt(self, request: OpenAttempt) -> Fence:
        """Open, unless the script closed the fence."""
        await self.count("open_attempt")
        if self.fences:
            fence = self.fences.pop(0)
            self.state = fence.state
            return fence
        if self.fence_closed is not None or self.state in NEVER_SENT:
            return Fence(state=self.fence_closed or self.state)
        return Fence(state=ApplicationState.SUBMITTING, attempt=attempt_of(request.application))

    @activity.defn
    async def submit(self, attempt: AttemptRef) -> Submission:
        """Answer as scripted."""
        self.calls["submit"] += 1
        answer = self.submissions.pop(0) if len(self.submissions) > 1 else self.submissions[0]
        return answer if isinstance(answer, Submission) else answer()

    @activity.defn
    async def look_up(self, attempt: AttemptRef) -> Submission:
        """Answer as scripted."""
        self.calls["look_up"] += 1
        return self.look_ups.pop(0) if len(self.look_ups) > 1 else self.look_ups[0]

    @activity.defn
    async def record_run(self, run: AttemptRun) -> None:
        """Count."""
        self.calls["record_run"] += 1

    @activity.defn
    async def void_attempt(self, void: VoidAttempt) -> Fence:
        """Remember the state."""
        if self.told_of_run:
            return Fence(state=ApplicationState.SUBMITTING, attempt=void.attempt)
        self.voided.append(void.state)
        return Fence(state=ApplicationState.APPROVED)

    @activity.defn
    async def watch_run(self, attempt: AttemptRef) -> None:
        """Return, or fail benignly, as scripted."""
        self.calls["watch_run"] += 1
        self.watched.set()
        if self.watching_fails:
            raise ApplicationError("refused", type=self.watching_fails, non_retryable=True)
        if not (self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]):
            raise ApplicationError("not yet", type=RUN_GOES_ON, category=ApplicationErrorCategory.BENIGN)

    @activity.defn
    async def conclude(self, attempt: AttemptRef) -> Conclusion:
        """Answer as scripted."""
        self.calls["conclude"] += 1
        return self.concluded

    @activity.defn
    async def give_up(self, attempt: AttemptRef) -> Conclusion:
        """Give up for the reason of time."""
        self.calls["give_up"] += 1
        return Conclusion(state=ApplicationState.UNKNOWN_OUTCOME, reason=EndReason.TIMEOUT)

    @activity.defn
    async def copy_evidence(self, attempt: AttemptRef) -> int:
        """Count, or fail for good."""
        self.calls["copy_evidence"] += 1
        if self.evidence_fails:
            raise ApplicationError("gone", type="gone", non_retryable=True)
        return 1

    @activity.defn
    async def end(self, request: EndApplication) -> Conclusion:
        """Remember the end."""
        self.ended.append(request)
        return Conclusion(state=request.state, reason=request.reason)


@dataclass
class ScriptedNotify(NotifySteps):
    """Remembers what it was told to send."""

    sent: list[UUID] = field(default_factory=list)

    @activity.defn
    async def begin_notice(self, notification: NotificationRef) -> None:
        """Begin as the real step does."""
        await begin_notice(notification)

    @activity.defn
    async def send(self, notification: NotificationRef) -> None:
        """Remember."""
        self.sent.append(notification.notification_id)


@dataclass
class ScriptedChatTurn(ChatTurnSteps):
    """Answers, or fails as scripted."""

    fails: str | None = None
    failed: list[UUID] = field(default_factory=list)

    @activity.defn
    async def answer(self, turn: ChatTurnRef) -> None:
        """Do nothing, or fail for good."""
        if self.fails:
            raise ApplicationError("refused", type=self.fails, non_retryable=True)

    @activity.defn
    async def fail(self, turn: ChatTurnRef) -> None:
        """Remember."""
        self.failed.append(turn.message_id)


@dataclass
class ScriptedFollowUp(FollowUpSteps):
    """Reminds and proposes at moments from now on, in seconds."""

    remind_in: float = 0.0
    ghosted_in: float = 0.1
    told: list[str] = field(default_factory=list)
    plans: int = 0
    is_over: bool = False
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    planned: asyncio.Event = field(default_factory=asyncio.Event)

    @activity.defn
    async def plan_follow_up(self, application: ApplicationRef) -> FollowUpPlan:
        """Plan what was not told."""
        self.plans += 1
        self.planned.set()
        if self.is_over or "ghosted" in self.told:
            return FollowUpPlan()
        ghosted_at = self.began + timedelta(seconds=self.ghosted_in)
        if "reminder" in self.told:
            return FollowUpPlan(ghosted_at=ghosted_at)
        return FollowUpPlan(remind_at=self.began + timedelta(seconds=self.remind_in), ghosted_at=ghosted_at)

    @activity.defn
    async def remind_to_follow_up(self, application: ApplicationRef) -> Told:
        """Remember."""
        self.told.append("reminder")
        return Told(notification_id=uuid4())

    @activity.defn
    async def propose_ghosted(self, application: ApplicationRef) -> Told:
        """Remember."""
        self.told.append("ghosted")
        return Told(notification_id=uuid4())


@dataclass
class ScriptedReconcile(ReconcileSteps):
    """One of each kind is stranded."""

    stranded: Stranded = field(
        default_factory=lambda: Stranded(
            applications=[an_application()],
            chat_turns=[ChatTurnRef(message_id=uuid4(), user_id=uuid4())],
            notifications=[NotificationRef(notification_id=uuid4(), user_id=uuid4())],
            rings=[an_application()],
            follow_ups=[an_application()],
        )
    )

    @activity.defn
    async def find_stranded(self) -> Stranded:
        """Answer as scripted."""
        return self.stranded


def attempt_of(application: ApplicationRef) -> AttemptRef:
    """Return a new attempt of an application."""
    return AttemptRef(
        application_id=application.application_id, user_id=application.user_id, attempt_id=uuid4()
    )


def an_application() -> ApplicationRef:
    """Return a reference to a new application."""
    return ApplicationRef(application_id=uuid4(), user_id=uuid4(), job_id=uuid4())


def implementations(steps: object) -> list[Callable[..., Awaitable[object]]]:
    """Return the activities of a steps object: the methods that its contract names."""
    names: set[str] = set()
    for base in type(steps).__mro__:
        names |= getattr(base, "__abstractmethods__", frozenset())
    return [getattr(steps, name) for name in sorted(names)]
