"""Tells a person by mail what their notification says, once."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC

import structlog
from sqlmodel import col, select
from temporalio import activity
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

from activities.heartbeat import beating
from activities.vendors.client import VendorError
from activities.vendors.mail import Mail, Mailer, MailRefusedError
from models.account import Account
from models.application import Application
from models.base import now
from models.database import Database
from models.enums import ApplicationState, NotificationKind
from models.job import Job
from models.notification import Notification, sentence
from workflows.ids import NOTIFY, TASK_QUEUE, fair_to, notify_id, user_attributes
from workflows.messages import NotificationRef
from workflows.steps import NotifySteps

ASKING = frozenset(
    {
        NotificationKind.APPLICATION_NEEDS_INPUT,
        NotificationKind.APPLICATION_AWAITS_APPROVAL,
        NotificationKind.APPLICATION_REMINDER,
    }
)
"""What is told only while the application waits for its person."""

WAITS = frozenset({ApplicationState.NEEDS_INPUT, ApplicationState.AWAITING_APPROVAL})
FOOTER = "\n\nYou get this mail because you have an account with Jobraker."

_log = structlog.get_logger(__name__)


async def begin_notice(notification: NotificationRef) -> None:
    """Start the workflow of a notification by the client of the worker that this step runs in."""
    with suppress(WorkflowAlreadyStartedError):
        await activity.client().start_workflow(
            NOTIFY,
            notification,
            id=notify_id(notification.user_id, notification.notification_id),
            task_queue=TASK_QUEUE,
            search_attributes=user_attributes(notification.user_id),
            priority=fair_to(notification.user_id),
        )


@dataclass
class NotifyActivities(NotifySteps):
    """Sends by `mailer`, remembers in `database`."""

    database: Database
    mailer: Mailer

    @activity.defn
    async def begin_notice(self, notification: NotificationRef) -> None:
        """Start the workflow that sends it, unless it runs already."""
        await begin_notice(notification)

    @activity.defn
    async def send(self, notification: NotificationRef) -> None:
        """Send the mail, unless it was sent before, is moot by now, or there is no mail server.

        An address that the server refuses for good counts as told: asking for ever would help nobody.
        """
        if not self.mailer.is_set:
            return
        mail = await self._mail(notification)
        if mail is None:
            return
        try:
            async with beating():
                await self.mailer.send(mail)
        except MailRefusedError:
            _log.warning("mail refused", notification_id=str(notification.notification_id))
        except VendorError as error:
            raise ApplicationError(str(error), type=error.word) from None
        await self._mark(notification)

    async def _mark(self, notification: NotificationRef) -> None:
        async with self.database.begin() as session:
            row = await session.get(Notification, notification.notification_id)
            if row is not None:
                row.mailed_at = now()

    async def _mail(self, notification: NotificationRef) -> Mail | None:
        query = (
            select(Notification, Application, Job, Account.email)
            .outerjoin(Application, col(Application.id) == Notification.application_id)
            .outerjoin(Job, col(Job.id) == Application.job_id)
            .join(Account, col(Account.id) == Notification.user_id)
            .where(
                Notification.id == notification.notification_id,
                Notification.user_id == notification.user_id,
                col(Notification.mailed_at).is_(None),
                col(Account.erasing_at).is_(None),
            )
        )
        async with self.database.begin() as session:
            row = (await session.exec(query)).first()
        if row is None:
            return None
        told, application, job, email = row
        kind = NotificationKind(told.kind)
        if kind in ASKING and (application is None or application.state not in WAITS):
            # a late mail: what it asks for was done, or is no longer wanted
            await self._mark(notification)
            return None
        text = (
            sentence(kind, job.title, job.company, told.number) if job else sentence(kind, number=told.number)
        )
        return Mail(email, text, text + _until(kind, application) + FOOTER, str(notification.notification_id))


def _until(kind: NotificationKind, application: Application | None) -> str:
    if kind not in ASKING or application is None or application.deadline_at is None:
        return ""
    return f"\n\nIt waits for you until {application.deadline_at.astimezone(UTC):%d %B %Y, %H:%M} UTC."
