"""The hourly sweep: a page of people with auto-apply on, and what each of them is to apply to."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from pydantic import ValidationError
from sqlalchemy import and_, exists, func, not_, or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.matching import matches
from models import event
from models.account import Account
from models.application import Application, Attempt
from models.base import now
from models.database import Database
from models.enums import ApplicationState, AttemptState, AutomationMode, EventKind, Origin
from models.job import Job
from models.profile import Preferences, Profile, Resume, profile_of
from workflows.messages import ApplicationRef, MatchCursor, MatchPage, SweepCursor, SweepPage
from workflows.steps import AutoApplySweepSteps

PEOPLE_A_PAGE = 50
CAP_WINDOW = timedelta(hours=24)

S = ApplicationState

_log = structlog.get_logger(__name__)


@dataclass
class AutoApplySweepActivities(AutoApplySweepSteps):
    """Queues by `database`, which also decides: its unique indexes, and the lock on a person's profile."""

    database: Database
    people_a_page: int = PEOPLE_A_PAGE

    @activity.defn
    async def match_jobs(self, cursor: MatchCursor) -> MatchPage:
        """Match new jobs with people."""
        raise NotImplementedError

    @activity.defn
    async def queue_matches(self, cursor: SweepCursor) -> SweepPage:
        """Queue for the next people, each in a transaction of their own.

        Whatever the sweep has queued and nobody has begun is named again, so that a repeated call starts it.
        """
        people = await self._people(cursor.after_user)
        queued = [ref for user_id in people for ref in await self._queue_for(user_id)]
        return SweepPage(
            applications=queued, next_user=people[-1] if len(people) == self.people_a_page else None
        )

    async def _people(self, after: UUID | None) -> list[UUID]:
        """Return who has auto-apply on and all that an application needs."""
        query = (
            select(Profile.user_id)
            .join(Account, col(Account.id) == Profile.user_id)
            .where(
                Profile.automation_mode == AutomationMode.AUTO,
                Profile.daily_cap > 0,
                col(Profile.identity_sealed).is_not(None),
                col(Account.locked_at).is_(None),
                exists().where(col(Resume.user_id) == Profile.user_id),
            )
            .order_by(col(Profile.user_id))
            .limit(self.people_a_page)
        )
        if after is not None:
            query = query.where(Profile.user_id > after)
        async with self.database.begin() as session:
            return list(await session.exec(query))

    async def _queue_for(self, user_id: UUID) -> list[ApplicationRef]:
        async with self.database.begin() as session:
            # under this lock two sweeps count one after the other, and the cap holds
            profile = (await session.exec(profile_of(user_id).with_for_update())).first()
            wanted = _preferences(profile)
            if profile is None or wanted is None or profile.automation_mode is not AutomationMode.AUTO:
                return []
            left = profile.daily_cap - await _used(session, user_id)
            if left > 0:
                query = matches(user_id, wanted, now(), left)
                for job in (await session.exec(query)).all():
                    await _queue(session, user_id, job)
            waiting = select(Application).where(
                Application.user_id == user_id,
                Application.origin == Origin.SWEEP,
                Application.state == S.QUEUED,
            )
            return [
                ApplicationRef(application_id=each.id, user_id=user_id, job_id=each.job_id)
                for each in await session.exec(waiting.order_by(col(Application.id)))
            ]


def _preferences(profile: Profile | None) -> Preferences | None:
    """Return a person's preferences, None where they are of a shape that nobody can read any more."""
    if profile is None:
        return None
    try:
        return profile.read_preferences()
    except ValidationError:
        _log.warning("preferences cannot be read", user_id=str(profile.user_id))
        return None


async def _used(session: AsyncSession, user_id: UUID) -> int:
    """Count the account's applications of the last day that reached an employer or still may."""
    sent = exists().where(
        col(Attempt.application_id) == col(Application.id),
        col(Attempt.state).not_in([AttemptState.ABSENT, AttemptState.REFUSED]),
    )
    never_sent = or_(
        col(Application.state).in_([S.SKIPPED, S.CANCELLED]),
        and_(col(Application.state) == S.FAILED, not_(sent)),
    )
    query = select(func.count()).where(
        Application.user_id == user_id, Application.created_at > now() - CAP_WINDOW, not_(never_sent)
    )
    return (await session.exec(query.select_from(Application))).one()


async def _queue(session: AsyncSession, user_id: UUID, job: Job) -> None:
    """Queue one application; where another one to the same job was first, nothing happens."""
    application, transition = Application.queue(user_id, job, Origin.SWEEP)
    try:
        async with session.begin_nested():
            session.add(application)
            await session.flush()
    except IntegrityError:
        return
    session.add(transition)
    await session.flush()
    connection = await session.connection()
    await connection.execute(
        event.record(
            user_id, EventKind.APPLICATION_CHANGED, application.id, state=application.state, reason=None
        )
    )
