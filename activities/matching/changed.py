"""Jobs whose ads have changed since they were matched: held anew against whoever looks for such titles.

A job keeps its mark until every pair of it was scored by the ad as it is now, so a kill loses none.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from activities.matching.pairs import match_pairs
from activities.matching.rows import forget
from models.base import now
from models.database import Database
from models.job import Job
from models.match_row import JobMatch
from workflows.job_messages import MatchCursor, MatchPage, MatchPhase

NOT_SAID = {"seen_at", "expired_at", "rematch", "salary_eur"}
"""What may change of a job while its ad says the same."""


@dataclass(frozen=True)
class ChangedJobs:
    """Matches marked jobs anew, one after the other, and takes their marks away."""

    database: Database
    jobs_a_page: int

    async def match(self, cursor: MatchCursor, until: float) -> MatchPage:
        """Match the next few marked jobs anew: whole jobs, but for one that many people look for."""
        async with self.database.begin() as session:
            jobs = list(await session.exec(marked_jobs(cursor.after_job, self.jobs_a_page)))
        matches = 0
        for number, job in enumerate(jobs):
            began = (_begun(cursor, job) if number == 0 else None) or now()
            found, is_done = await match_pairs(self.database, [job], until, since=began)
            matches += found
            if not is_done:
                return MatchPage(jobs=number, matches=matches, next=_go_on_with(job, began))
            await self._finish(job, began)
            if time.monotonic() > until:
                return MatchPage(jobs=number + 1, matches=matches, next=_behind(job))
        has_more = len(jobs) == self.jobs_a_page
        return MatchPage(jobs=len(jobs), matches=matches, next=_behind(jobs[-1]) if has_more else None)

    async def _finish(self, job: Job, began: datetime) -> None:
        """Take the mark away, and the matches of who no longer looks for such a title."""
        async with self.database.begin() as session:
            current = await session.get(Job, job.id, with_for_update=True)
            # an ad that has changed once more is matched by the next sweep
            if current is None or _said(current) != _said(job):
                return
            current.rematch = False
            outdated = col(JobMatch.updated_at) < began
            await forget(session, col(JobMatch.job_id) == job.id, outdated)


def marked_jobs(after: UUID | None, limit: int) -> SelectOfScalar[Job]:
    """Select the next jobs whose ads have changed since they were matched."""
    return (
        select(Job)
        .where(col(Job.rematch), Job.id > (after or UUID(int=0)))
        .order_by(col(Job.id))
        .limit(limit)
    )


def _said(job: Job) -> dict[str, Any]:
    return job.model_dump(exclude=NOT_SAID)


def _begun(cursor: MatchCursor, job: Job) -> datetime | None:
    """Return when the job was begun that the page before has left unfinished, None where it is another."""
    is_it = cursor.after_job is not None and cursor.after_job.int + 1 == job.id.int
    return cursor.after_at if is_it else None


def _go_on_with(job: Job, began: datetime) -> MatchCursor:
    return MatchCursor(after_at=began, after_job=UUID(int=job.id.int - 1), phase=MatchPhase.CHANGED)


def _behind(job: Job) -> MatchCursor:
    return MatchCursor(after_job=job.id, phase=MatchPhase.CHANGED)
