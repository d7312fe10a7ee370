"""People are told of strong new matches: of each once, and not more often than once a day.

Which matches are strong and new was noted when they were made, so that nobody else's are looked through.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from pydantic import ValidationError
from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.matching.rows import NEWS
from models.account import Account
from models.automation import Automation
from models.base import now
from models.claims import profile_locked
from models.database import Database
from models.enums import EventKind, NotificationKind
from models.event import record
from models.notification import Notification
from models.profile import Profile
from workflows.job_messages import StrongMatches
from workflows.messages import NotificationRef

PEOPLE_A_PAGE = 50
DAY = timedelta(hours=24)
"""How long after one such notification the next one waits."""

# from one person the partial index is entered anew for the next, however many matches each has
_PEOPLE = text(
    """
    WITH RECURSIVE waiting AS (
        (SELECT user_id FROM job_match WHERE to_tell AND user_id > :after ORDER BY user_id LIMIT 1)
        UNION ALL
        SELECT (SELECT job_match.user_id FROM job_match
                WHERE job_match.to_tell AND job_match.user_id > waiting.user_id
                ORDER BY job_match.user_id LIMIT 1)
        FROM waiting WHERE waiting.user_id IS NOT NULL
    )
    SELECT user_id FROM waiting WHERE user_id IS NOT NULL LIMIT :people
    """
)
# closed, hidden and applied to since, no news any more, or told of already as another ad of the same content
_LAPSE = text(
    """
    UPDATE job_match SET to_tell = false FROM job
    WHERE job_match.user_id = :user_id AND job_match.to_tell AND job.id = job_match.job_id AND (
        job.expired_at IS NOT NULL OR job.created_at < :since
        OR EXISTS (SELECT FROM job_mark WHERE job_mark.user_id = :user_id
                   AND job_mark.content_key = job.content_key AND job_mark.hidden_at IS NOT NULL)
        OR EXISTS (SELECT FROM application JOIN job AS asked ON asked.id = application.job_id
                   WHERE application.user_id = :user_id AND asked.content_key = job.content_key)
        OR EXISTS (SELECT FROM job AS twin JOIN job_match AS told ON told.job_id = twin.id
                   WHERE twin.content_key = job.content_key AND twin.country = job.country
                       AND told.user_id = :user_id AND told.told_at IS NOT NULL)
    )
    """
)
_TELL = text(
    """
    WITH told AS (
        UPDATE job_match SET to_tell = false, told_at = :at FROM job
        WHERE job_match.user_id = :user_id AND job_match.to_tell AND job.id = job_match.job_id
        RETURNING job.country, job.content_key
    )
    SELECT count(DISTINCT (country, content_key)) FROM told
    """
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Page:
    """The people who have something to be told, after one of them."""

    database: Database
    after: UUID | None
    people_a_page: int = PEOPLE_A_PAGE

    async def read(self) -> list[UUID]:
        """Return them in the order of their ids."""
        async with self.database.begin() as session:
            connection = await session.connection()
            values = {"after": self.after or UUID(int=0), "people": self.people_a_page}
            return [user_id for (user_id,) in await connection.execute(_PEOPLE, values)]


async def tell(database: Database, after: UUID | None, people_a_page: int = PEOPLE_A_PAGE) -> StrongMatches:
    """Tell the next people, each in a transaction of their own."""
    people = await Page(database, after, people_a_page).read()
    notifications: list[NotificationRef] = []
    for user_id in people:
        async with database.begin() as session:
            told = await _tell(session, user_id, now())
        if told is not None:
            notifications.append(NotificationRef(notification_id=told, user_id=user_id))
    is_last = len(people) < people_a_page
    return StrongMatches(notifications=notifications, next_user=None if is_last else people[-1])


async def _tell(session: AsyncSession, user_id: UUID, at: datetime) -> UUID | None:
    """Tell a person of all that waits; None where there is nothing, or the time has not come."""
    profile = (await session.exec(profile_locked(user_id))).one_or_none()
    # what is strong by earlier wishes may not be so by the new ones: it is noted once they were matched
    rules = _rules(profile) if profile is not None and profile.wishes_changed_at is None else None
    connection = await session.connection()
    await connection.execute(_LAPSE, {"user_id": user_id, "since": at - NEWS})
    if rules is None or not _wants_to_be_told(rules, at) or not await _may_be_told(session, user_id, at):
        return None
    number = (await connection.execute(_TELL, {"user_id": user_id, "at": at})).scalar_one()
    if not number:
        return None
    told = Notification(user_id=user_id, kind=NotificationKind.STRONG_MATCHES, number=number)
    session.add(told)
    await session.flush()
    kind = told.kind.value
    for event in (
        record(user_id, EventKind.MATCHES_ADDED, user_id, matches=number),
        record(user_id, EventKind.NOTIFICATION_ADDED, told.id, notification_kind=kind, application_id=None),
    ):
        await connection.execute(event)
    return told.id


def _wants_to_be_told(rules: Automation, at: datetime) -> bool:
    return rules.notify_score is not None and rules.quiet_seconds(at) <= 0


def _rules(profile: Profile) -> Automation | None:
    """Return a person's rules, None where they are of a shape that nobody can read any more."""
    try:
        return profile.read_automation()
    except ValidationError:
        _log.warning("the rules of automation cannot be read")
        return None


async def _may_be_told(session: AsyncSession, user_id: UUID, at: datetime) -> bool:
    """Tell whether the account is open and the last such notification was more than a day ago."""
    lately = select(Notification.id).where(
        Notification.user_id == user_id,
        Notification.kind == NotificationKind.STRONG_MATCHES,
        Notification.created_at > at - DAY,
    )
    if (await session.exec(lately.limit(1))).first() is not None:
        return False
    able = select(Account.id).where(
        Account.id == user_id, col(Account.locked_at).is_(None), col(Account.erasing_at).is_(None)
    )
    return (await session.exec(able)).first() is not None
