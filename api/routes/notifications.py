"""Notifications: what a person was told, and that it was read."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from api.deps import Me, SessionDep
from api.described import problems
from api.pages import LIMIT_DEFAULT, Cursor, Limit, Page, before, page_of
from models.application import Application
from models.base import now
from models.errors import NotFoundError
from models.job import Job
from models.notification import Notification, NotificationPublic, sentence

router = APIRouter(prefix="/api/notifications", tags=["notifications"])


@dataclass(frozen=True)
class Told:
    """A notification beside the job that its words are about, where they are about one."""

    notification: Notification
    title: str | None
    company: str | None


@router.get("/", responses=problems(401))
async def list_notifications(
    me: Me, session: SessionDep, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Page[NotificationPublic]:
    """List the notifications, the newest first."""
    query = before(_told(me.id), col(Notification.id), limit, cursor)
    rows = [Told(*row) for row in await session.exec(query)]
    return page_of(rows, limit, _shown, lambda told: told.notification.id)


@router.post("/{notification_id}/read", responses=problems(401, 404))
async def mark_read(notification_id: UUID, me: Me, session: SessionDep) -> NotificationPublic:
    """Mark a notification as read; the first time counts."""
    told = await _own(session, me.id, notification_id)
    if told.notification.read_at is None:
        told.notification.read_at = now()
    return _shown(told)


def _told(user_id: UUID) -> Select[Notification, str | None, str | None]:
    return (
        select(Notification, col(Job.title), col(Job.company))
        .outerjoin(Application, col(Application.id) == col(Notification.application_id))
        .outerjoin(Job, col(Job.id) == col(Application.job_id))
        .where(Notification.user_id == user_id)
    )


async def _own(session: AsyncSession, user_id: UUID, notification_id: UUID) -> Told:
    row = (await session.exec(_told(user_id).where(col(Notification.id) == notification_id))).first()
    if row is None:
        raise NotFoundError("You have no notification with this id.")
    return Told(*row)


def _shown(told: Told) -> NotificationPublic:
    notification = told.notification
    return NotificationPublic(
        id=notification.id,
        kind=notification.kind,
        number=notification.number,
        application_id=notification.application_id,
        text=sentence(notification.kind, told.title, told.company, notification.number),
        created_at=notification.created_at,
        read_at=notification.read_at,
    )
