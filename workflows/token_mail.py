"""One mail about an account, in a workflow of its own: it holds ids, and the token is made by the step."""

from temporalio import workflow

from workflows.account_messages import TokenMailRef
from workflows.account_steps import TokenMailSteps
from workflows.policies import VENDOR_STEP


@workflow.defn
class TokenMail:
    """Sends the mail, for a day if need be."""

    @workflow.run
    async def run(self, mail: TokenMailRef) -> None:
        """Send it."""
        await workflow.execute_activity_method(TokenMailSteps.send_token, mail, **VENDOR_STEP)
