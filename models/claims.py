"""What a person may still apply to: caps and near duplicates, counted under the lock of their profile.

Whoever queues an application holds the profile's row (`profile_locked`) from before the claim until the
application is committed: so two that are queued at once count one after the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models.answering_enums import SkipReason
from models.application import NEVER_SENT, Application, Attempt
from models.enums import AttemptState
from models.fingerprint import normal_company, normal_title, words_of
from models.job import Job
from models.profile import Profile

DAY = timedelta(hours=24)
COMPANY_WINDOW = timedelta(days=30)
NEAR_WINDOW = timedelta(days=30)
NEAR = 0.9
"""From which similarity on, of title and of company, two adverts may be of one job."""

_SETTLED = (AttemptState.ABSENT, AttemptState.REFUSED)


@dataclass(frozen=True)
class Claim:
    """Whether a person may apply to a job now.

    `cap` names the cap that forbids it and `free_at` when that one frees a place (None where it never does).
    `near_duplicate_of` is an application to what may be the same job: a warning, which forbids nothing.
    """

    cap: SkipReason | None = None
    free_at: datetime | None = None
    near_duplicate_of: UUID | None = None


def profile_locked(user_id: UUID) -> SelectOfScalar[Profile]:
    """Select the person's profile and hold its row until the transaction ends."""
    return select(Profile).where(Profile.user_id == user_id).with_for_update()


async def claim(session: AsyncSession, profile: Profile, job: Job, at: datetime) -> Claim:
    """Return what stands between a person and a job; the caller holds the profile's row.

    An application counts from when it was queued, unless it has ended without reaching the employer. Another
    try at the same job is not held against its company's cap.
    """
    cap, free_at = None, None
    reached, free_at = await _daily(session, profile, at)
    if reached:
        cap = SkipReason.DAILY_CAP
    else:
        reached, free_at = await _company(session, profile, job, at)
        cap = SkipReason.COMPANY_CAP if reached else None
    return Claim(cap, free_at, await near_duplicate(session, profile.user_id, job, at))


async def _daily(session: AsyncSession, profile: Profile, at: datetime) -> tuple[bool, datetime | None]:
    claimed = _claimed(profile.user_id, at - DAY)
    return await _reached(session, claimed, profile.daily_cap, DAY)


async def _company(
    session: AsyncSession, profile: Profile, job: Job, at: datetime
) -> tuple[bool, datetime | None]:
    company = normal_company(job.company)
    if not company:
        return False, None
    claimed = _claimed(profile.user_id, at - COMPANY_WINDOW).where(
        Application.company_key == company,
        Application.job_id != job.id,
        Application.fingerprint != job.fingerprint,
    )
    return await _reached(session, claimed, profile.read_automation().company_cap, COMPANY_WINDOW)


async def _reached(
    session: AsyncSession, claimed: SelectOfScalar[datetime], cap: int, window: timedelta
) -> tuple[bool, datetime | None]:
    if cap <= 0:
        return True, None
    # the cap is reached as long as so many are within the window, so the oldest of these frees a place
    query = claimed.order_by(col(Application.created_at).desc()).offset(cap - 1).limit(1)
    last = (await session.exec(query)).first()
    return last is not None, last + window if last is not None else None


def _claimed(user_id: UUID, since: datetime) -> SelectOfScalar[datetime]:
    # an attempt is younger than its application, and the person's own of these days are a handful
    may_have_been_sent = select(Attempt.application_id).where(
        Attempt.user_id == user_id, Attempt.created_at > since, col(Attempt.state).not_in(_SETTLED)
    )
    return select(Application.created_at).where(
        Application.user_id == user_id,
        Application.created_at > since,
        or_(col(Application.state).not_in(NEVER_SENT), col(Application.id).in_(may_have_been_sent)),
    )


async def host_cap_is_reached(session: AsyncSession, profile: Profile, host: str, at: datetime) -> bool:
    """Tell whether the last day's applications to a careers site's host are as many as the person allows."""
    return await host_frees_at(session, profile, host, at) is not None


