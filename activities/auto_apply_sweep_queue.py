"""One person's candidates become applications, as far as caps and earlier applications let them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import structlog
from pydantic import ValidationError
from sqlalchemy import exists, not_, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.account import Account
from models.answering_enums import MatchState, SkipReason
from models.application import Application
from models.automation import Automation
from models.base import now
from models.claims import Claim, claim, profile_locked
from models.database import Database
from models.enums import ApplicationState, AutomationMode, EventKind, Origin
from models.erasure import cooling_off
from models.event import record
from models.fingerprint import canonical_url
from models.installation import is_applying_paused
from models.job import Job
from models.match_row import JobMatch
from models.profile import Profile, Resume
from workflows.messages import ApplicationRef

CANDIDATES_A_READ = 20

_OVER = text(
    """
    UPDATE job_match SET state = 'skipped', updated_at = :at,
        reason = CASE WHEN job.expired_at IS NULL THEN 'too_old' ELSE 'job_closed' END
    FROM job
    WHERE job_match.user_id = :user_id AND job_match.state = 'candidate' AND job.id = job_match.job_id
        AND (job.expired_at IS NOT NULL OR job.posted_at < :since)
    """
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Before:
    """What a person has ever applied to, whatever became of it: the same job by any of its names."""

    names: set[object]

    @classmethod
    async def of(cls, session: AsyncSession, user_id: UUID) -> Self:
        """Read the person's applications."""
        query = (
            select(Application.job_id, Application.fingerprint, Application.apply_url, Job.content_key)
            .join(Job, col(Job.id) == col(Application.job_id))
            .where(Application.user_id == user_id)
        )
        return cls({name for names in await session.exec(query) for name in names if name})

    def has(self, job: Job) -> bool:
        """Tell whether the person has applied to this job, also under another id or in another town."""
        return not self.names.isdisjoint(_names(job))

    def add(self, job: Job) -> None:
        """Note that the person applies to this job now."""
        self.names.update(_names(job))


def _names(job: Job) -> tuple[object, ...]:
    return job.id, job.fingerprint, job.content_key, canonical_url(job.url)


async def queue_for(database: Database, user_id: UUID) -> list[ApplicationRef]:
    """Queue what the person may apply to now, and name everything that is queued and not begun."""
    async with database.begin() as session:
        # under this lock two sweeps count one after the other, and the caps hold
        profile = (await session.exec(profile_locked(user_id))).one_or_none()
        rules = _rules(profile)
        if profile is not None and rules is not None:
            at = now()
            since = at - timedelta(days=rules.posted_within_days)
            connection = await session.connection()
            await connection.execute(_OVER, {"user_id": user_id, "at": at, "since": since})
            if await _may_act(session, profile, rules, at):
                await _queue_candidates(session, profile, at)
        return await _unbegun(session, user_id)


def _rules(profile: Profile | None) -> Automation | None:
    """Return a person's rules, None where they are of a shape that nobody can read any more."""
    if profile is None:
        return None
    try:
        return profile.read_automation()
    except ValidationError:
        _log.warning("the rules of automation cannot be read", user_id=str(profile.user_id))
        return None


async def _may_act(session: AsyncSession, profile: Profile, rules: Automation, at: datetime) -> bool:
    if profile.automation_mode is AutomationMode.OFF or profile.identity_sealed is None:
        return False
    if profile.wishes_changed_at is not None:
        # what was found by other wishes is not applied to
        return False
    if rules.paused_seconds(at) > 0 or await is_applying_paused(session):
        return False
    able = select(col(Account.id)).where(
        Account.id == profile.user_id,
        col(Account.locked_at).is_(None),
        col(Account.erasing_at).is_(None),
        not_(cooling_off(profile.user_id).exists()),
        exists().where(col(Resume.user_id) == col(Account.id)),
    )
    return (await session.exec(able)).first() is not None


