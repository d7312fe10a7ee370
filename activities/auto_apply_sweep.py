"""The hourly sweep: new jobs are matched, then a page of people with candidates gets them queued."""

import time
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from temporalio import activity

from activities.auto_apply_sweep_queue import queue_for
from activities.matching.changed import ChangedJobs
from activities.matching.new_jobs import JOBS_A_PAGE, NewJobs
from activities.matching.strong import tell
from activities.matching.wishes import PeopleAnew, changed_people, match_person, outdated_people
from models.database import Database
from workflows.job_messages import (
    MatchCursor,
    MatchPage,
    MatchPhase,
    PersonRef,
    StrongMatches,
    SweepCursor,
    SweepPage,
)
from workflows.messages import ApplicationRef
from workflows.steps import AutoApplySweepSteps

PEOPLE_A_PAGE = 50
PAGES_A_PHASE = 30
"""How many pages a sweep has for what is not new: some five minutes at most."""

SECONDS_A_PAGE = 8.0
"""After so long the rest of a page is left to the next call."""

# by two partial indexes: how many people there are makes no difference, and how many candidates each has
# none either, since from one person the index is entered anew for the next
PEOPLE = text(
    """
    WITH RECURSIVE candidate AS (
        (SELECT user_id FROM job_match WHERE state = 'candidate' AND user_id > :after
         ORDER BY user_id LIMIT 1)
        UNION ALL
        SELECT (SELECT job_match.user_id FROM job_match
                WHERE job_match.state = 'candidate' AND job_match.user_id > candidate.user_id
                ORDER BY job_match.user_id LIMIT 1)
        FROM candidate WHERE candidate.user_id IS NOT NULL
    )
    (SELECT user_id FROM candidate WHERE user_id IS NOT NULL LIMIT :people)
    UNION
    (SELECT DISTINCT user_id FROM application
     WHERE state = 'queued' AND origin = 'sweep' AND user_id > :after ORDER BY user_id LIMIT :people)
    ORDER BY user_id LIMIT :people
    """
)


@dataclass
class AutoApplySweepActivities(AutoApplySweepSteps):
    """Matches and queues by `database`, whose unique indexes and lock on a person's profile decide."""

    database: Database
    people_a_page: int = PEOPLE_A_PAGE
    jobs_a_page: int = JOBS_A_PAGE

    @activity.defn
    async def match_jobs(self, cursor: MatchCursor) -> MatchPage:
        """Match the next page: changed wishes, then new jobs, changed jobs, and what is of an old scorer.

        What comes behind new jobs, and changed wishes before them, has so many pages a sweep and no more:
        the rest is left to the next sweep.
        """
        until = time.monotonic() + SECONDS_A_PAGE
        jobs = matches = 0
        here: MatchCursor | None = cursor
        while here is not None:
            phase = _phase_of(here)
            page = await self._match(phase, here, until)
            jobs, matches, here = jobs + page.jobs, matches + page.matches, _counted(phase, here, page.next)
            if here is not None and (_phase_of(here) is phase or time.monotonic() > until):
                break
        return MatchPage(jobs=jobs, matches=matches, next=here)

    async def _match(self, phase: MatchPhase, cursor: MatchCursor, until: float) -> MatchPage:
        if phase is MatchPhase.NEW:
            return await NewJobs(self.database, self.jobs_a_page).match(cursor, until)
        if phase is MatchPhase.CHANGED:
            return await ChangedJobs(self.database, self.jobs_a_page).match(cursor, until)
        which = changed_people if phase is MatchPhase.WISHES else outdated_people
        matches, may_be_more = await PeopleAnew(self.database, which).match(until)
        return MatchPage(jobs=0, matches=matches, next=MatchCursor(phase=phase) if may_be_more else None)

    @activity.defn
    async def match_person(self, person: PersonRef) -> int:
        """Match one person anew whose wishes have changed; who was matched meanwhile is not once more."""
        return await match_person(self.database, person.user_id, only_changed=True)

    @activity.defn
    async def queue_matches(self, cursor: SweepCursor) -> SweepPage:
        """Queue for the next people with candidates, each in a transaction of their own.

        Whatever the sweep has queued and nobody has begun is named again, so that a repeated call starts it.
        """
        people = await self._people(cursor.after_user)
        queued: list[ApplicationRef] = []
        began = time.monotonic()
        for user_id in people:
            queued += await queue_for(self.database, user_id)
            if time.monotonic() - began > SECONDS_A_PAGE and user_id != people[-1]:
                return SweepPage(applications=queued, next_user=user_id)
        is_last = len(people) < self.people_a_page
        return SweepPage(applications=queued, next_user=None if is_last else people[-1])

    @activity.defn
    async def tell_strong_matches(self, cursor: SweepCursor) -> StrongMatches:
        """Make one notification for each of the next people who have strong matches to be told of."""
        return await tell(self.database, cursor.after_user)

    async def _people(self, after: UUID | None) -> list[UUID]:
        async with self.database.begin() as session:
            connection = await session.connection()
            found = await connection.execute(
                PEOPLE, {"after": after or UUID(int=0), "people": self.people_a_page}
            )
            return [user_id for (user_id,) in found]


def _phase_of(cursor: MatchCursor) -> MatchPhase:
    return cursor.phase or (MatchPhase.WISHES if cursor.after_job is None else MatchPhase.NEW)


def _counted(phase: MatchPhase, cursor: MatchCursor, behind: MatchCursor | None) -> MatchCursor | None:
    """Return the cursor of the next page, which counts the phase's pages, or begins the next phase."""
    pages = cursor.pages + 1
    if behind is not None and (phase is MatchPhase.NEW or pages < PAGES_A_PHASE):
        return behind.model_copy(update={"pages": pages})
    phases = list(MatchPhase)
    is_last = phase is phases[-1]
    return None if is_last else MatchCursor(phase=phases[phases.index(phase) + 1])
