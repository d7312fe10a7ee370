"""Which workflows a person may have: by the rows that they follow from, and by Temporal's own lists.

What was started a moment ago may not be in Temporal's lists yet, and what has no row any more is in these.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from models.account_enums import ExportState
from models.account_export import AccountExport
from models.application import ACTIVE, Application, stands_in
from models.chat import ChatMessage
from models.enums import ChatRole, ChatState
from models.notification import Notification
from models.one_time_token import OneTimeToken
from workflows.ids import (
    USER,
    account_export_id,
    auto_apply_id,
    chat_turn_id,
    follow_up_id,
    match_person_id,
    notify_id,
    token_mail_id,
)


@dataclass(frozen=True)
class Run:
    """One run of a workflow, and whether it goes on."""

    workflow_id: str
    run_id: str
    is_running: bool


async def ids_of(session: AsyncSession, user_id: UUID, *, unended: bool = False) -> list[str]:
    """Return the workflow ids that follow from the person's rows, or only those that may still run."""
    applications = select(Application.id, Application.job_id).where(Application.user_id == user_id)
    messages = select(ChatMessage.id).where(
        ChatMessage.user_id == user_id, ChatMessage.role == ChatRole.ASSISTANT
    )
    notices = select(Notification.id).where(Notification.user_id == user_id)
    mails = select(OneTimeToken.id).where(OneTimeToken.user_id == user_id, col(OneTimeToken.by_mail))
    exports = select(AccountExport.id).where(AccountExport.user_id == user_id)
    followed = list(await session.exec(applications))
    if unended:
        applications = applications.where(stands_in(*ACTIVE))
        messages = messages.where(col(ChatMessage.state).in_([ChatState.QUEUED, ChatState.STREAMING]))
        notices = notices.where(col(Notification.mailed_at).is_(None))
        mails = mails.where(col(OneTimeToken.mailed_at).is_(None))
        exports = exports.where(col(AccountExport.state).in_([ExportState.QUEUED, ExportState.COLLECTING]))
    return [
        match_person_id(user_id),
        *[auto_apply_id(user_id, job_id) for _, job_id in await session.exec(applications)],
        *[follow_up_id(user_id, application_id) for application_id, _ in followed],
        *[chat_turn_id(user_id, each) for each in await session.exec(messages)],
        *[notify_id(user_id, each) for each in await session.exec(notices)],
        *[token_mail_id(user_id, each) for each in await session.exec(mails)],
        *[account_export_id(user_id, each) for each in await session.exec(exports)],
    ]


async def listed(client: Client, user_id: UUID, *, unended: bool = False) -> AsyncIterator[Run]:
    """Go through the runs that Temporal lists as the person's."""
    query = f"{USER.name} = '{user_id}'" + (" AND ExecutionStatus = 'Running'" if unended else "")
    async for found in client.list_workflows(query):
        yield Run(found.id, found.run_id, found.status is WorkflowExecutionStatus.RUNNING)


async def described(client: Client, workflow_id: str) -> Run | None:
    """Return the newest run of a workflow; None where Temporal knows none."""
    try:
        found = await client.get_workflow_handle(workflow_id).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return None
    return Run(found.id, found.run_id, found.status is WorkflowExecutionStatus.RUNNING)
