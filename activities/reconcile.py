"""Finds what was promised in the database and stands still: its workflow never started, or was lost.

Naming too much is harmless, since a workflow that runs is left alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from models.application import Application
from models.base import now
from models.chat import ChatMessage
from models.database import Database
from models.enums import ApplicationState, ChatState
from models.notification import Notification
from workflows.messages import ApplicationRef, ChatTurnRef, NotificationRef, Stranded
from workflows.steps import ReconcileSteps

S = ApplicationState

MOST_OF_A_KIND = 200
UNSTARTED = timedelta(seconds=30)
BEFORE_FENCE = timedelta(minutes=15)
BEHIND_FENCE = timedelta(hours=2)
STREAMING = timedelta(minutes=15)
UNMAILED = timedelta(minutes=10)
STALE_NEWS = timedelta(days=2)


@dataclass
class ReconcileActivities(ReconcileSteps):
    """Looks into `database`; notifications count only where `mails` says that there is a mail server."""

    database: Database
    mails: bool

    @activity.defn
    async def find_stranded(self) -> Stranded:
        """List what is overdue, at most 200 of a kind.

        They are drawn by lot, so that two hundred that cannot be helped do not hide the others.
        """
        moment = now()
        async with self.database.begin() as session:
            return Stranded(
                applications=await _applications(session, moment),
                chat_turns=await _chat_turns(session, moment),
                notifications=await _notifications(session, moment) if self.mails else [],
            )


async def _applications(session: AsyncSession, moment: datetime) -> list[ApplicationRef]:
    state, moved_at = col(Application.state), col(Application.moved_at)
    query = select(Application).where(
        or_(
            (state == S.QUEUED) & (moved_at < moment - UNSTARTED),
            state.in_([S.PREPARING, S.APPROVED]) & (moved_at < moment - BEFORE_FENCE),
            state.in_([S.SUBMITTING, S.CONFIRMING]) & (moved_at < moment - BEHIND_FENCE),
        )
    )
    return [
        ApplicationRef(application_id=each.id, user_id=each.user_id, job_id=each.job_id)
        for each in await session.exec(query.order_by(func.random()).limit(MOST_OF_A_KIND))
    ]


async def _chat_turns(session: AsyncSession, moment: datetime) -> list[ChatTurnRef]:
    state, asked_at = col(ChatMessage.state), col(ChatMessage.created_at)
    query = select(ChatMessage.id, ChatMessage.user_id).where(
        or_(
            (state == ChatState.QUEUED) & (asked_at < moment - UNSTARTED),
            (state == ChatState.STREAMING) & (asked_at < moment - STREAMING),
        )
    )
    return [
        ChatTurnRef(message_id=message_id, user_id=user_id)
        for message_id, user_id in await session.exec(query.order_by(func.random()).limit(MOST_OF_A_KIND))
    ]


async def _notifications(session: AsyncSession, moment: datetime) -> list[NotificationRef]:
    told_at = col(Notification.created_at)
    query = select(Notification.id, Notification.user_id).where(
        col(Notification.mailed_at).is_(None),
        told_at < moment - UNMAILED,
        told_at > moment - STALE_NEWS,
    )
    return [
        NotificationRef(notification_id=notification_id, user_id=user_id)
        for notification_id, user_id in await session.exec(
            query.order_by(func.random()).limit(MOST_OF_A_KIND)
        )
    ]
