"""A submitted application's following month: a reminder to ask, then the proposal to note it as ghosted."""

from temporalio import workflow

from workflows.children import start_notify
from workflows.messages import ApplicationRef, FollowUpPlan
from workflows.policies import DATABASE_STEP
from workflows.steps import FollowUpSteps
from workflows.waiting import Doorbell

execute = workflow.execute_activity_method


@workflow.defn
class FollowUp:
    """Waits on durable timers; a change of stage or outcome makes it plan anew, and mostly end."""

    def __init__(self) -> None:
        self._bell = Doorbell()

    @workflow.signal
    def changed(self) -> None:
        """The person has noted a stage or an outcome."""
        self._bell.ring()

    @workflow.run
    async def run(self, application: ApplicationRef) -> None:
        """Follow the application until there is nothing more to tell."""
        while True:
            plan: FollowUpPlan = await execute(FollowUpSteps.plan_follow_up, application, **DATABASE_STEP)
            moments = [each for each in (plan.remind_at, plan.ghosted_at) if each is not None]
            if not moments:
                return
            if await self._bell.wait_until(min(moments)):
                continue
            is_reminder = min(moments) == plan.remind_at
            step = FollowUpSteps.remind_to_follow_up if is_reminder else FollowUpSteps.propose_ghosted
            told = await execute(step, application, **DATABASE_STEP)
            if told.notification_id is not None:
                await start_notify(told.notification_id, application.user_id)
