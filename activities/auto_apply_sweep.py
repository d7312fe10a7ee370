"""The hourly sweep: new jobs are matched, then a page of people with candidates gets them queued."""

import time
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from temporalio import activity

from activities.auto_apply_sweep_queue import queue_for
from activities.matching import JOBS_A_PAGE, NewJobs
from activities.matching_wishes import ChangedWishes
from activities.strong_matches import tell
from models.database import Database
from workflows.job_messages import MatchCursor, MatchPage, StrongMatches, SweepCursor, SweepPage
from workflows.messages import ApplicationRef
from workflows.steps import AutoApplySweepSteps

PEOPLE_A_PAGE = 50
SECONDS_A_PAGE = 10.0
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
        """Match the next page of new jobs; before the first one, the people whose wishes have changed."""
        if cursor.after_job is not None:
            return await NewJobs(self.database, self.jobs_a_page).match(cursor)
        matches, may_be_more = await ChangedWishes(self.database).match()
        if may_be_more:
            return MatchPage(jobs=0, matches=matches, next=MatchCursor())
        page = await NewJobs(self.database, self.jobs_a_page).match(cursor)
        return MatchPage(jobs=page.jobs, matches=matches + page.matches, next=page.next)

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
