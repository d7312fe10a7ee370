"""Step `prepare`: whether an application may go on, and where it stands."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.context import Context
from activities.auto_apply.rows import end, move, ref_of, unsettled_attempt
from activities.auto_apply.safety import is_safe
from models.application import ACTIVE, BEHIND_FENCE, Application, application_locked
from models.base import now
from models.enums import Actor, ApplicationState, AutomationMode, EndReason, Origin
from models.fingerprint import normal_company
from models.job import Job
from models.profile import Profile, Resume, missing_for_applying, profile_of
from settings import SkyvernSettings
from workflows.messages import ApplicationRef, Prepared, Timing

S = ApplicationState
SECONDS_A_MINUTE = 60.0


def timing_of(settings: SkyvernSettings) -> Timing:
    """Return the settings' waits as the workflow reads them."""
    return Timing(
        call=settings.timeout_seconds,
        settle=settings.settle_seconds,
        poll=settings.poll_seconds,
        poll_max=settings.poll_max_seconds,
        deadline=settings.deadline_minutes * SECONDS_A_MINUTE,
        scout_poll=settings.scout_poll_seconds,
        scout_deadline=settings.scout_deadline_minutes * SECONDS_A_MINUTE,
    )


async def prepare(context: Context, ref: ApplicationRef) -> Prepared:
    """Begin a queued application, or end it where a gate is closed; any other is returned as it stands."""
    timing = timing_of(context.settings)
    async with context.database.begin() as session:
        application = (await session.exec(application_locked(ref.application_id))).one_or_none()
        if application is None:
            # its person has left: there is nothing to apply for, and nobody to tell
            return Prepared(state=S.CANCELLED, timing=timing)
        if application.state is S.QUEUED:
            return await _begin(context, session, application, timing)
        attempt = None
        if application.state in BEHIND_FENCE:
            attempt = await unsettled_attempt(session, application.id)
        return Prepared(
            state=application.state,
            timing=timing,
            attempt=ref_of(attempt) if attempt else None,
            is_followed=application.state in ACTIVE,
        )


async def _begin(
    context: Context, session: AsyncSession, application: Application, timing: Timing
) -> Prepared:
    reason = await _obstacle(context, session, application)
    if reason is None:
        await move(session, application, S.PREPARING, Actor.SYSTEM)
        return Prepared(state=application.state, timing=timing, is_followed=True)
    to = S.FAILED if application.origin is Origin.PERSON else S.SKIPPED
    ended = await end(session, application, to, Actor.SYSTEM, reason)
    return Prepared(state=to, timing=timing, reason=reason, notification_id=ended.notification_id)


async def _obstacle(context: Context, session: AsyncSession, application: Application) -> EndReason | None:
    """Check again what may have changed since the application was queued."""
    job = await session.get_one(Job, application.job_id)
    if job.expired_at is not None:
        return EndReason.JOB_CLOSED
    if not is_safe(context, job.url):
        return EndReason.UNSAFE_REQUEST
    profile = (await session.exec(profile_of(application.user_id))).one_or_none()
    resume = await session.exec(
        select(col(Resume.id)).where(col(Resume.user_id) == application.user_id).limit(1)
    )
    if profile is None or missing_for_applying(profile, has_resume=resume.first() is not None):
        return EndReason.PROFILE_INCOMPLETE
    if application.origin is Origin.SWEEP and not _still_wanted(profile, application):
        return EndReason.AUTOMATION_OFF
    return None


def _still_wanted(profile: Profile, application: Application) -> bool:
    """Tell whether what the sweep chose would be chosen still: nobody has asked for it by name."""
    if profile.automation_mode is AutomationMode.OFF or profile.read_automation().paused_seconds(now()) > 0:
        return False
    blocked = {normal_company(company) for company in profile.read_preferences().blocked_companies}
    return application.company_key not in blocked
