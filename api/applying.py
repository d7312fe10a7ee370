"""Asking for an application: what it needs, the caps it counts against, and what stands in its way."""

from datetime import datetime
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.announcing import announce
from api.applications import changed
from api.context import Context
from api.problems import constraint_of
from models.answering_enums import SkipReason
from models.application import NEVER_SENT, Application, applications_of
from models.application_public import ApplicationCreate
from models.base import now
from models.claims import claim, profile_locked
from models.enums import AutomationMode, Origin
from models.errors import (
    AlreadyExistsError,
    CapReachedError,
    ConflictError,
    IncompleteError,
    JobExpiredError,
    NotFoundError,
)
from models.fingerprint import canonical_url
from models.job import Job
from models.match.score import score
from models.match.sides import advert_of
from models.match_world import read_world
from models.profile import Profile, Resume, missing_for_applying
from models.public_url import why_not_public

CAPS = {
    SkipReason.DAILY_CAP: "You have applied as often as you allow within a day",
    SkipReason.COMPANY_CAP: "You have applied to this company as often as you allow within 30 days",
}
LOCKS = {"uq_application_job", "uq_application_fingerprint", "uq_application_url"}


async def apply_for_person(
    context: Context, user_id: UUID, body: ApplicationCreate
) -> tuple[Application, Job]:
    """Queue an application in a transaction of its own; AlreadyExistsError names the one in its way.

    Raises also what `queue_for_person` raises, and ConflictError for an advert that leads where no browser
    of ours may go. Its workflow is to be started then.
    """
    try:
        async with context.database.begin() as session:
            application, job = await queue_for_person(session, user_id, body)
            if not context.allow_private_urls and (fault := why_not_public(job.url)):
                raise ConflictError(
                    f"The advert's link cannot be followed safely: {fault}; choose another job."
                )
            return application, job
    except IntegrityError as error:
        if constraint_of(error) not in LOCKS:
            raise
        async with context.database.begin() as session:
            job = await session.get_one(Job, body.job_id)
            raise await _exists(session, user_id, job) from error


async def queue_for_person(
    session: AsyncSession, user_id: UUID, body: ApplicationCreate
) -> tuple[Application, Job]:
    """Store a queued application with its first entry and its event; the unique indexes are the judge.

    Raises NotFoundError, JobExpiredError, IncompleteError, AlreadyExistsError or CapReachedError; a violated
    index (IntegrityError) where another address led to the same application meanwhile.
    """
    job = await session.get(Job, body.job_id)
    if job is None:
        raise NotFoundError("There is no job with this id.")
    if job.expired_at is not None:
        raise JobExpiredError("The job is no longer advertised; choose another.")
    profile = await _complete_profile(session, user_id)
    # under the profile's lock: who comes second sees the first one's application before any cap
    if (standing := await _standing(session, user_id, job)) is not None:
        raise _in_the_way(standing)
    claimed = await claim(session, profile, job, now())
    if claimed.cap is not None:
        raise _cap_reached(claimed.cap, claimed.free_at)
    application, entry = Application.queue(user_id, job, Origin.PERSON, _mode(body, profile))
    application.near_duplicate_of = claimed.near_duplicate_of
    await _score(session, application, profile, job)
    session.add(application)
    await session.flush()
    session.add(entry)
    await announce(session, changed(application))
    return application, job


async def _complete_profile(session: AsyncSession, user_id: UUID) -> Profile:
    """Lock and return a profile that lacks nothing for applying; IncompleteError names what is missing."""
    profile = (await session.exec(profile_locked(user_id))).first()
    resume = select(Resume.id).where(Resume.user_id == user_id).limit(1)
    missing = missing_for_applying(profile, has_resume=(await session.exec(resume)).first() is not None)
    if profile is None or missing:
        raise IncompleteError(f"Fill in first: {', '.join(missing)}.", missing=missing)
    return profile


async def _score(session: AsyncSession, application: Application, profile: Profile, job: Job) -> None:
    """Note how well the job fits, for lists; nothing where there is no data, or what is wished rules it out.

    It hinders nobody: who asks for a job by name has decided.
    """
    try:
        preferences, rules = profile.read_preferences(), profile.read_automation()
    except ValidationError:
        return
    world = await read_world(session, [preferences])
    found = score(world.wanted(preferences, rules), advert_of(job), now())
    if found.confidence:
        application.score, application.confidence = found.score, found.confidence


def _mode(body: ApplicationCreate, profile: Profile) -> AutomationMode:
    mode = body.mode or profile.automation_mode
    return AutomationMode.REVIEW if mode is AutomationMode.OFF else mode


async def _standing(session: AsyncSession, user_id: UUID, job: Job) -> Application | None:
    """Return the application that stands in the way: to this job, or to the same one advertised elsewhere."""
    query = applications_of(user_id).where(
        col(Application.state).not_in(NEVER_SENT),
        (col(Application.job_id) == job.id)
        | (col(Application.fingerprint) == job.fingerprint)
        | (col(Application.apply_url) == canonical_url(job.url)),
    )
    return (await session.exec(query)).first()


def _in_the_way(standing: Application) -> AlreadyExistsError:
    return AlreadyExistsError(
        "You have applied to this job.", application_id=str(standing.id), state=standing.state.value
    )


async def _exists(session: AsyncSession, user_id: UUID, job: Job) -> AlreadyExistsError:
    standing = await _standing(session, user_id, job)
    if standing is None:
        return AlreadyExistsError("There was an application to this job until now; ask again.")
    return _in_the_way(standing)


def _cap_reached(cap: SkipReason, free_at: datetime | None) -> CapReachedError:
    said = CAPS.get(cap, "You have applied as often as you allow")
    when = free_at.isoformat(timespec="minutes") if free_at else None
    advice = f"a place is free again at {when}" if when else "the cap in your profile allows none"
    return CapReachedError(
        f"{said}; {advice}.", cap=cap.value, free_at=free_at.isoformat() if free_at else None
    )
