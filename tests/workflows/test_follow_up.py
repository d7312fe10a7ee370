"""A submitted application is followed on durable timers, which a change cancels."""

import asyncio

from temporalio.client import Client, WorkflowHandle

from tests.workflows.running import HANG, start, worker_with
from tests.workflows.scripted import (
    PREPARING,
    ScriptedAutoApply,
    ScriptedFollowUp,
    ScriptedNotify,
    an_application,
)
from workflows.follow_up import FollowUp
from workflows.ids import TASK_QUEUE, follow_up_id
from workflows.messages import ApplicationRef

FAR = 3600.0


async def follow(client: Client, application: ApplicationRef) -> WorkflowHandle[FollowUp, None]:
    """Follow an application."""
    return await client.start_workflow(
        FollowUp.run,
        application,
        id=follow_up_id(application.user_id, application.application_id),
        task_queue=TASK_QUEUE,
    )


async def test_a_reminder_comes_first_and_the_proposal_ends_it(temporal_server: str) -> None:
    steps, notify = ScriptedFollowUp(), ScriptedNotify()
    async with worker_with(temporal_server, steps, notify) as client, asyncio.timeout(HANG):
        await (await follow(client, an_application())).result()
    assert steps.told == ["reminder", "ghosted"]


async def test_a_change_before_the_reminder_cancels_both(temporal_server: str) -> None:
    steps = ScriptedFollowUp(remind_in=FAR, ghosted_in=FAR)
    async with worker_with(temporal_server, steps) as client, asyncio.timeout(HANG):
        handle = await follow(client, an_application())
        await steps.planned.wait()
        steps.is_over = True
        await handle.signal(FollowUp.changed)
        await handle.result()
    assert (steps.told, steps.plans) == ([], 2)


async def test_a_change_that_ends_nothing_plans_anew(temporal_server: str) -> None:
    steps = ScriptedFollowUp(remind_in=FAR, ghosted_in=FAR)
    async with worker_with(temporal_server, steps) as client, asyncio.timeout(HANG):
        handle = await follow(client, an_application())
        await steps.planned.wait()
        steps.remind_in = steps.ghosted_in = 0.0
        await handle.signal(FollowUp.changed)
        await handle.result()
    assert "ghosted" in steps.told


async def test_a_submitted_application_is_followed_by_a_workflow_of_its_own(temporal_server: str) -> None:
    follow_up, application = ScriptedFollowUp(), an_application()
    steps = ScriptedAutoApply(prepared=PREPARING)
    async with worker_with(temporal_server, steps, follow_up) as client, asyncio.timeout(HANG):
        await (await start(client, application)).result()
        workflow_id = follow_up_id(application.user_id, application.application_id)
        await client.get_workflow_handle(workflow_id).result()
    assert follow_up.told == ["reminder", "ghosted"]
