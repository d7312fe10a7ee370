"""Running one workflow with scripted steps on a real Temporal server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.converter import PayloadCodec
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from tests.workflows.scripted import ScriptedFollowUp, ScriptedNotify, an_application, implementations
from workflows.auto_apply import AutoApply
from workflows.ids import TASK_QUEUE, application_attributes, auto_apply_id, fair_to
from workflows.messages import ApplicationRef, Conclusion
from workflows.wire import connect

HANG = 120
"""Seconds after which a test is given up: Temporal gives a lost task to another worker long before."""


@asynccontextmanager
async def worker_with(
    address: str, *steps: object, codec: PayloadCodec | None = None
) -> AsyncIterator[Client]:
    """Run a worker with these steps on a namespace's queue; yields a client.

    What the workflows start is there too, with steps of its own where the test gives none.
    """
    client = await connect(address, "jobraker", codec)
    children = [ScriptedNotify(), ScriptedFollowUp(is_over=True)]
    others = [
        child for child in children if not any(isinstance(each, type(child).__bases__) for each in steps)
    ]
    activities = [activity for each in (*steps, *others) for activity in implementations(each)]
    async with Worker(client, task_queue=TASK_QUEUE, activities=activities, max_cached_workflows=10):
        yield client


async def start(client: Client, application: ApplicationRef) -> WorkflowHandle[AutoApply, Conclusion]:
    """Start an application's workflow as the API does."""
    return await client.start_workflow(
        AutoApply.run,
        application,
        id=auto_apply_id(application.user_id, application.job_id),
        task_queue=TASK_QUEUE,
        search_attributes=application_attributes(application),
        priority=fair_to(application.user_id),
    )


@asynccontextmanager
async def applying(
    address: str, *steps: object, codec: PayloadCodec | None = None
) -> AsyncIterator[WorkflowHandle[AutoApply, Conclusion]]:
    """Run one application with these steps; yields its handle. Everything within has HANG seconds."""
    async with worker_with(address, *steps, codec=codec) as client, asyncio.timeout(HANG):
        yield await start(client, an_application())


async def refusal_of(update: Awaitable[object]) -> str | None:
    """Return the type of the failure by which an update is refused, None where it is accepted."""
    try:
        await update
    except WorkflowUpdateFailedError as error:
        return error.cause.type if isinstance(error.cause, ApplicationError) else str(error.cause)
    return None


async def timers_of(handle: WorkflowHandle[Any, Any]) -> list[float]:
    """Return for how many seconds each timer of a workflow was set."""
    started = [event.timer_started_event_attributes for event in (await handle.fetch_history()).events]
    return [each.start_to_fire_timeout.ToMilliseconds() / 1000 for each in started if each.timer_id]
