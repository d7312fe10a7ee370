"""Hourly: who may apply to what. Pages through people and starts each application as an abandoned child."""

from temporalio import workflow

from workflows.children import start_or_ring
from workflows.job_messages import SweepCursor
from workflows.matching import match_jobs, tell_strong_matches
from workflows.policies import DATABASE_STEP
from workflows.steps import AutoApplySweepSteps

MATCHES_FIRST = "matches-first"
"""The patch since which new jobs are matched with people before anybody's matches are queued."""

STRONG_TOLD = "strong-matches-told"
"""The patch since which people are told of strong new matches."""

execute = workflow.execute_activity_method


@workflow.defn
class AutoApplySweep:
    """Matches new jobs with people, tells of the best, queues what each may apply to, and starts it."""

    @workflow.run
    async def run(self, cursor: SweepCursor) -> None:
        """Match all new jobs, then go on from the cursor to the last person; long sweeps continue as new."""
        if cursor.after_user is None and workflow.patched(MATCHES_FIRST):
            left = await match_jobs(cursor.match)
            if left is not None:
                workflow.continue_as_new(SweepCursor(match=left))
            # who was told is not told again, and what has been matched is not matched again
            if workflow.patched(STRONG_TOLD) and not await tell_strong_matches():
                workflow.continue_as_new(SweepCursor())
        while True:
            page = await execute(AutoApplySweepSteps.queue_matches, cursor, **DATABASE_STEP)
            for application in page.applications:
                await start_or_ring(application)
            if page.next_user is None:
                return
            cursor = SweepCursor(after_user=page.next_user)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(cursor)
