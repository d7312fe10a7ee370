"""Every half hour: Adzuna's pages into jobs, one activity a page, one search's failure stopping no other."""

from dataclasses import dataclass
from uuid import UUID

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

from workflows.children import start_match_jobs
from workflows.job_messages import FetchPlan, FetchRunRef, PageRef, PageResult, PlanFetch, SearchError
from workflows.policies import DATABASE_STEP, FETCH_STEP
from workflows.steps import JobFetchSteps

UNREACHABLE = "unreachable"
CREDENTIALS_REFUSED = "credentials_refused"
RATE_LIMITED = "rate_limited"
BUDGET_SPENT = "budget_spent"
STOPS_THE_KEY = frozenset({CREDENTIALS_REFUSED, RATE_LIMITED, BUDGET_SPENT})
"""What every other search would meet that is brought by the same key; each waits for a later run."""

MATCHED_AFTER = "matched-after-the-fetch"
"""The patch since which new jobs are matched with people as soon as they are there."""

SCHEDULED_BY = SearchAttributeKey.for_keyword("TemporalScheduledById")

execute = workflow.execute_activity_method


@dataclass(frozen=True)
class _Turn:
    """One search of a plan: by which key, and at most how many pages."""

    search_id: UUID
    key_id: UUID | None
    pages: int


def word_of(error: ActivityError) -> str:
    """Return the word by which the step named its failure, or `unreachable` where it gave none."""
    cause = error.cause
    return cause.type if isinstance(cause, ApplicationError) and cause.type else UNREACHABLE


@workflow.defn
class JobFetch:
    """Brings the searches that are due, as far as the keys' budgets go."""

    def __init__(self) -> None:
        self._stopped: set[UUID | None] = set()
        self._left_out = 0
        self._new = 0

    @workflow.run
    async def run(self) -> UUID:
        """Fetch the pages and return the id of the run's row."""
        info = workflow.info()
        is_scheduled = info.typed_search_attributes.get(SCHEDULED_BY) is not None
        request = PlanFetch(workflow_run_id=info.run_id, paced=is_scheduled)
        plan = await execute(JobFetchSteps.plan, request, **DATABASE_STEP)
        for turn in _turns(plan):
            if turn.key_id in self._stopped:
                self._left_out += 1
            else:
                await self._fetch(plan, turn)
        done = FetchRunRef(fetch_run_id=plan.fetch_run_id, left_out=self._left_out)
        await execute(JobFetchSteps.finish, done, **DATABASE_STEP)
        if self._new and workflow.patched(MATCHED_AFTER):
            await start_match_jobs()
        return plan.fetch_run_id

    async def _fetch(self, plan: FetchPlan, turn: _Turn) -> None:
        """Fetch one search's pages until the last or a failure; some stop all that is brought by the key."""
        result: PageResult | None = None
        try:
            for number in range(1, turn.pages + 1):
                page = PageRef(
                    fetch_run_id=plan.fetch_run_id,
                    search_id=turn.search_id,
                    page=number,
                    key_id=turn.key_id,
                    window=result.window if result is not None else None,
                )
                result = await execute(JobFetchSteps.fetch_page, page, **FETCH_STEP)
                self._new += result.new
                if result.last:
                    break
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            word = word_of(error)
            if word in STOPS_THE_KEY:
                self._stopped.add(turn.key_id)
            if word == BUDGET_SPENT:
                # no failure of the search, and with a first page it was not left out either
                self._left_out += result is None
                return
            failure = SearchError(fetch_run_id=plan.fetch_run_id, search_id=turn.search_id, error=word)
            await execute(JobFetchSteps.record_error, failure, **DATABASE_STEP)


def _turns(plan: FetchPlan) -> list[_Turn]:
    count = len(plan.search_ids)
    keys = plan.key_ids or (None,) * count
    limits = plan.page_limits or (plan.pages,) * count
    return [_Turn(*each) for each in zip(plan.search_ids, keys, limits, strict=True)]
