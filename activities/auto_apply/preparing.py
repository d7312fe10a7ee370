"""Step `prepare`: whether an application may go on, and where it stands."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.context import Context
from activities.auto_apply.rows import end, move, ref_of, unsettled_attempt
from models.application import BEFORE_FENCE, BEHIND_FENCE, Application, application_locked
from models.enums import Actor, ApplicationState, EndReason, Origin
from models.job import Job
from models.profile import Resume, missing_for_applying, profile_of
from settings import SkyvernSettings
from workflows.messages import ApplicationRef, Prepared, Timing

SECONDS_A_MINUTE = 60.0


def timing_of(settings: SkyvernSettings) -> Timing:
    """Return the settings' waits as the workflow reads them."""
    return Timing(
        call=settings.timeout_seconds,
        settle=settings.settle_seconds,
        poll=settings.poll_seconds,
        poll_max=settings.poll_max_seconds,
        deadline=settings.deadline_minutes * SECONDS_A_MINUTE,
    )


async def prepare(context: Context, ref: ApplicationRef) -> Prepared:
    """Approve an application, or end it where something stands between it and its fence."""
    timing = timing_of(context.settings)
    async with context.database.begin() as session:
        application = (await session.exec(application_locked(ref.application_id))).one_or_none()
        if application is None:
            # its person has left: there is nothing to apply for, and nobody to tell
            return Prepared(state=ApplicationState.CANCELLED, timing=timing)
        if application.state in BEFORE_FENCE - {ApplicationState.APPROVED}:
            await _decide(session, application)
        attempt = None
        if application.state in BEHIND_FENCE:
            attempt = await unsettled_attempt(session, application.id)
        return Prepared(state=application.state, timing=timing, attempt=ref_of(attempt) if attempt else None)


async def _decide(session: AsyncSession, application: Application) -> None:
    by_person = application.origin is Origin.PERSON
    reason = await _obstacle(session, application)
    if reason is not None:
        to = ApplicationState.FAILED if by_person else ApplicationState.SKIPPED
        await end(session, application, to, Actor.SYSTEM, reason)
        return
    if application.state is ApplicationState.QUEUED:
        await move(session, application, ApplicationState.PREPARING, Actor.SYSTEM)
    approver = Actor.USER if by_person else Actor.SYSTEM
    await move(session, application, ApplicationState.APPROVED, approver)


async def _obstacle(session: AsyncSession, application: Application) -> EndReason | None:
    job = await session.get_one(Job, application.job_id)
    if job.expired_at is not None:
        return EndReason.JOB_CLOSED
    profile = (await session.exec(profile_of(application.user_id))).one_or_none()
    resume = await session.exec(
        select(col(Resume.id)).where(col(Resume.user_id) == application.user_id).limit(1)
    )
    if missing_for_applying(profile, has_resume=resume.first() is not None):
        return EndReason.PROFILE_INCOMPLETE
    return None
