"""One run of the job fetch: its searches, its pages into jobs, and why a search could not be brought.

On any error the jobs stay as they are, with their age; nothing is ever invented.
"""

from dataclasses import dataclass
from uuid import UUID

from psycopg import DataError, IntegrityError
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update
from temporalio import activity

from activities.adverts.reading import read_page
from activities.credentials import CredentialStore
from activities.job_fetch.asking import Asker
from activities.job_fetch.defaults import keep_defaults
from activities.job_fetch.errors import failure
from activities.job_fetch.keys import keep_keys
from activities.job_fetch.ledger import Ledger
from activities.job_fetch.options import FetchOptions
from activities.job_fetch.planning import make_draft, store_draft
from activities.job_fetch.searching import Found, is_last, read_search, seen_with
from activities.job_fetch.telling import tell_wanters
from activities.job_intake import Intake, take_in
from activities.vendors.adzuna import AdzunaClient
from models.base import now
from models.database import Database
from models.enums import FetchFault
from models.job_search import FetchRun
from workflows.job_messages import FetchPlan, FetchRunRef, PageRef, PageResult, PlanFetch, SearchError
from workflows.steps import JobFetchSteps

ERROR_PAGE = 0
"""The page number under which a search's error is marked as counted."""

_RECORD = b"""
WITH marked AS (
    INSERT INTO fetched_page (fetch_run_id, search_id, page)
    SELECT %(run_id)s, id, %(page)s FROM job_search WHERE id = %(search_id)s FOR KEY SHARE
    ON CONFLICT DO NOTHING RETURNING 1
), counted AS (
    UPDATE fetch_run SET errors = errors + 1 FROM marked WHERE fetch_run.id = %(run_id)s
), failed AS (
    UPDATE job_search SET last_error = %(fault)s WHERE id = %(search_id)s
)
SELECT count(*) AS marked FROM marked
"""


@dataclass
class JobFetchActivities(JobFetchSteps):
    """Fetches by `adzuna`, stores by `database`."""

    database: Database
    adzuna: AdzunaClient
    credentials: CredentialStore
    options: FetchOptions

    @activity.defn
    async def plan(self, request: PlanFetch) -> FetchPlan:
        """Open the run, keep the settings' searches and the keys, and list what the budgets allow for."""
        digests = await self.credentials.adzuna_digests()
        async with self.database.begin() as session:
            opened = FetchRun(workflow_run_id=request.workflow_run_id).model_dump()
            await session.exec(
                insert(FetchRun).values(opened).on_conflict_do_nothing(index_elements=["workflow_run_id"])
            )
            await keep_defaults(session, self.options.searches)
            await keep_keys(session, digests)
            found = select(FetchRun.id).where(FetchRun.workflow_run_id == request.workflow_run_id)
            run_id: UUID = (await session.exec(found)).one()
        made = await make_draft(self.database, self.options, digests, now(), paced=request.paced)
        await store_draft(self.database, run_id, made)
        return FetchPlan(
            fetch_run_id=run_id,
            search_ids=[turn.search_id for turn in made.turns],
            pages=self.options.pages_per_search,
            key_ids=tuple(turn.key_id for turn in made.turns),
            page_limits=tuple(turn.pages for turn in made.turns),
        )

    @activity.defn
    async def fetch_page(self, page: PageRef) -> PageResult:
        """Fetch one page and upsert its ads; a fault leaves as a failure whose type is the FetchFault."""
        query, window = await read_search(self.database, page.search_id, page.window, now())
        size = self.options.results_per_page
        came = await self._asker().ask(page, query, size)
        activity.heartbeat()
        moment = now()
        read = read_page(came.adverts, query.country, moment)
        ads = len(came.adverts)
        last = is_last(Found(ads, size, read.rows, came.count), page.page, window)
        window = seen_with(window, read.rows)
        # a page that no budget is left for today is news still, one that nobody ever asks for is not
        is_complete = last or page.page >= self.options.pages_per_search
        known_to = window.newest_seen if is_complete else None
        try:
            async with self.database.bulk() as connection:
                intake = Intake(page, read.rows, ads - read.unreadable, read.unreadable, known_to)
                brought = await take_in(connection, intake, moment)
                if brought:
                    await tell_wanters(connection, page.search_id, new=brought)
        except (DataError, IntegrityError):
            # the same page would be refused again, and each try costs a call; its text is not for a history
            raise failure(FetchFault.INTERNAL, last=True) from None
        return PageResult(ads=ads, last=last, window=window, new=brought)

    def _asker(self) -> Asker:
        ledger = Ledger(self.database, self.options.limits)
        return Asker(self.database, self.adzuna, self.credentials, ledger, self.options.attempts)

    @activity.defn
    async def record_error(self, error: SearchError) -> None:
        """Note the fault's word on the search, count it in the run once, and tell who wants the search.

        Where nobody wants it any more it may be gone, and then nothing is noted.
        """
        known = error.error in set(FetchFault)
        fault = FetchFault(error.error) if known else FetchFault.INTERNAL
        values = {
            "run_id": error.fetch_run_id,
            "search_id": error.search_id,
            "page": ERROR_PAGE,
            "fault": fault.value,
        }
        async with self.database.bulk() as connection:
            marked = await (await connection.execute(_RECORD, values)).fetchone()
            if marked is not None and marked["marked"]:
                await tell_wanters(connection, error.search_id, error=fault.value)

    @activity.defn
    async def finish(self, run: FetchRunRef) -> None:
        """Close the run; closing it again changes nothing."""
        is_open = col(FetchRun.id) == run.fetch_run_id, col(FetchRun.ended_at).is_(None)
        closed = {"ended_at": now(), "left_out": FetchRun.left_out + run.left_out}
        async with self.database.begin() as session:
            await session.exec(update(FetchRun).where(*is_open).values(**closed))
