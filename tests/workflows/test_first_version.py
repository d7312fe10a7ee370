"""A worker with today's code goes on with applications that wait since the first version's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker

from models.enums import ApplicationState
from tests.workflows.first_version import FirstVersion
from tests.workflows.running import HANG, timers_of, worker_with
from tests.workflows.scripted import (
    AMBIGUOUS,
    QUICK,
    ScriptedAutoApply,
    ScriptedFollowUp,
    an_application,
    implementations,
)
from workflows.auto_apply import AutoApply
from workflows.ids import TASK_QUEUE, application_attributes, auto_apply_id
from workflows.messages import ApplicationRef, Conclusion, Prepared
from workflows.wire import sandbox

S = ApplicationState
Today = WorkflowHandle[AutoApply, Conclusion]
SLOW = QUICK.model_copy(update={"poll": 3600.0, "poll_max": 3600.0, "deadline": 7200.0})


@asynccontextmanager
async def first_worker(address: str, steps: ScriptedAutoApply) -> AsyncIterator[Client]:
    """Run a worker with the first version's workflow."""
    client = await Client.connect(address, namespace="jobraker", data_converter=pydantic_data_converter)
    async with Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[FirstVersion],
        activities=implementations(steps),
        workflow_runner=sandbox(),
        max_cached_workflows=0,
    ):
        yield client


async def begin(client: Client, application: ApplicationRef) -> WorkflowHandle[FirstVersion, Conclusion]:
    """Start an application as the first version did."""
    return await client.start_workflow(
        FirstVersion.run,
        application,
        id=auto_apply_id(application.user_id, application.job_id),
        task_queue=TASK_QUEUE,
        search_attributes=application_attributes(application),
    )


async def test_an_application_that_waits_for_its_run_is_finished_by_todays_code(temporal_server: str) -> None:
    steps = ScriptedAutoApply(prepared=Prepared(state=S.APPROVED, timing=SLOW), readings=[False, True])
    follow_up = ScriptedFollowUp()
    async with asyncio.timeout(HANG):
        async with first_worker(temporal_server, steps) as client:
            handle = await begin(client, an_application())
            await steps.watched.wait()
        assert steps.calls["submit"] == 1
        async with worker_with(temporal_server, steps, follow_up) as client:
            today: Today = client.get_workflow_handle_for(AutoApply.run, handle.id)
            await today.signal(AutoApply.doorbell)
            assert (await today.result()).state is S.SUBMITTED
    assert (steps.calls["submit"], steps.calls["watch_run"], steps.calls["conclude"]) == (1, 2, 1)
    # nobody planned a follow-up then: the reconciliation finds what was never told
    assert follow_up.plans == 0


async def test_an_application_that_settles_since_the_first_version_is_finished_by_todays_code(
    temporal_server: str,
) -> None:
    timing = QUICK.model_copy(update={"settle": 3600.0})
    steps = ScriptedAutoApply(prepared=Prepared(state=S.APPROVED, timing=timing), submissions=[AMBIGUOUS])
    async with asyncio.timeout(HANG):
        async with first_worker(temporal_server, steps) as client:
            handle = await begin(client, an_application())
            while not await timers_of(handle):
                continue
        async with worker_with(temporal_server, steps) as client:
            today: Today = client.get_workflow_handle_for(AutoApply.run, handle.id)
            await today.signal(AutoApply.doorbell)
            assert (await today.result()).state is S.SUBMITTED
    assert (steps.calls["submit"], steps.calls["look_up"]) == (1, 1)
