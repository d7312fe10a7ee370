"""New jobs, page by page behind a mark, held against the people who look for such titles."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.matching.pairs import match_pairs
from activities.matching.rows import People
from models.base import now
from models.database import Database
from models.job import Job
from models.match_row import SweepMark
from workflows.job_messages import MatchCursor, MatchPage, MatchPhase

JOBS_A_PAGE = 100
MARK = "jobs"
OVERLAP = timedelta(minutes=10)
"""How much later than its id a job may become visible: so far the sweep looks back behind its mark."""

FIRST_LOOK = timedelta(days=1)
"""How far the first sweep looks back; older jobs were matched with each person when their wishes changed."""

_TIME_SHIFT = 80


@dataclass(frozen=True)
class NewJobs:
    """Matches the jobs behind a mark, page by page."""

    database: Database
    jobs_a_page: int = JOBS_A_PAGE

    async def match(self, cursor: MatchCursor, until: float) -> MatchPage:
        """Match pages of jobs until the monotonic time `until`, and note after each how far the sweep is."""
        people, done, matches = People(), 0, 0
        while jobs := await self._page(cursor):
            found, is_done = await match_pairs(self.database, jobs, until, people=people)
            matches += found
            if not is_done:
                return MatchPage(jobs=done, matches=matches, next=_before(jobs[0]))
            await self._mark(jobs[-1])
            done, cursor = done + len(jobs), _behind(jobs[-1])
            if len(jobs) < self.jobs_a_page:
                break
            if time.monotonic() > until:
                return MatchPage(jobs=done, matches=matches, next=cursor)
        return MatchPage(jobs=done, matches=matches)

    async def _page(self, cursor: MatchCursor) -> list[Job]:
        async with self.database.begin() as session:
            after = cursor.after_job or await _beginning(session)
            query = select(Job).where(Job.id > after).order_by(col(Job.id)).limit(self.jobs_a_page)
            return list(await session.exec(query))

    async def _mark(self, job: Job) -> None:
        put = insert(SweepMark).values(name=MARK, at=job.created_at, job_id=job.id)
        # a sweep that looked back and stopped early does not take the mark back
        forward = put.on_conflict_do_update(
            index_elements=["name"],
            set_={"at": put.excluded.at, "job_id": put.excluded.job_id},
            where=col(SweepMark.job_id) < put.excluded.job_id,
        )
        async with self.database.begin() as session:
            await session.exec(forward)


async def _beginning(session: AsyncSession) -> UUID:
    mark = await session.get(SweepMark, MARK)
    return first_id_at(mark.at - OVERLAP if mark is not None else now() - FIRST_LOOK)


def first_id_at(at: datetime) -> UUID:
    """Return an id before those that are made from a moment on: their first 48 bits are milliseconds."""
    return UUID(int=int(at.timestamp() * 1000) << _TIME_SHIFT)


def _behind(job: Job) -> MatchCursor:
    return MatchCursor(after_at=job.created_at, after_job=job.id, phase=MatchPhase.NEW)


def _before(job: Job) -> MatchCursor:
    return MatchCursor(after_at=job.created_at, after_job=UUID(int=job.id.int - 1), phase=MatchPhase.NEW)
