"""New jobs held against the people who look for such titles: by their words, never job by person.

A page of jobs leads by its titles' words to the interests that have one of them as their rarest, and of these
to the ones whose words are all there. Each pair that is found is scored once, also when a page is repeated.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.matching_rows import People, row_of, store
from models.base import now
from models.database import Database
from models.fingerprint import words_of
from models.job import Job
from models.match.sides import advert_of
from models.match_row import SweepMark
from workflows.job_messages import MatchCursor, MatchPage

JOBS_A_PAGE = 100
PAIRS_A_READ = 20_000
PAIRS_A_WRITE = 500
"""How many are scored between two looks at the event loop: some 25 ms."""

SECONDS_A_PAGE = 10.0
"""After so long a page is left as it is, and gone on with by the next call."""

MARK = "jobs"
OVERLAP = timedelta(minutes=10)
"""How much later than its id a job may become visible: so far the sweep looks back behind its mark."""

FIRST_LOOK = timedelta(days=1)
"""How far the first sweep looks back; older jobs were matched with each person when their wishes changed."""

_TIME_SHIFT = 80

# the planner knows nothing of the page's words: left to itself it may read every interest there is
_BY_INDEX = text(
    "SELECT set_config(name, 'off', true)"
    " FROM unnest(ARRAY['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) AS name"
)
PAIRS = text(
    """
    SELECT DISTINCT page.id AS job_id, interest.user_id
    FROM jsonb_to_recordset(CAST(:jobs AS jsonb)) AS page(id uuid, words text[])
    CROSS JOIN LATERAL unnest(page.words) AS said(word)
    JOIN interest ON interest.word = said.word AND interest.words <@ page.words
    JOIN profile ON profile.user_id = interest.user_id AND profile.automation_mode <> 'off'
    WHERE NOT EXISTS (
        SELECT FROM job_match WHERE job_match.user_id = interest.user_id AND job_match.job_id = page.id
    )
    LIMIT :limit
    """
)


@dataclass(frozen=True)
class NewJobs:
    """Matches the jobs behind a mark, page by page."""

    database: Database
    jobs_a_page: int = JOBS_A_PAGE

    async def match(self, cursor: MatchCursor) -> MatchPage:
        """Match the next page of jobs, and note how far the sweep has come."""
        jobs = await self._page(cursor)
        if not jobs:
            return MatchPage(jobs=0, matches=0)
        matches, is_done = await self._match(jobs)
        if not is_done:
            return MatchPage(jobs=0, matches=matches, next=_before(jobs[0]))
        await self._mark(jobs[-1])
        has_more = len(jobs) == self.jobs_a_page
        return MatchPage(jobs=len(jobs), matches=matches, next=_behind(jobs[-1]) if has_more else None)

    async def _page(self, cursor: MatchCursor) -> list[Job]:
        async with self.database.begin() as session:
            after = cursor.after_job or await _beginning(session)
            query = select(Job).where(Job.id > after).order_by(col(Job.id)).limit(self.jobs_a_page)
            return list(await session.exec(query))

    async def _match(self, jobs: list[Job]) -> tuple[int, bool]:
        adverts = {job.id: advert_of(job) for job in jobs}
        words = {job.id: list(dict.fromkeys(words_of(job.title))) for job in jobs}
        page = to_json([{"id": job_id, "words": found} for job_id, found in words.items()]).decode()
        people, began, matches = People(), time.monotonic(), 0
        while pairs := await self._pairs(page):
            for start in range(0, len(pairs), PAIRS_A_WRITE):
                some = pairs[start : start + PAIRS_A_WRITE]
                async with self.database.begin() as session:
                    wanted = await people.read(session, {user_id for _, user_id in some})
                    at = now()
                    rows = [
                        row_of(user_id, found, adverts[job_id], at)
                        for job_id, user_id in some
                        if (found := wanted.get(user_id)) is not None
                    ]
                    await store(session, rows, at)
                matches += len(rows)
                if time.monotonic() - began > SECONDS_A_PAGE:
                    return matches, False
            if len(pairs) < PAIRS_A_READ:
                break
        return matches, True

    async def _pairs(self, page: str) -> list[tuple[UUID, UUID]]:
        async with self.database.begin() as session:
            connection = await session.connection()
            await connection.execute(_BY_INDEX)
            found = await connection.execute(PAIRS, {"jobs": page, "limit": PAIRS_A_READ})
            return [(job_id, user_id) for job_id, user_id in found]

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
    return MatchCursor(after_at=job.created_at, after_job=job.id)


def _before(job: Job) -> MatchCursor:
    return MatchCursor(after_at=job.created_at, after_job=UUID(int=job.id.int - 1))
