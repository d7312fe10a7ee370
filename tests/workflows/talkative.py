"""A workflow that says something in every way that there is, for the tests of the codec."""

import asyncio
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

SECRET = "canary-of-the-talkative"
TRIES = 2
SOON = timedelta(seconds=10)


@activity.defn
async def stumble(said: str) -> str:
    """Beat with what was said, fail with it once, then return what the last try beat with."""
    if activity.info().attempt < TRIES:
        activity.heartbeat(said)
        # the beat is sent before the failure
        await asyncio.sleep(0.2)
        raise ApplicationError(f"cannot say {said}", said, type="Stumbled")
    (beat,) = activity.info().heartbeat_details
    return str(beat)


@activity.defn
async def refuse(said: str) -> str:
    """Fail for good, as something within another thing."""
    within = ValueError(said)
    raise ApplicationError(f"refused: {said}", said, type="Refused", non_retryable=True) from within


@activity.defn
async def echo(said: str) -> str:
    """Return what was said."""
    return said


@workflow.defn(sandboxed=False)
class Talkative:
    """Goes on in a new run once it was told something by signal and by update, and then fails."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    @workflow.signal
    def tell(self, said: str) -> None:
        """Hear."""
        self.heard.append(said)

    @workflow.update
    async def ask(self, said: str) -> str:
        """Hear, and say it back."""
        self.heard.append(await workflow.execute_local_activity(echo, said, start_to_close_timeout=SOON))
        return said

    @workflow.query
    def recall(self, said: str) -> list[str]:
        """Say what was heard, and what is asked."""
        return [*self.heard, said]

    @workflow.run
    async def run(self, said: str, runs: int) -> str:
        """Talk."""
        parent = workflow.info().parent
        if parent is not None:
            await workflow.get_external_workflow_handle(parent.workflow_id).signal(Talkative.tell, said)
            return said
        retry = RetryPolicy(maximum_attempts=TRIES, initial_interval=timedelta(milliseconds=10))
        beat = await workflow.execute_activity(
            stumble, said, start_to_close_timeout=SOON, heartbeat_timeout=SOON, retry_policy=retry
        )
        echoed = await workflow.execute_child_workflow(
            Talkative.run, args=[beat, 1], id=f"{workflow.info().workflow_id}/child", memo={"note": beat}
        )
        await workflow.wait_condition(lambda: len(self.heard) > TRIES)
        await workflow.wait_condition(workflow.all_handlers_finished)
        if runs > 1:
            workflow.continue_as_new(args=[echoed, runs - 1], memo={"note": said})
        return await workflow.execute_activity(refuse, said, start_to_close_timeout=SOON)
