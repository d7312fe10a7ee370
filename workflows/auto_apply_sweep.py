"""Hourly: who may apply to what. Pages through people and starts each application as an abandoned child."""

from temporalio import workflow

from workflows.children import start_notify, start_or_ring
from workflows.job_messages import MatchCursor, SweepCursor
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
            await self._match_jobs(cursor.match)
            if workflow.patched(STRONG_TOLD):
                await self._tell_strong_matches()
        while True:
            page = await execute(AutoApplySweepSteps.queue_matches, cursor, **DATABASE_STEP)
            for application in page.applications:
                await start_or_ring(application)
            if page.next_user is None:
                return
            cursor = SweepCursor(after_user=page.next_user)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(cursor)

    async def _match_jobs(self, cursor: MatchCursor) -> None:
        while True:
            page = await execute(AutoApplySweepSteps.match_jobs, cursor, **DATABASE_STEP)
            if page.next is None:
                return
            cursor = page.next
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(SweepCursor(match=cursor))

    async def _tell_strong_matches(self) -> None:
        cursor = SweepCursor()
        while True:
            page = await execute(AutoApplySweepSteps.tell_strong_matches, cursor, **DATABASE_STEP)
            for notification in page.notifications:
                await start_notify(notification.notification_id, notification.user_id)
            if page.next_user is None:
                return
            cursor = SweepCursor(after_user=page.next_user)
            if workflow.info().is_continue_as_new_suggested():
                # who was told is not told again, and what has been matched is not matched again
                workflow.continue_as_new(SweepCursor())
