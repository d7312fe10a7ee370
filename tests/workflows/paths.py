"""Every terminal path of every workflow, as the scripted steps that lead there; each has its history."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from temporalio.client import Client, WorkflowHandle, WorkflowHistory

from models.account_enums import RetainedKind
from models.enums import ApplicationState, EndReason
from tests.workflows.running import start
from tests.workflows.scripted import (
    ABSENT,
    ACCEPTED,
    AMBIGUOUS,
    APPROVED,
    BUSY,
    PREPARING,
    QUICK,
    ScriptedAutoApply,
    ScriptedChatTurn,
    ScriptedFollowUp,
    ScriptedNotify,
    ScriptedReconcile,
    an_application,
    attempt_of,
    lost,
)
from tests.workflows.scripted_account import (
    ScriptedExport,
    ScriptedRetention,
    ScriptedTokenMail,
    a_token_mail,
    an_export,
)
from tests.workflows.scripted_erasure import ScriptedErasure, an_erasure
from tests.workflows.scripted_jobs import ScriptedJobFetch, ScriptedSweep, ScriptedUpkeep
from tests.workflows.scripted_person import a_choice
from workflows.account_erasure import AccountErasure
from workflows.account_export import AccountExport
from workflows.account_messages import RetentionPlace
from workflows.auto_apply import AutoApply
from workflows.auto_apply_sweep import AutoApplySweep
from workflows.chat_turn import ChatTurn
from workflows.follow_up import FollowUp
from workflows.ids import TASK_QUEUE
from workflows.job_fetch import JobFetch
from workflows.job_messages import MatchCursor, PersonRef, SweepCursor, UpkeepPlace
from workflows.job_upkeep import JobUpkeep
from workflows.match_jobs import MatchJobs
from workflows.match_person import MatchPerson
from workflows.messages import (
    Approve,
    ChatTurnRef,
    Conclusion,
    Fence,
    GiveAnswers,
    GivenShape,
    NotificationRef,
    Prepared,
    Submission,
    SubmissionKind,
)
from workflows.notify import Notify
from workflows.reconcile import Reconcile
from workflows.retention import Retention
from workflows.stranded import Stranded
from workflows.token_mail import TokenMail

S = ApplicationState
FIRST, SECOND, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)
NOTIFIED = Conclusion(state=ApplicationState.SUBMITTED, notification_id=UUID(int=7))
REFUSED = Submission(kind=SubmissionKind.REFUSED, reason=EndReason.CREDENTIALS_REFUSED)
BEHIND_FENCE = Prepared(state=ApplicationState.SUBMITTING, timing=QUICK, attempt=attempt_of(an_application()))
HASTY = APPROVED.model_copy(update={"timing": QUICK.model_copy(update={"deadline": 0.2})})

SOON = timedelta(seconds=0.3)
HOUR = 3600.0
SETTLING = PREPARING.model_copy(update={"timing": QUICK.model_copy(update={"settle": 0.1})})
UNREADABLE = PREPARING.model_copy(update={"timing": QUICK.model_copy(update={"scout_deadline": 0.3})})
PATIENT = PREPARING.model_copy(update={"timing": QUICK.model_copy(update={"scout_poll": 600.0})})

Handle = WorkflowHandle[AutoApply, Conclusion]
Play = Callable[[ScriptedAutoApply, Handle], Awaitable[None]]


async def _nothing(steps: ScriptedAutoApply, handle: Handle) -> None:
    """Do nothing meanwhile."""


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


def _reviewed(**script: Any) -> ScriptedAutoApply:  # noqa: ANN401 -- any part of the script
    return ScriptedAutoApply(prepared=PREPARING, is_auto=False, **script)


def _questioned(**script: Any) -> ScriptedAutoApply:  # noqa: ANN401 -- as above
    return ScriptedAutoApply(prepared=PREPARING, shapes=[a_choice()], **script)


async def _answer(steps: ScriptedAutoApply, handle: Handle) -> None:
    """Give every answer, in one update."""
    await steps.until("answer")
    given = [GivenShape(question_id=each.question_id, chosen=1) for each in steps.shapes]
    await handle.execute_update(AutoApply.give_answers, GiveAnswers(answers=given))


async def _answer_after_a_reminder(steps: ScriptedAutoApply, handle: Handle) -> None:
    await steps.until("remind")
    await _answer(steps, handle)


async def _approve(steps: ScriptedAutoApply, handle: Handle) -> None:
    """Approve what is shown."""
    await steps.until("decide")
    await handle.execute_update(AutoApply.approve, Approve(shown_hash=steps.shown_hash))


async def _answer_and_approve(steps: ScriptedAutoApply, handle: Handle) -> None:
    await _answer(steps, handle)
    await _approve(steps, handle)


async def _approve_twice(steps: ScriptedAutoApply, handle: Handle) -> None:
    await _approve(steps, handle)
    await steps.until("decide", 3)
    await handle.execute_update(AutoApply.approve, Approve(shown_hash=steps.shown_hash))


def _withdraw(step: str, times: int, end: ApplicationState) -> Play:
    async def play(steps: ScriptedAutoApply, handle: Handle) -> None:
        await steps.until(step, times)
        steps.state = end
        await handle.signal(AutoApply.doorbell)

    return play


async def _approve_and_cancel(steps: ScriptedAutoApply, handle: Handle) -> None:
    await _approve(steps, handle)
    await _withdraw("decide", 2, S.CANCELLED)(steps, handle)


async def _switch_on(steps: ScriptedAutoApply, handle: Handle) -> None:
    await steps.until("stage")
    await handle.signal(AutoApply.doorbell)


PLAYED: dict[str, tuple[Callable[[], ScriptedAutoApply], Play]] = {
    "prepared_and_submitted": (lambda: ScriptedAutoApply(prepared=PREPARING), _nothing),
    "answered_and_submitted": (_questioned, _answer),
    "reminded_and_submitted": (
        lambda: _questioned(asked_ago=timedelta(hours=1) - SOON),
        _answer_after_a_reminder,
    ),
    "answered_approved_and_submitted": (
        lambda: _reviewed(shapes=[a_choice()], undo=SOON),
        _answer_and_approve,
    ),
    "approved_and_submitted": (_reviewed, _approve),
    "approved_again_and_submitted": (
        lambda: _reviewed(fences=[Fence(state=S.AWAITING_APPROVAL)]),
        _approve_twice,
    ),
    "held_and_submitted": (
        lambda: ScriptedAutoApply(prepared=PREPARING, holds=[HOUR, 0.0]),
        _switch_on,
    ),
    "settled_and_submitted": (
        lambda: ScriptedAutoApply(prepared=SETTLING, submissions=[AMBIGUOUS], look_ups=[ABSENT, ACCEPTED]),
        _nothing,
    ),
    "skipped_at_once": (
        lambda: ScriptedAutoApply(
            prepared=Prepared(state=S.SKIPPED, timing=QUICK, reason=EndReason.AUTOMATION_OFF)
        ),
        _nothing,
    ),
    "failed_at_once": (
        lambda: ScriptedAutoApply(
            prepared=Prepared(
                state=S.FAILED,
                timing=QUICK,
                reason=EndReason.PROFILE_INCOMPLETE,
                notification_id=UUID(int=7),
            )
        ),
        _nothing,
    ),
    "failed_at_the_form": (
        lambda: ScriptedAutoApply(
            prepared=PREPARING,
            scouted=Conclusion(state=S.FAILED, reason=EndReason.CAPTCHA, notification_id=UUID(int=7)),
        ),
        _nothing,
    ),
    "failed_as_the_form_was_never_read": (
        lambda: ScriptedAutoApply(prepared=UNREADABLE, looks=[False]),
        _nothing,
    ),
    "failed_as_the_look_was_refused": (
        lambda: ScriptedAutoApply(prepared=PREPARING, scout_fails="credentials_refused"),
        _nothing,
    ),
    "cancelled_at_the_form": (
        lambda: ScriptedAutoApply(prepared=PATIENT, looks=[False]),
        _withdraw("scout", 1, S.CANCELLED),
    ),
    "cancelled_while_asked": (_questioned, _withdraw("answer", 1, S.CANCELLED)),
    "cancelled_while_shown": (_reviewed, _withdraw("decide", 1, S.CANCELLED)),
    "cancelled_within_the_undo_window": (lambda: _reviewed(undo=timedelta(days=1)), _approve_and_cancel),
    "cancelled_while_held": (
        lambda: ScriptedAutoApply(prepared=PREPARING, holds=[HOUR]),
        _withdraw("stage", 1, S.CANCELLED),
    ),
    "declined": (_reviewed, _withdraw("decide", 1, S.DECLINED)),
    "expired_while_asked": (lambda: _questioned(input_time=SOON), _nothing),
    "expired_while_shown": (lambda: _reviewed(input_time=SOON), _nothing),
}
"""Paths on which somebody does something meanwhile."""

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
    "job_fetch_by_two_keys": (
        lambda: ScriptedJobFetch(
            pages={FIRST: 3, SECOND: 1, THIRD: 1, UUID(int=4): 1},
            failures={SECOND: "budget_spent"},
            key_ids=(UUID(int=8), UUID(int=9), UUID(int=9), UUID(int=8)),
            page_limits=(2, 1, 1, 1),
        ),
        JobFetch,
        tuple,
    ),
    "sweep": (ScriptedSweep, AutoApplySweep, lambda: (SweepCursor(),)),
    "reconcile": (ScriptedReconcile, Reconcile, tuple),
    "reconcile_with_rings": (ScriptedReconcile, Reconcile, tuple),
    "reconcile_with_token_mails": (
        lambda: ScriptedReconcile(
            Stranded(applications=[], chat_turns=[], notifications=[], token_mails=[a_token_mail()])
        ),
        Reconcile,
        tuple,
    ),
    "reconcile_with_exports": (
        lambda: ScriptedReconcile(
            Stranded(applications=[], chat_turns=[], notifications=[], exports=[an_export()])
        ),
        Reconcile,
        tuple,
    ),
    "export": (ScriptedExport, AccountExport, lambda: (an_export(),)),
    "export_of_nothing": (
        lambda: ScriptedExport(notification_id=None),
        AccountExport,
        lambda: (an_export(),),
    ),
    "export_given_up": (lambda: ScriptedExport(fails="seal"), AccountExport, lambda: (an_export(),)),
    "token_mail": (ScriptedTokenMail, TokenMail, lambda: (a_token_mail(),)),
    "erasure": (ScriptedErasure, AccountErasure, lambda: (an_erasure(),)),
    "erasure_with_much_left": (
        lambda: ScriptedErasure(
            left={"end_workflows": [3, 1], "delete_rows": [2], "delete_histories": [5, 5]}
        ),
        AccountErasure,
        lambda: (an_erasure(),),
    ),
    "erasure_undone": (lambda: ScriptedErasure(undone=True), AccountErasure, lambda: (an_erasure(),)),
    "erasure_undone_at_the_last_moment": (
        lambda: ScriptedErasure(undone_when_frozen=True),
        AccountErasure,
        lambda: (an_erasure(),),
    ),
    "reconcile_with_erasures": (
        lambda: ScriptedReconcile(
            Stranded(applications=[], chat_turns=[], notifications=[], erasures=[an_erasure()])
        ),
        Reconcile,
        tuple,
    ),
    "sweep_after_matching": (ScriptedSweep, AutoApplySweep, lambda: (SweepCursor(),)),
    "sweep_with_strong_matches": (
        lambda: ScriptedSweep(strong_pages=2),
        AutoApplySweep,
        lambda: (SweepCursor(),),
    ),
    "job_fetch_with_news": (
        lambda: ScriptedJobFetch(pages={FIRST: 1}, new=3),
        JobFetch,
        tuple,
    ),
    "match_jobs": (lambda: ScriptedSweep(strong_pages=2), MatchJobs, lambda: (MatchCursor(),)),
    "match_person": (ScriptedSweep, MatchPerson, lambda: (PersonRef(user_id=uuid4()),)),
    "job_upkeep": (
        lambda: ScriptedUpkeep(pages={"expire_jobs": 2, "prune_jobs": 2}),
        JobUpkeep,
        lambda: (UpkeepPlace(),),
    ),
    "job_upkeep_with_an_error": (
        lambda: ScriptedUpkeep(fails="price_jobs"),
        JobUpkeep,
        lambda: (UpkeepPlace(),),
    ),
    "retention": (
        lambda: ScriptedRetention(pages={RetainedKind.JOBS: 2}),
        Retention,
        lambda: (RetentionPlace(),),
    ),
    "retention_with_an_error": (
        lambda: ScriptedRetention(fails=RetainedKind.AUDIT),
        Retention,
        lambda: (RetentionPlace(),),
    ),
    "job_upkeep_from_a_place": (ScriptedUpkeep, JobUpkeep, lambda: (UpkeepPlace(piece=2),)),
    "follow_up": (ScriptedFollowUp, FollowUp, lambda: (an_application(),)),
    "follow_up_of_what_was_heard": (
        lambda: ScriptedFollowUp(is_over=True),
        FollowUp,
        lambda: (an_application(),),
    ),
    "notify": (
        ScriptedNotify,
        Notify,
        lambda: (NotificationRef(notification_id=uuid4(), user_id=uuid4()),),
    ),
}


def a_turn() -> ChatTurnRef:
    """Return a reference to a new answer."""
    return ChatTurnRef(message_id=uuid4(), user_id=uuid4())


async def run_application(
    client: Client, steps: ScriptedAutoApply | None = None, play: Play = _nothing
) -> WorkflowHistory:
    """Run an application to its end and return its history."""
    handle = await start(client, an_application())
    if steps is not None:
        await play(steps, handle)
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
