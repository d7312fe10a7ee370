"""Starting other workflows from a workflow: abandoned, and only their start is awaited."""

from contextlib import suppress
from uuid import UUID

from temporalio import workflow
from temporalio.common import Priority, TypedSearchAttributes
from temporalio.exceptions import FailureError, WorkflowAlreadyStartedError

from workflows.account_messages import ErasureRef, ExportRef, TokenMailRef
from workflows.ids import (
    ACCOUNT_ERASURE,
    ACCOUNT_EXPORT,
    AUTO_APPLY,
    CHAT_TURN,
    FOLLOW_UP,
    MATCH_JOBS,
    MATCH_JOBS_ID,
    NOTIFY,
    TASK_QUEUE,
    TOKEN_MAIL,
    account_erasure_id,
    account_export_id,
    application_attributes,
    auto_apply_id,
    chat_turn_id,
    fair_to,
    follow_up_id,
    notify_id_from,
    token_mail_id,
    user_attributes,
)
from workflows.job_messages import MatchCursor
from workflows.messages import (
    ApplicationRef,
    ChatTurnRef,
    Message,
    NotificationRef,
)

RUNG_WHERE_IT_RUNS = "rung-where-it-runs"
"""The patch since which a workflow that runs already is rung."""


async def start_auto_apply(application: ApplicationRef) -> bool:
    """Start an application's workflow; False when it runs already."""
    workflow_id = auto_apply_id(application.user_id, application.job_id)
    attributes = application_attributes(application)
    return await _start(AUTO_APPLY, application, workflow_id, application.user_id, attributes)


async def start_or_ring(application: ApplicationRef) -> bool:
    """Start an application's workflow, or have it look at its row; False when it runs already.

    The one that runs may be that of a cancelled application to the same job: it ends, and frees the id.
    """
    if await start_auto_apply(application):
        return True
    if workflow.patched(RUNG_WHERE_IT_RUNS):
        await ring(application)
    return False


async def start_follow_up(application: ApplicationRef) -> bool:
    """Start the workflow that follows a submitted application; False when it runs already."""
    workflow_id = follow_up_id(application.user_id, application.application_id)
    attributes = application_attributes(application)
    return await _start(FOLLOW_UP, application, workflow_id, application.user_id, attributes)


async def start_match_jobs() -> bool:
    """Start the matching of new jobs; False when it runs already."""
    return await _start(MATCH_JOBS, MatchCursor(), MATCH_JOBS_ID)


async def ring(application: ApplicationRef) -> None:
    """Have another application's workflow look again; one that has ended is no error."""
    handle = workflow.get_external_workflow_handle(auto_apply_id(application.user_id, application.job_id))
    with suppress(FailureError):
        await handle.signal("doorbell")


async def start_chat_turn(turn: ChatTurnRef) -> bool:
    """Start an answer's workflow; False when it runs already."""
    workflow_id = chat_turn_id(turn.user_id, turn.message_id)
    return await _start(CHAT_TURN, turn, workflow_id, turn.user_id, user_attributes(turn.user_id))


async def start_notify(notification_id: UUID, user_id: UUID) -> bool:
    """Start a notification's workflow; False when it runs already."""
    message = NotificationRef(notification_id=notification_id, user_id=user_id)
    workflow_id = notify_id_from(workflow.info().workflow_id, user_id, notification_id)
    return await _start(NOTIFY, message, workflow_id, user_id, user_attributes(user_id))


async def start_token_mail(mail: TokenMailRef) -> bool:
    """Start the workflow of a mail about an account; False when it runs already."""
    workflow_id = token_mail_id(mail.user_id, mail.token_id)
    return await _start(TOKEN_MAIL, mail, workflow_id, mail.user_id, user_attributes(mail.user_id))


async def start_account_export(export: ExportRef) -> bool:
    """Start the workflow of an export; False when it runs already."""
    workflow_id = account_export_id(export.user_id, export.export_id)
    return await _start(ACCOUNT_EXPORT, export, workflow_id, export.user_id, user_attributes(export.user_id))


async def start_account_erasure(erasure: ErasureRef) -> bool:
    """Start the workflow of an erasure; False when it runs already."""
    return await _start(ACCOUNT_ERASURE, erasure, account_erasure_id(erasure.erasure_id))


async def _start(
    name: str,
    message: Message,
    workflow_id: str,
    user_id: UUID | None = None,
    attributes: TypedSearchAttributes | None = None,
) -> bool:
    try:
        await workflow.start_child_workflow(
            name,
            message,
            id=workflow_id,
            task_queue=TASK_QUEUE,
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            search_attributes=attributes,
            priority=Priority.default if user_id is None else fair_to(user_id),
        )
    except WorkflowAlreadyStartedError:
        return False
    return True
