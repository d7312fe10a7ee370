"""One answer of the assistant: streamed by an activity, and always brought to an end."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from workflows.messages import ChatTurnRef
from workflows.policies import DATABASE_STEP, MODEL_STEP
from workflows.steps import ChatTurnSteps


@workflow.defn
class ChatTurn:
    """Answers, or says that it could not."""

    @workflow.run
    async def run(self, turn: ChatTurnRef) -> None:
        """Stream the answer; when every try has failed, end it as failed."""
        try:
            await workflow.execute_activity_method(ChatTurnSteps.answer, turn, **MODEL_STEP)
        except ActivityError:
            await workflow.execute_activity_method(ChatTurnSteps.fail, turn, **DATABASE_STEP)
