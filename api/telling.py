"""Telling people of what was done to their account: the notification, and the live event of it."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from api.announcing import announce
from models import event
from models.enums import EventKind, NotificationKind
from models.notification import Notification
from workflows.messages import NotificationRef


async def tell(session: AsyncSession, user_id: UUID, kind: NotificationKind) -> NotificationRef:
    """Store a notification that is about no application; call it last in the transaction.

    What it returns is given to `flows.start_notify` after the commit, by which it is mailed.
    """
    told = Notification(user_id=user_id, kind=kind)
    session.add(told)
    added = event.record(user_id, EventKind.NOTIFICATION_ADDED, told.id, notification_kind=kind.value)
    await announce(session, added)
    return NotificationRef(notification_id=told.id, user_id=user_id)
