"""People who are matched anew with the jobs of the last days: their wishes, or the scorer, have changed."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from activities.matching.rows import Row, Seeker, forget, read_seekers, row_of, store
from activities.matching.titles import BY_VALUES, Titles, holds_a_title, titled_jobs
from models.base import now
from models.claims import profile_locked
from models.database import Database
from models.enums import EventKind
from models.event import record
from models.interests import interests_of
from models.match.score import SCORER_VERSION
from models.match.sides import advert_of
from models.match_row import Interest, JobMatch
from models.profile import Preferences, Profile

PEOPLE_A_CALL = 10
JOBS_A_PERSON = 1000
"""How many jobs, the newest, a person is matched with."""

JOBS_A_TURN = 200
"""How many are scored between two looks at the event loop."""


@dataclass(frozen=True)
class PeopleAnew:
    """Matches the people anew whom a query finds, and notes that it was done, so that it finds others."""

    database: Database
    which: Callable[[int], SelectOfScalar[UUID]]
    people_a_call: int = PEOPLE_A_CALL

    async def match(self, until: float) -> tuple[int, bool]:
        """Match the next few people; return how many jobs were found, and whether more people may wait."""
        async with self.database.begin() as session:
            people = list(await session.exec(self.which(self.people_a_call)))
        found = 0
        for user_id in people:
            found += await match_person(self.database, user_id)
            if time.monotonic() > until:
                return found, True
        return found, len(people) == self.people_a_call


def changed_people(limit: int) -> SelectOfScalar[UUID]:
    """Select whose wishes have changed since they were matched."""
    changed = select(Profile.user_id).where(col(Profile.wishes_changed_at).is_not(None))
    return changed.order_by(col(Profile.user_id)).limit(limit)


def outdated_people(limit: int) -> SelectOfScalar[UUID]:
    """Select who was last matched by an earlier scorer, or never; not who is away."""
    version = col(Profile.matched_version)
    outdated = select(Profile.user_id).where(version >= 0, version < SCORER_VERSION)
    return outdated.order_by(version, col(Profile.user_id)).limit(limit)


async def match_person(database: Database, user_id: UUID, *, only_changed: bool = False) -> int:
    """Match one person anew with the jobs of the last days; return with how many.

    What is found no longer goes, what is queued stays, and who was told of a match is not told again.
    """
    # the lock is what a change of the wishes waits for: none of them is taken for the one before
    async with database.begin() as session:
        profile = (await session.exec(profile_locked(user_id))).one_or_none()
        if profile is None or (only_changed and profile.wishes_changed_at is None):
            return 0
        has_wished, profile.wishes_changed_at = profile.wishes_changed_at is not None, None
        profile.matched_version = SCORER_VERSION
        seeker = (await read_seekers(session, [profile]))[user_id]
        titles = await _note_interests(session, user_id, seeker)
        found = await _found(session, user_id, seeker, titles) if seeker and titles else []
        still_found = col(JobMatch.job_id).in_([row["job_id"] for row in found])
        await forget(session, col(JobMatch.user_id) == user_id, ~still_found)
        await store(session, found, now(), anew=True)
        if has_wished:
            connection = await session.connection()
            await connection.execute(record(user_id, EventKind.MATCHES_ADDED, user_id, matches=len(found)))
        return len(found)


async def _note_interests(session: AsyncSession, user_id: UUID, seeker: Seeker | None) -> Titles:
    """Note by what new jobs find the person, and return the words of each of the titles."""
    await session.exec(delete(Interest).where(col(Interest.user_id) == user_id))
    wished = seeker.wanted.preferences if seeker else Preferences()
    interests = interests_of(wished.titles, wished.countries)
    session.add_all(
        Interest(user_id=user_id, title=title, word=word, words=words) for title, word, words in interests
    )
    await session.flush()
    return [words for _, _, words in interests]


async def _found(session: AsyncSession, user_id: UUID, seeker: Seeker, titles: Titles) -> list[Row]:
    at = now()
    since = at - timedelta(days=seeker.wanted.rules.posted_within_days)
    await (await session.connection()).execute(BY_VALUES)
    countries = seeker.wanted.preferences.countries
    found = await session.exec(titled_jobs(titles, since, JOBS_A_PERSON, countries))
    jobs = [job for job in found if holds_a_title(job.title, titles)]
    rows: list[Row] = []
    for start in range(0, len(jobs), JOBS_A_TURN):
        rows += [row_of(user_id, seeker, advert_of(job), at) for job in jobs[start : start + JOBS_A_TURN]]
        await asyncio.sleep(0)
    return rows
