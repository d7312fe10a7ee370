"""Every terminal path of every workflow, as the scripted steps that lead there; each has its history."""

from collections.abc import Callable
from uuid import UUID, uuid4

from temporalio.client import Client, WorkflowHistory

from models.enums import ApplicationState, EndReason
from tests.workflows.running import start
from tests.workflows.scripted import (
    ABSENT,
    ACCEPTED,
    AMBIGUOUS,
    APPROVED,
    BUSY,
    QUICK,
    ScriptedAutoApply,
    ScriptedChatTurn,
    ScriptedJobFetch,
    ScriptedNotify,
    ScriptedReconcile,
    ScriptedSweep,
    an_application,
    attempt_of,
    lost,
)
from workflows.auto_apply_sweep import AutoApplySweep
from workflows.chat_turn import ChatTurn
from workflows.ids import TASK_QUEUE
from workflows.job_fetch import JobFetch
from workflows.messages import (
    ChatTurnRef,
    Conclusion,
    NotificationRef,
    Prepared,
    Submission,
    SubmissionKind,
    SweepCursor,
)
from workflows.notify import Notify
from workflows.reconcile import Reconcile

FIRST, SECOND = UUID(int=1), UUID(int=2)
NOTIFIED = Conclusion(state=ApplicationState.SUBMITTED, notification_id=UUID(int=7))
REFUSED = Submission(kind=SubmissionKind.REFUSED, reason=EndReason.CREDENTIALS_REFUSED)
BEHIND_FENCE = Prepared(state=ApplicationState.SUBMITTING, timing=QUICK, attempt=attempt_of(an_application()))
HASTY = APPROVED.model_copy(update={"timing": QUICK.model_copy(update={"deadline": 0.2})})

APPLICATIONS: dict[str, Callable[[], ScriptedAutoApply]] = {
    "submitted": lambda: ScriptedAutoApply(concluded=NOTIFIED),
    "submitted_after_polls": lambda: ScriptedAutoApply(readings=[False, True]),
    "submitted_after_a_lost_answer": lambda: ScriptedAutoApply(submissions=[lost]),
    "submitted_at_the_second_look": lambda: ScriptedAutoApply(
        submissions=[lost], look_ups=[ABSENT, ACCEPTED]
    ),
    "submitted_after_proven_absence": lambda: ScriptedAutoApply(
        submissions=[AMBIGUOUS, ACCEPTED], look_ups=[ABSENT]
    ),
    "submitted_as_the_webhook_told": lambda: ScriptedAutoApply(
        submissions=[AMBIGUOUS], look_ups=[ABSENT, ABSENT, ACCEPTED], told_of_run=True
    ),
    "submitted_after_refusals": lambda: ScriptedAutoApply(submissions=[BUSY, BUSY, ACCEPTED]),
    "submitted_without_evidence": lambda: ScriptedAutoApply(evidence_fails=True),
    "resumed_behind_the_fence": lambda: ScriptedAutoApply(prepared=BEHIND_FENCE),
    "resumed_and_absent": lambda: ScriptedAutoApply(prepared=BEHIND_FENCE, look_ups=[ABSENT]),
    "resumed_and_unknown": lambda: ScriptedAutoApply(prepared=BEHIND_FENCE, look_ups=[AMBIGUOUS]),
    "failed_as_absent_twice": lambda: ScriptedAutoApply(submissions=[AMBIGUOUS], look_ups=[ABSENT]),
    "failed_as_busy": lambda: ScriptedAutoApply(submissions=[BUSY]),
    "failed_as_refused": lambda: ScriptedAutoApply(submissions=[REFUSED]),
    "failed_before_the_fence": lambda: ScriptedAutoApply(staging_fails="credentials_refused"),
    "unknown_outcome": lambda: ScriptedAutoApply(submissions=[lost], look_ups=[AMBIGUOUS]),
    "given_up_at_the_deadline": lambda: ScriptedAutoApply(readings=[False], prepared=HASTY),
    "given_up_as_unreadable": lambda: ScriptedAutoApply(watching_fails="credentials_refused"),
    "cancelled": lambda: ScriptedAutoApply(fence_closed=ApplicationState.CANCELLED),
    "ended_before": lambda: ScriptedAutoApply(
        prepared=Prepared(state=ApplicationState.CANCELLED, timing=QUICK)
    ),
}


OTHERS: dict[str, tuple[Callable[[], object], type, Callable[[], tuple[object, ...]]]] = {
    "chat_turn_answered": (ScriptedChatTurn, ChatTurn, lambda: (a_turn(),)),
    "chat_turn_failed": (lambda: ScriptedChatTurn(fails="invalid_api_key"), ChatTurn, lambda: (a_turn(),)),
    "job_fetch": (lambda: ScriptedJobFetch(pages={FIRST: 2, SECOND: 1}), JobFetch, tuple),
    "job_fetch_with_an_error": (
        lambda: ScriptedJobFetch(pages={FIRST: 1, SECOND: 1}, failures={FIRST: "unsupported_country"}),
        JobFetch,
        tuple,
    ),
    "job_fetch_stopped": (
        lambda: ScriptedJobFetch(pages={FIRST: 1, SECOND: 1}, failures={FIRST: "credentials_refused"}),
        JobFetch,
        tuple,
    ),
    "sweep": (ScriptedSweep, AutoApplySweep, lambda: (SweepCursor(),)),
    "reconcile": (ScriptedReconcile, Reconcile, tuple),
    "notify": (
        ScriptedNotify,
        Notify,
        lambda: (NotificationRef(notification_id=uuid4(), user_id=uuid4()),),
    ),
}


def a_turn() -> ChatTurnRef:
    """Return a reference to a new answer."""
    return ChatTurnRef(message_id=uuid4(), user_id=uuid4())


async def run_application(client: Client) -> WorkflowHistory:
    """Run an application to its end and return its history."""
    handle = await start(client, an_application())
    await handle.result()
    return await handle.fetch_history()


async def run_other(client: Client, name: str) -> WorkflowHistory:
    """Run one of the other workflows to its end and return its history."""
    _, workflow, arguments = OTHERS[name]
    handle = await client.start_workflow(
        workflow.__name__, args=list(arguments()), id=f"{name}-{uuid4()}", task_queue=TASK_QUEUE
    )
    await handle.result()
    return await handle.fetch_history()
