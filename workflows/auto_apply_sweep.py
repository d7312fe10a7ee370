"""Hourly: who may apply to what. Pages through people and starts each application as an abandoned child."""

from temporalio import workflow

from workflows.children import start_auto_apply
from workflows.messages import SweepCursor
from workflows.policies import DATABASE_STEP
from workflows.steps import AutoApplySweepSteps


@workflow.defn
class AutoApplySweep:
    """Queues matches for everybody with auto-apply on and starts their applications."""

    @workflow.run
    async def run(self, cursor: SweepCursor) -> None:
        """Go on from the cursor to the last person; long sweeps continue as new."""
        while True:
            page = await workflow.execute_activity_method(
                AutoApplySweepSteps.queue_matches, cursor, **DATABASE_STEP
            )
            for application in page.applications:
                await start_auto_apply(application)
            if page.next_user is None:
                return
            cursor = SweepCursor(after_user=page.next_user)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(cursor)
