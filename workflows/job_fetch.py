"""Every half hour: Adzuna's pages into jobs, one activity a page, one search's failure stopping no other."""

from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from workflows.job_messages import FetchPlan, FetchRunRef, PageRef, PlanFetch, SearchError
from workflows.policies import DATABASE_STEP, FETCH_STEP
from workflows.steps import JobFetchSteps

UNREACHABLE = "unreachable"
CREDENTIALS_REFUSED = "credentials_refused"
RATE_LIMITED = "rate_limited"
STOPS_THE_RUN = frozenset({CREDENTIALS_REFUSED, RATE_LIMITED})
"""What every other search would meet as well; those left out are the stalest, and so the first, next time."""

execute = workflow.execute_activity_method


def word_of(error: ActivityError) -> str:
    """Return the word by which the step named its failure, or `unreachable` where it gave none."""
    cause = error.cause
    return cause.type if isinstance(cause, ApplicationError) and cause.type else UNREACHABLE


@workflow.defn
class JobFetch:
    """Brings every active search, the stalest first."""

    @workflow.run
    async def run(self) -> UUID:
        """Fetch the pages and return the id of the run's row."""
        request = PlanFetch(workflow_run_id=workflow.info().run_id)
        plan = await execute(JobFetchSteps.plan, request, **DATABASE_STEP)
        for search_id in plan.search_ids:
            error = await self._fetch(plan, search_id)
            if error in STOPS_THE_RUN:
                break
        done = FetchRunRef(fetch_run_id=plan.fetch_run_id)
        await execute(JobFetchSteps.finish, done, **DATABASE_STEP)
        return plan.fetch_run_id

    async def _fetch(self, plan: FetchPlan, search_id: UUID) -> str | None:
        """Fetch one search's pages until the last; return the word of its failure, if any."""
        try:
            for number in range(1, plan.pages + 1):
                page = PageRef(fetch_run_id=plan.fetch_run_id, search_id=search_id, page=number)
                result = await execute(JobFetchSteps.fetch_page, page, **FETCH_STEP)
                if result.last:
                    break
        except ActivityError as error:
            failure = SearchError(fetch_run_id=plan.fetch_run_id, search_id=search_id, error=word_of(error))
            await execute(JobFetchSteps.record_error, failure, **DATABASE_STEP)
            return failure.error
        return None
