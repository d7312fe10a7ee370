"""People whose wishes have changed, each held against the jobs of the last days, and found by new ones."""

import re
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from activities.matching_rows import read_wanted, row_of, store
from models.answering_enums import MatchState, SkipReason
from models.base import now
from models.claims import profile_locked
from models.database import Database
from models.enums import AutomationMode
from models.fingerprint import words_of
from models.interests import interests_of
from models.job import Job
from models.match.sides import Wanted, advert_of
from models.match_row import Interest, JobMatch
from models.profile import Profile

PEOPLE_A_CALL = 10
SECONDS_A_CALL = 10.0
"""After so long the rest is left to the next call."""

JOBS_A_PERSON = 1000
"""How many jobs, the newest, a change of wishes is matched with."""

LASTING = (SkipReason.ALREADY_APPLIED, SkipReason.NEAR_DUPLICATE)
"""Reasons that no other wish takes away."""

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class ChangedWishes:
    """Matches the people anew who are marked, and takes the mark away."""

    database: Database
    people_a_call: int = PEOPLE_A_CALL

    async def match(self) -> tuple[int, bool]:
        """Match the next few people; return how many jobs were found, and whether more people may wait."""
        async with self.database.begin() as session:
            people = list(await session.exec(changed_people(self.people_a_call)))
        found, began = 0, time.monotonic()
        for user_id in people:
            found += await self._match(user_id)
            if time.monotonic() - began > SECONDS_A_CALL:
                return found, True
        return found, len(people) == self.people_a_call

    async def _match(self, user_id: UUID) -> int:
        # the lock is what a change of the wishes waits for: none of them is taken for the one before
        async with self.database.begin() as session:
            profile = (await session.exec(profile_locked(user_id))).one_or_none()
            if profile is None:
                return 0
            profile.wishes_changed_at = None
            wanted = read_wanted(user_id, profile.preferences, profile.automation)
            await _forget(session, user_id)
            if wanted is None:
                return 0
            interests = interests_of(wanted.preferences.titles)
            session.add_all(
                Interest(user_id=user_id, title=title, word=word, words=words)
                for title, word, words in interests
            )
            jobs = await _jobs(session, wanted, [words for _, _, words in interests])
            at = now()
            rows = [row_of(user_id, wanted, advert_of(job), at) for job in jobs]
            await store(session, rows, at)
            return len(rows)


def changed_people(limit: int) -> SelectOfScalar[UUID]:
    """Select whose wishes have changed since they were matched, as far as they have automation on."""
    return (
        select(Profile.user_id)
        .where(col(Profile.wishes_changed_at).is_not(None), Profile.automation_mode != AutomationMode.OFF)
        .order_by(col(Profile.user_id))
        .limit(limit)
    )


async def _forget(session: AsyncSession, user_id: UUID) -> None:
    await session.exec(delete(Interest).where(col(Interest.user_id) == user_id))
    # what is queued stays, and so do reasons that are none of wishes; the rest is found anew or no longer
    depends = or_(col(JobMatch.reason).is_(None), col(JobMatch.reason).not_in(LASTING))
    await session.exec(
        delete(JobMatch).where(
            col(JobMatch.user_id) == user_id, col(JobMatch.state) != MatchState.QUEUED, depends
        )
    )


async def _jobs(session: AsyncSession, wanted: Wanted, titles: list[list[str]]) -> list[Job]:
    if not titles:
        return []
    since = now() - timedelta(days=wanted.rules.posted_within_days)
    jobs = await session.exec(titled_jobs(titles, since, JOBS_A_PERSON))
    # the database's idea of a word is a little wider than ours
    said = ((job, set(words_of(job.title))) for job in jobs)
    return [job for job, words in said if any(words.issuperset(title) for title in titles)]


def titled_jobs(titles: list[list[str]], since: datetime, limit: int) -> SelectOfScalar[Job]:
    """Select the newest open jobs since a moment whose title holds all the words of one of the titles."""
    title = func.lower(func.unaccent(col(Job.title)))
    return (
        select(Job)
        .where(
            col(Job.expired_at).is_(None),
            col(Job.posted_at) > since,
            or_(*(and_(*(_has_word(title, word) for word in words)) for words in titles)),
        )
        .order_by(col(Job.posted_at).desc(), col(Job.id).desc())
        .limit(limit)
    )


def _has_word(text: ColumnElement[str], word: str) -> Condition:
    pattern = rf"(?<![[:alnum:]]){re.escape(word)}(?![[:alnum:]+#])"
    return text.op("~", is_comparison=True)(func.lower(func.unaccent(pattern)))
