"""What whoever watches a storm is told; the standard output is for the result."""

import sys

from temporalio.client import WorkflowHandle

from local.throwaway import LocalStack
from workflows.wire import connect

NAMESPACE = "jobraker"
EVENTS_SHOWN = 12


def say(text: str) -> None:
    """Tell a line."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


async def tell_what_waits(stack: LocalStack) -> None:
    """Tell of every application's workflow that still runs what it waits for."""
    client = await connect(stack.temporal, NAMESPACE)
    async for each in client.list_workflows("WorkflowType = 'AutoApply' AND ExecutionStatus = 'Running'"):
        handle: WorkflowHandle[object, object] = client.get_workflow_handle(each.id, run_id=each.run_id)
        described = await handle.describe()
        say(f"{each.id}: {described.history_length} events")
        for pending in described.raw_description.pending_activities:
            failure = pending.last_failure.message
            say(f"  {pending.activity_type.name}, attempt {pending.attempt}, last failed with: {failure}")
        events = (await handle.fetch_history()).events[-EVENTS_SHOWN:]
        say("  " + " ".join(f"{event.event_id}:{event.event_type}" for event in events))
