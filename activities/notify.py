"""Tells a person by mail what their notification says, once."""

from dataclasses import dataclass

import structlog
from sqlmodel import col, select
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.heartbeat import beating
from activities.vendors.client import VendorError
from activities.vendors.mail import Mail, Mailer, MailRefusedError
from models.account import Account
from models.application import Application
from models.base import now
from models.database import Database
from models.enums import NotificationKind
from models.job import Job
from models.notification import Notification, sentence
from workflows.messages import NotificationRef
from workflows.steps import NotifySteps

FOOTER = "\n\nYou get this mail because you have an account with Jobraker."

_log = structlog.get_logger(__name__)


@dataclass
class NotifyActivities(NotifySteps):
    """Sends by `mailer`, remembers in `database`."""

    database: Database
    mailer: Mailer

    @activity.defn
    async def send(self, notification: NotificationRef) -> None:
        """Send the mail, unless it was sent before, is for nobody any more, or there is no mail server.

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
        async with self.database.begin() as session:
            row = await session.get(Notification, notification.notification_id)
            if row is not None:
                row.mailed_at = now()

    async def _mail(self, notification: NotificationRef) -> Mail | None:
        query = (
            select(Notification.kind, Job.title, Job.company, Account.email)
            .join(Application, col(Application.id) == Notification.application_id)
            .join(Job, col(Job.id) == Application.job_id)
            .join(Account, col(Account.id) == Notification.user_id)
            .where(
                Notification.id == notification.notification_id,
                Notification.user_id == notification.user_id,
                col(Notification.mailed_at).is_(None),
            )
        )
        async with self.database.begin() as session:
            row = (await session.exec(query)).first()
        if row is None:
            return None
        kind, title, company, email = row
        text = sentence(NotificationKind(kind), title, company)
        return Mail(email, text, text + FOOTER, str(notification.notification_id))
