"""Hourly: what keeps jobs in order beside their fetching, one piece after the other, page by page."""

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from workflows.job_messages import UpkeepPlace
from workflows.policies import UPKEEP_STEP
from workflows.steps import JobUpkeepSteps

PIECES = (
    JobUpkeepSteps.expire_jobs,
    JobUpkeepSteps.price_jobs,
    JobUpkeepSteps.learn_terms,
    JobUpkeepSteps.prune_jobs,
)


@workflow.defn
class JobUpkeep:
    """Does every piece to its end; one that fails is left to the next run and stops no other."""

    @workflow.run
    async def run(self, place: UpkeepPlace) -> int:
        """Go on from a piece and return how many rows this run has changed."""
        rows = 0
        for piece, step in enumerate(PIECES[place.piece :], place.piece):
            more = True
            while more:
                if workflow.info().is_continue_as_new_suggested():
                    workflow.continue_as_new(UpkeepPlace(piece=piece))
                try:
                    page = await workflow.execute_activity_method(step, **UPKEEP_STEP)
                except ActivityError as error:
                    if is_cancelled_exception(error):
                        raise
                    workflow.logger.warning("upkeep is left to the next run", extra={"piece": piece})
                    break
                rows, more = rows + page.rows, page.more
        return rows
