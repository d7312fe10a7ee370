"""One run of the job fetch: its searches, its pages into jobs, and why a search could not be brought.

On any error the jobs stay as they are, with their age; nothing is ever invented.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from psycopg import DataError, IntegrityError
from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.adverts import read_page
from activities.credentials import CredentialStore
from activities.job_intake import Intake, take_in
from activities.vendors.adzuna import AdzunaClient, SearchPage, SearchQuery
from activities.vendors.client import RateLimitedError, VendorError
from models.base import now
from models.countries import COUNTRIES
from models.database import Database
from models.enums import FetchFault
from models.job_search import FetchedPage, FetchRun, JobSearch, SearchTerms
from workflows.job_messages import FetchPlan, FetchRunRef, PageRef, PageResult, PlanFetch, SearchError
from workflows.steps import JobFetchSteps

NEVER_AGAIN = frozenset(
    {FetchFault.CREDENTIALS_REFUSED, FetchFault.UNSUPPORTED_COUNTRY, FetchFault.BAD_REQUEST}
)
"""Asking again would only cost a call: the answer is about us, not about the moment."""

LIMIT_WAIT = timedelta(minutes=1)
"""How long to wait where Adzuna names no time: its shortest limit counts calls a minute."""

LONGEST_WAIT = timedelta(minutes=5)
"""Whoever asks us to wait longer is asked again by the next run."""

ERROR_PAGE = 0
"""The page number under which a search's error is marked as counted."""

_SEARCH = "SELECT country, what, job_search.where FROM job_search WHERE id = %(id)s"


@dataclass(frozen=True)
class FetchOptions:
    """The installation's own searches, and how much of Adzuna's monthly budget a run may spend on each."""

    searches: Sequence[SearchQuery]
    results_per_page: int = 50
    pages_per_search: int = 1
    attempts: int = 3


@dataclass
class JobFetchActivities(JobFetchSteps):
    """Fetches by `adzuna`, stores by `database`."""

    database: Database
    adzuna: AdzunaClient
    credentials: CredentialStore
    options: FetchOptions

    @activity.defn
    async def plan(self, request: PlanFetch) -> FetchPlan:
        """Open the run, make the settings' searches the active ones and list them."""
        async with self.database.begin() as session:
            fetch_run = insert(FetchRun).values(
                FetchRun(workflow_run_id=request.workflow_run_id).model_dump()
            )
            await session.exec(fetch_run.on_conflict_do_nothing(index_elements=["workflow_run_id"]))
            await self._keep_searches(session)
            run_id = await session.exec(
                select(FetchRun.id).where(FetchRun.workflow_run_id == request.workflow_run_id)
            )
            stalest_first = (col(JobSearch.fetched_at).asc().nulls_first(), col(JobSearch.id))
            searches = await session.exec(
                select(JobSearch).where(JobSearch.is_default).order_by(*stalest_first)
            )
            return FetchPlan(
                fetch_run_id=run_id.one(),
                search_ids=[search.id for search in searches],
                pages=self.options.pages_per_search,
            )

    async def _keep_searches(self, session: AsyncSession) -> None:
        wanted = {
            (query.country.strip().lower(), query.what.strip(), query.where.strip())
            for query in self.options.searches
        }
        for country, what, where in sorted(wanted):
            search = JobSearch.of(SearchTerms(country=country, what=what, where=where), is_default=True)
            put = insert(JobSearch).values(search.model_dump())
            await session.exec(put.on_conflict_do_update(index_elements=["key"], set_={"is_default": True}))
        keys = [SearchTerms(country=c, what=w, where=p).key_of_terms() for c, w, p in wanted]
        left = col(JobSearch.is_default) & col(JobSearch.key).not_in(keys)
        await session.exec(update(JobSearch).where(left).values(is_default=False))

    @activity.defn
    async def fetch_page(self, page: PageRef) -> PageResult:
        """Fetch one page and upsert its ads; a fault leaves as a failure whose type is the FetchFault."""
        size = self.options.results_per_page
        query = await self._query(page)
        found = await self._ask(query, page.page, size)
        activity.heartbeat()
        moment = now()
        read = read_page(found.adverts, query.country, moment)
        ads = len(found.adverts)
        intake = Intake(page, read.rows, ads - read.unreadable, read.unreadable)
        try:
            async with self.database.bulk() as connection:
                await take_in(connection, intake, moment)
        except (DataError, IntegrityError):
            # the same page would be refused again, and each try costs a call; its text is not for a history
            raise _failure(FetchFault.INTERNAL, last=True) from None
        reached = found.count is not None and page.page * size >= found.count
        return PageResult(ads=ads, last=reached or ads < size)

    async def _query(self, page: PageRef) -> SearchQuery:
        rows = await self.database.rows(_SEARCH, {"id": page.search_id})
        if not rows:
            raise ApplicationError("no such search", type=FetchFault.INTERNAL, non_retryable=True)
        query = SearchQuery(**rows[0])
        if query.country not in COUNTRIES:
            raise _failure(FetchFault.UNSUPPORTED_COUNTRY, last=True)
        return query

    async def _ask(self, query: SearchQuery, page: int, size: int) -> SearchPage:
        keys = await self.credentials.adzuna()
        if not keys.app_key:
            raise _failure(FetchFault.CREDENTIALS_REFUSED, last=True)
        try:
            return await self.adzuna.search(query, page, size, keys)
        except VendorError as error:
            fault = FetchFault(error.word)
            wait = _wait_of(error)
        late = activity.info().attempt >= self.options.attempts or (wait is not None and wait > LONGEST_WAIT)
        raise _failure(fault, last=late, wait=wait)

    @activity.defn
    async def record_error(self, error: SearchError) -> None:
        """Note the fault's word on the search, and count it in the run once."""
        known = error.error in set(FetchFault)
        fault = FetchFault(error.error) if known else FetchFault.INTERNAL
        search = update(JobSearch).where(col(JobSearch.id) == error.search_id)
        run = update(FetchRun).where(col(FetchRun.id) == error.fetch_run_id)
        mark = FetchedPage(fetch_run_id=error.fetch_run_id, search_id=error.search_id, page=ERROR_PAGE)
        async with self.database.begin() as session:
            await session.exec(search.values(last_error=fault.value))
            counted = insert(FetchedPage).values(mark.model_dump()).on_conflict_do_nothing()
            marked = await session.exec(counted.returning(col(FetchedPage.page)))
            if marked.first() is not None:
                await session.exec(run.values(errors=FetchRun.errors + 1))

    @activity.defn
    async def finish(self, run: FetchRunRef) -> None:
        """Close the run; closing it again changes nothing."""
        closed = update(FetchRun).where(col(FetchRun.id) == run.fetch_run_id)
        async with self.database.begin() as session:
            await session.exec(closed.values(ended_at=func.coalesce(FetchRun.ended_at, now())))


def _wait_of(error: VendorError) -> timedelta | None:
    """Return how long to wait before asking again, None for the policy's own pace."""
    if not isinstance(error, RateLimitedError):
        return None
    seconds = error.retry_after
    return LIMIT_WAIT if seconds is None else timedelta(seconds=seconds)


def _failure(fault: FetchFault, *, last: bool = False, wait: timedelta | None = None) -> ApplicationError:
    return ApplicationError(
        "the search could not be brought",
        type=fault,
        non_retryable=last or fault in NEVER_AGAIN,
        next_retry_delay=wait,
    )
