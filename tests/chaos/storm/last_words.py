"""What whoever watches a storm is told; the standard output is for the result."""

import sys
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle

from local.throwaway import LocalStack
from workflows.wire import connect

NAMESPACE = "jobraker"
EVENTS_SHOWN = 20


def say(text: str) -> None:
    """Tell a line."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


async def tell_what_waits(stack: LocalStack) -> None:
    """Tell of every application's workflow that still runs what it waits for."""
    client = await connect(stack.temporal, NAMESPACE)
    async for each in client.list_workflows("WorkflowType = 'AutoApply' AND ExecutionStatus = 'Running'"):
        await tell_of(client.get_workflow_handle(each.id, run_id=each.run_id))


async def tell_of(handle: WorkflowHandle[Any, Any]) -> None:
    """Tell what a workflow waits for: its pending activities, its pending task, its last events."""
    described = await handle.describe()
    raw = described.raw_description
    say(f"{handle.id}: {described.history_length} events, task: {raw.pending_workflow_task}")
    for pending in raw.pending_activities:
        failure = pending.last_failure.message
        say(f"  {pending.activity_type.name}, attempt {pending.attempt}, last failed with: {failure}")
    for event in (await handle.fetch_history()).events[-EVENTS_SHOWN:]:
        failed = event.workflow_task_failed_event_attributes.failure.message
        activity = event.activity_task_scheduled_event_attributes.activity_type.name
        say(f"  {event.event_id} {EventType.Name(event.event_type)} {activity}{failed}")
