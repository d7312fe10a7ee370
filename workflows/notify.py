"""One notification's mail, in a workflow of its own, so that a mail server that is down holds up nothing."""

from temporalio import workflow

from workflows.messages import NotificationRef
from workflows.policies import VENDOR_STEP
from workflows.steps import NotifySteps


@workflow.defn
class Notify:
    """Sends the mail, for a day if need be."""

    @workflow.run
    async def run(self, notification: NotificationRef) -> None:
        """Send it."""
        await workflow.execute_activity_method(NotifySteps.send, notification, **VENDOR_STEP)
