"""Finds what was promised in the database and stands still: its workflow never started, or was lost.

Naming too much is harmless, since a workflow that runs is left alone, or looks at its row and waits on.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, not_, or_, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar
from temporalio import activity

from activities.account_erasure.stranded import but_erased, stranded_erasures
from activities.account_export.stranded import stranded_exports
from activities.follow_up import FollowUpDays
from models.account import Account
from models.application import ACTIVE, BEHIND_FENCE, UNHEARD, WITHDRAWN, Application, stands_in
from models.base import now
from models.chat import ChatMessage
from models.database import Database
from models.enums import ApplicationState, ChatState, NotificationKind
from models.job import Job
from models.notification import Notification
from models.one_time_token import NEWS, OneTimeToken
from models.question import Question
from workflows.account_messages import TokenMailRef
from workflows.messages import ApplicationRef, ChatTurnRef, NotificationRef
from workflows.steps import ReconcileSteps
from workflows.stranded import Stranded

S = ApplicationState

WAITS = frozenset({S.NEEDS_INPUT, S.AWAITING_APPROVAL})
MOST_OF_A_KIND = 200
WAITING_SAMPLE = 20
UNSTARTED = timedelta(seconds=30)
STILL_BEFORE_FENCE = timedelta(minutes=15)
STILL_BEHIND_FENCE = timedelta(hours=2)
OVERDUE = timedelta(minutes=1)
UNHEARD_OF = timedelta(minutes=10)
"""For how long an application is rung whose person has decided: what was to tell of it may have been lost."""

FOLLOW_UP_LATE = timedelta(hours=1)
REMINDER_MISSED = timedelta(days=2)
PROPOSAL_MISSED = timedelta(days=30)
"""How long a missed reminder or proposal is made up for: the search stays short, and the news fresh."""

STREAMING = timedelta(minutes=15)
UNMAILED = timedelta(minutes=10)
STALE_NEWS = timedelta(days=2)


@dataclass
class ReconcileActivities(ReconcileSteps):
    """Looks into `database`; notifications count only where `mails` says that there is a mail server."""

    database: Database
    mails: bool
    follow_up: FollowUpDays = field(default_factory=FollowUpDays)

    @activity.defn
    async def find_stranded(self) -> Stranded:
        """List what is overdue, at most 200 of a kind.

        They are drawn by lot, so that two hundred that cannot be helped do not hide the others. Every query
        reads an index of what is not over, so that none grows with what is.
        """
        moment = now()
        async with self.database.begin() as session:
            found = Stranded(
                applications=[*await _standing_still(session, moment), *await _waiting(session, moment)],
                chat_turns=await _chat_turns(session, moment),
                notifications=await _notifications(session, moment) if self.mails else [],
                rings=await _changed(session, moment),
                follow_ups=await _unheard(session, moment, self.follow_up),
                token_mails=await _token_mails(session, moment) if self.mails else [],
                erasures=await stranded_erasures(session, moment),
                exports=await stranded_exports(session, moment),
            )
            return await but_erased(session, found)


async def _refs(
    session: AsyncSession, query: SelectOfScalar[Application], limit: int | None = None
) -> list[ApplicationRef]:
    drawn = query.order_by(func.random()).limit(limit or MOST_OF_A_KIND)
    return [
        ApplicationRef(application_id=each.id, user_id=each.user_id, job_id=each.job_id)
        for each in await session.exec(drawn)
    ]


async def _standing_still(session: AsyncSession, moment: datetime) -> list[ApplicationRef]:
    """Find what should have moved: if its workflow runs, for a long scout or a hold, it is left alone."""
    moved_at, undo_until = col(Application.moved_at), col(Application.undo_until)
    is_free = or_(undo_until.is_(None), undo_until < moment - STILL_BEFORE_FENCE)
    return await _refs(
        session,
        select(Application).where(
            stands_in(*ACTIVE),
            or_(
                and_(stands_in(S.PREPARING), moved_at < moment - STILL_BEFORE_FENCE),
                and_(stands_in(S.APPROVED), moved_at < moment - STILL_BEFORE_FENCE, is_free),
                and_(stands_in(*BEHIND_FENCE), moved_at < moment - STILL_BEHIND_FENCE),
            ),
        ),
    )


async def _waiting(session: AsyncSession, moment: datetime) -> list[ApplicationRef]:
    """Draw a few of those that wait for their person: one whose workflow was lost could never be answered."""
    waits = select(Application).where(
        stands_in(*ACTIVE), stands_in(*WAITS), col(Application.moved_at) < moment - STILL_BEFORE_FENCE
    )
    return await _refs(session, waits, WAITING_SAMPLE)


async def _changed(session: AsyncSession, moment: datetime) -> list[ApplicationRef]:
    """Find those of which a workflow that runs may not have heard.

    A queued one may find its id held by the workflow of one to the same job that was cancelled. What the
    person answered or approved is in the row before the update that told of it is in the history: where a
    worker or Temporal died in between, the update is lost.
    """
    moved_at = col(Application.moved_at)
    is_over = or_(col(Application.deadline_at) < moment - OVERDUE, col(Job.expired_at).is_not(None))
    unbegun = select(Application).where(
        stands_in(*ACTIVE), stands_in(S.QUEUED), moved_at < moment - UNSTARTED
    )
    overdue = (
        select(Application)
        .join(Job, col(Job.id) == col(Application.job_id))
        .where(stands_in(*ACTIVE), stands_in(*WAITS), moved_at < moment - UNSTARTED, is_over)
    )
    withdrawn = select(Application).where(
        stands_in(*WITHDRAWN), moved_at < moment - UNSTARTED, moved_at > moment - UNHEARD_OF
    )
    queries = (unbegun, overdue, withdrawn, _approved(moment), _complete(moment), _answered(moment))
    return [ref for query in queries for ref in await _refs(session, query)]


def _approved(moment: datetime) -> SelectOfScalar[Application]:
    """Select those that were approved and may be sent since lately."""
    # greatest() passes over null
    free_at = func.greatest(col(Application.moved_at), col(Application.undo_until))
    lately = and_(free_at < moment - UNSTARTED, free_at > moment - UNHEARD_OF)
    return select(Application).where(stands_in(*ACTIVE), stands_in(S.APPROVED), lately)


def _complete(moment: datetime) -> SelectOfScalar[Application]:
    """Select those that go on since lately, with the last missing answer: their forms were read before."""
    moved_at = col(Application.moved_at)
    lately = and_(moved_at < moment - UNSTARTED, moved_at > moment - UNHEARD_OF)
    was_asked = and_(col(Application.scouted_at).is_not(None), col(Application.asked_at).is_not(None))
    return select(Application).where(stands_in(*ACTIVE), stands_in(S.PREPARING), lately, was_asked)


def _answered(moment: datetime) -> SelectOfScalar[Application]:
    """Select those that wait for answers and have them all, of which one was given lately."""
    of_it = col(Question.application_id) == col(Application.id)
    missing = exists().where(of_it, col(Question.required), col(Question.answer_sealed).is_(None))
    given_at = col(Question.answered_at)
    given = exists().where(of_it, given_at < moment - UNSTARTED, given_at > moment - UNHEARD_OF)
    return select(Application).where(stands_in(*ACTIVE), stands_in(S.NEEDS_INPUT), given, not_(missing))


async def _unheard(session: AsyncSession, moment: datetime, days: FollowUpDays) -> list[ApplicationRef]:
    """Find submitted applications of which something should have been told: a follow-up was lost."""
    submitted_at, late = col(Application.submitted_at), moment - FOLLOW_UP_LATE
    told = exists().where(
        col(Notification.application_id) == col(Application.id),
        col(Notification.kind) == NotificationKind.FOLLOW_UP_DUE,
    )
    remind = timedelta(days=days.remind)
    return await _refs(
        session,
        select(Application).where(
            text(UNHEARD),
            submitted_at < late - min(remind, timedelta(days=days.ghosted)),
            or_(
                and_(
                    submitted_at < late - timedelta(days=days.ghosted),
                    submitted_at > late - timedelta(days=days.ghosted) - PROPOSAL_MISSED,
                ),
                and_(submitted_at > late - remind - REMINDER_MISSED, not_(told)),
            ),
        ),
    )


async def _chat_turns(session: AsyncSession, moment: datetime) -> list[ChatTurnRef]:
    state, asked_at = col(ChatMessage.state), col(ChatMessage.created_at)
    query = select(ChatMessage.id, ChatMessage.user_id).where(
        # as the partial index words it
        text("chat_message.state IN ('queued', 'streaming')"),
        or_(
            (state == ChatState.QUEUED) & (asked_at < moment - UNSTARTED),
            (state == ChatState.STREAMING) & (asked_at < moment - STREAMING),
        ),
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


async def _token_mails(session: AsyncSession, moment: datetime) -> list[TokenMailRef]:
    """Find mails about accounts that nobody sends: somebody sits there and waits for them."""
    wanted = or_(col(Account.locked_at).is_(None), col(OneTimeToken.purpose).in_(NEWS))
    query = (
        select(OneTimeToken.id, OneTimeToken.user_id)
        .join(Account)
        .where(
            # as the partial index words it
            text("one_time_token.by_mail AND one_time_token.mailed_at IS NULL"),
            col(OneTimeToken.created_at) < moment - UNSTARTED,
            col(OneTimeToken.used_at).is_(None),
            col(OneTimeToken.expires_at) > moment,
            wanted,
        )
    )
    return [
        TokenMailRef(token_id=token_id, user_id=user_id)
        for token_id, user_id in await session.exec(query.order_by(func.random()).limit(MOST_OF_A_KIND))
    ]
