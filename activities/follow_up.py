"""What happens to a submitted application in the following month."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.auto_apply.rows import announce, tell, told_of
from models.application import Application, application_locked
from models.base import now
from models.database import Database
from models.enums import ApplicationState, NotificationKind, Stage
from models.erasure import is_being_erased
from workflows.messages import ApplicationRef, FollowUpPlan, Told
from workflows.steps import FollowUpSteps

NOTHING_HEARD = (None, Stage.APPLIED)


@dataclass(frozen=True)
class FollowUpDays:
    """How many days after it was sent a person is told what."""

    remind: float = 7
    ghosted: float = 30

    def remind_at(self, submitted_at: datetime) -> datetime:
        """Return when to remind of an application."""
        return submitted_at + timedelta(days=self.remind)

    def ghosted_at(self, submitted_at: datetime) -> datetime:
        """Return when to propose to note an application as ghosted."""
        return submitted_at + timedelta(days=self.ghosted)


@dataclass(frozen=True)
class FollowUpActivities(FollowUpSteps):
    """Reads and tells by `database`, after `days`."""

    database: Database
    days: FollowUpDays = field(default_factory=FollowUpDays)

    @activity.defn
    async def plan_follow_up(self, application: ApplicationRef) -> FollowUpPlan:
        """Say when to remind and when to propose: each once, and a reminder only before the proposal."""
        async with self.database.begin() as session:
            row = await session.get(Application, application.application_id)
            if row is None or row.submitted_at is None or not _is_unheard(row):
                return FollowUpPlan()
            if await is_being_erased(session, row.user_id):
                return FollowUpPlan()
            ghosted_at = self.days.ghosted_at(row.submitted_at)
            told = await told_of(session, row.id, NotificationKind.FOLLOW_UP_DUE)
            if told is not None or ghosted_at <= now():
                return FollowUpPlan(ghosted_at=ghosted_at)
            return FollowUpPlan(remind_at=self.days.remind_at(row.submitted_at), ghosted_at=ghosted_at)

    @activity.defn
    async def remind_to_follow_up(self, application: ApplicationRef) -> Told:
        """Remind, unless something was heard."""
        async with self.database.begin() as session:
            row = await _unheard(session, application)
            if row is None:
                return Told()
            return Told(notification_id=await tell(session, row, NotificationKind.FOLLOW_UP_DUE))

    @activity.defn
    async def propose_ghosted(self, application: ApplicationRef) -> Told:
        """Propose, unless something was heard."""
        async with self.database.begin() as session:
            row = await _unheard(session, application)
            if row is None:
                return Told()
            row.ghosted_proposed_at = now()
            await announce(session, row)
            return Told(notification_id=await tell(session, row, NotificationKind.GHOSTED_PROPOSED))


def _is_unheard(row: Application) -> bool:
    """Tell whether nothing was heard since it was sent; models.application.UNHEARD says the same in SQL."""
    is_quiet = row.stage in NOTHING_HEARD and row.outcome is None
    return is_quiet and row.state is ApplicationState.SUBMITTED and row.ghosted_proposed_at is None


async def _unheard(session: AsyncSession, application: ApplicationRef) -> Application | None:
    row = (await session.exec(application_locked(application.application_id))).one_or_none()
    return row if row is not None and _is_unheard(row) else None