async def _queue_candidates(session: AsyncSession, profile: Profile, at: datetime) -> None:
    before = await Before.of(session, profile.user_id)
    queued: list[Application] = []
    while candidates := await _candidates(session, profile.user_id):
        for match, job in candidates:
            claimed = await claim(session, profile, job, at)
            if claimed.cap is SkipReason.DAILY_CAP:
                await _leave_for_tomorrow(session, profile.user_id, at)
                return await _announce(session, queued)
            reason = _why_not(profile, before, job, claimed)
            application = None if reason else await _queue(session, profile, job, match, claimed)
            _settle(match, application, reason, at)
            if application is not None:
                before.add(job)
                queued.append(application)
        await session.flush()
    return await _announce(session, queued)


async def _candidates(session: AsyncSession, user_id: UUID) -> list[tuple[JobMatch, Job]]:
    """Return the best candidates, of equal ones the newest; whoever is settled is none any more."""
    query = (
        select(JobMatch, Job)
        .join(Job, col(Job.id) == col(JobMatch.job_id))
        .where(JobMatch.user_id == user_id, JobMatch.state == MatchState.CANDIDATE)
        .order_by(col(JobMatch.score).desc().nulls_last(), col(Job.posted_at).desc(), col(Job.id))
        .limit(CANDIDATES_A_READ)
    )
    return [(match, job) for match, job in await session.exec(query)]


def _why_not(profile: Profile, before: Before, job: Job, claimed: Claim) -> SkipReason | None:
    if before.has(job):
        return SkipReason.ALREADY_APPLIED
    # who reviews is warned of a near duplicate, and decides; alone we leave it
    if claimed.near_duplicate_of is not None and profile.automation_mode is AutomationMode.AUTO:
        return SkipReason.NEAR_DUPLICATE
    return claimed.cap


async def _queue(
    session: AsyncSession, profile: Profile, job: Job, match: JobMatch, claimed: Claim
) -> Application | None:
    """Store one application; None where the database knows one to the same job."""
    application, entry = Application.queue(profile.user_id, job, Origin.SWEEP, profile.automation_mode)
    application.score, application.confidence = match.score, match.confidence
    application.near_duplicate_of = claimed.near_duplicate_of
    try:
        async with session.begin_nested():
            session.add(application)
            await session.flush()
    except IntegrityError:
        return None
    session.add(entry)
    return application


def _settle(
    match: JobMatch, application: Application | None, reason: SkipReason | None, at: datetime
) -> None:
    match.updated_at = at
    if application is not None:
        match.state, match.reason = MatchState.QUEUED, None
    else:
        match.state, match.reason = MatchState.SKIPPED, reason or SkipReason.ALREADY_APPLIED


async def _leave_for_tomorrow(session: AsyncSession, user_id: UUID, at: datetime) -> None:
    await session.flush()
    await session.exec(
        update(JobMatch)
        .where(
            col(JobMatch.user_id) == user_id,
            col(JobMatch.state) == MatchState.CANDIDATE,
            col(JobMatch.reason).is_distinct_from(SkipReason.DAILY_CAP),
        )
        .values(reason=SkipReason.DAILY_CAP, updated_at=at)
        .execution_options(synchronize_session=False)
    )


async def _announce(session: AsyncSession, queued: list[Application]) -> None:
    """Record the events, last in the transaction."""
    await session.flush()
    connection = await session.connection()
    for application in queued:
        changed = EventKind.APPLICATION_CHANGED
        state = application.state.value
        await connection.execute(
            record(application.user_id, changed, application.id, state=state, reason=None)
        )


async def _unbegun(session: AsyncSession, user_id: UUID) -> list[ApplicationRef]:
    waiting = select(Application.id, Application.job_id).where(
        Application.user_id == user_id,
        Application.origin == Origin.SWEEP,
        Application.state == ApplicationState.QUEUED,
    )
    return [
        ApplicationRef(application_id=application_id, user_id=user_id, job_id=job_id)
        for application_id, job_id in await session.exec(waiting.order_by(col(Application.id)))
    ]
