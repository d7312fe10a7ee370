"""New jobs matched as soon as a fetch has brought some: the sweep would do it within the hour."""

from temporalio import workflow

from workflows.job_messages import MatchCursor
from workflows.matching import match_jobs, tell_strong_matches


@workflow.defn
class MatchJobs:
    """Matches new jobs with people and tells of the best; it queues nothing."""

    @workflow.run
    async def run(self, cursor: MatchCursor) -> None:
        """Match from the cursor on, then tell; what is done twice changes nothing."""
        left = await match_jobs(cursor)
        if left is not None:
            workflow.continue_as_new(left)
        if not await tell_strong_matches():
            workflow.continue_as_new(MatchCursor())
