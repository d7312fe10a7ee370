"""Hourly: who may apply to what. Pages through people and starts each application as an abandoned child."""

from temporalio import workflow

from workflows.children import start_or_ring
from workflows.job_messages import MatchCursor, SweepCursor
from workflows.policies import DATABASE_STEP
from workflows.steps import AutoApplySweepSteps

MATCHES_FIRST = "matches-first"
"""The patch since which new jobs are matched with people before anybody's matches are queued."""


@workflow.defn
class AutoApplySweep:
    """Matches new jobs with people, queues what each may apply to, and starts the applications."""

    @workflow.run
    async def run(self, cursor: SweepCursor) -> None:
        """Match all new jobs, then go on from the cursor to the last person; long sweeps continue as new."""
        if cursor.after_user is None and workflow.patched(MATCHES_FIRST):
            await self._match_jobs(cursor.match)
        while True:
            page = await workflow.execute_activity_method(
                AutoApplySweepSteps.queue_matches, cursor, **DATABASE_STEP
            )
            for application in page.applications:
                await start_or_ring(application)
            if page.next_user is None:
                return
            cursor = SweepCursor(after_user=page.next_user)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(cursor)

    async def _match_jobs(self, cursor: MatchCursor) -> None:
        while True:
            page = await workflow.execute_activity_method(
                AutoApplySweepSteps.match_jobs, cursor, **DATABASE_STEP
            )
            if page.next is None:
                return
            cursor = page.next
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(SweepCursor(match=cursor))