async def host_frees_at(session: AsyncSession, profile: Profile, host: str, at: datetime) -> datetime | None:
    """Return when a careers site's host may be applied to again, None where it may be now.

    What counts are crossings of the fence that may have reached the site, so an application which is still to
    be sent does not count itself.
    """
    cap = profile.read_automation().host_cap
    return await _crossings_free_at(session, profile.user_id, cap, at, Application.host == host)


async def account_frees_at(session: AsyncSession, profile: Profile, at: datetime) -> datetime | None:
    """Return when the account may send again, None where it may now.

    What was queued on different days may be approved on one: the daily cap is counted once more over what
    crosses the fence.
    """
    return await _crossings_free_at(session, profile.user_id, profile.daily_cap, at)


async def _crossings_free_at(
    session: AsyncSession, user_id: UUID, cap: int, at: datetime, *which: ColumnElement[bool] | bool
) -> datetime | None:
    """Return when fewer than `cap` applications will have crossed the fence within a day."""
    if cap <= 0:
        return at + DAY
    crossed = func.max(col(Attempt.created_at))
    query = (
        select(crossed)
        .join(Application, col(Application.id) == col(Attempt.application_id))
        .where(
            Attempt.user_id == user_id,
            Attempt.created_at > at - DAY,
            col(Attempt.state).not_in(_SETTLED),
            *which,
        )
        .group_by(col(Attempt.application_id))
        .order_by(crossed.desc())
        .offset(cap - 1)
        .limit(1)
    )
    last: datetime | None = (await session.exec(query)).first()
    return last + DAY if last is not None else None


async def near_duplicate(session: AsyncSession, user_id: UUID, job: Job, at: datetime) -> UUID | None:
    """Return the newest application of the last 30 days to what may be the same job, which is not this one.

    Title and company are nearly equal, and the places do not contradict each other: sibling jobs in other
    cities are other jobs. An unknown company is like no other.
    """
    company = normal_company(job.company)
    if not company:
        return None
    recent = (
        Application.user_id == user_id,
        Application.created_at > at - NEAR_WINDOW,
        col(Application.state).not_in(NEVER_SENT),
    )
    companies = await session.exec(select(Application.company_key).distinct().where(*recent))
    alike = [each for each in companies if are_alike(each, company)]
    if not alike:
        return None
    query = (
        select(Application.id, Job)
        .join(Job, col(Job.id) == col(Application.job_id))
        .where(*recent, col(Application.company_key).in_(alike), Application.job_id != job.id)
        .order_by(col(Application.created_at).desc())
    )
    return _first_near(job, (await session.exec(query)).all())


def _first_near(job: Job, earlier: Iterable[tuple[UUID, Job]]) -> UUID | None:
    title = normal_title(job.title)
    for application_id, other in earlier:
        if may_be_one_place(job, other) and are_alike(title, normal_title(other.title)):
            return application_id
    return None


def are_alike(one: str, other: str) -> bool:
    """Tell whether two normal forms are at least 0.9 alike, also when their words are in another order."""
    if not one or not other or _exact_words(one) != _exact_words(other):
        return False
    if one == other:
        return True
    sorted_one, sorted_other = (" ".join(sorted(text.split())) for text in (one, other))
    return _ratio_is_near(one, other) or _ratio_is_near(sorted_one, sorted_other)


def _exact_words(text: str) -> list[str]:
    # a number or a sign makes another job of it: C and C++, level 1 and level 2
    return sorted(word for word in text.split() if not word.isalpha())


def _ratio_is_near(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # the first two are upper bounds of the third, and cost next to nothing
    return matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR and matcher.ratio() >= NEAR


def may_be_one_place(one: Job, other: Job) -> bool:
    """Tell whether two jobs of one country may be in one place: the same, remote, or not known."""
    if one.country != other.country:
        return False
    if one.remote or other.remote:
        return True
    towns = [words_of(job.location.split(",")[0]) for job in (one, other)]
    if not all(towns) or towns[0] == towns[1]:
        return True
    # an area names the country, the region, the town …: who stops earlier leaves the rest unknown
    return bool(one.area and other.area) and all(a == b for a, b in zip(one.area, other.area, strict=False))
