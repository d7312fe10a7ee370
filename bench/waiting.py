"""Applications that wait at Skyvern, all on one worker: what each costs, and what they cost the others.

Each has crossed the fence, and its run never leaves the vendor's queue: the worker keeps its workflow in its
cache and polls the run, every minute at first. The memory is the growth of the worker's resident memory for
each of them, beside as many bare workflows that wait for an activity which is tried again every minute.
The time is that of one application more, from its start to its end, beside the same before anybody waited.
"""

import asyncio
import statistics
import time
from contextlib import ExitStack

from temporalio.client import Client

from bench import bare_workflow
from bench.figures import KILOBYTES, Figure, cost_figure, time_figure
from bench.ours import Ours, open_ours
from bench.servers import NAMESPACE, a_temporal, a_worker, memory_of
from models.base import new_id
from models.enums import ApplicationState

WAITING = 500
EACH = 25
AT_ONCE = 50
MORE = 5
POLL_SECONDS = 60.0
LOOK_SECONDS = 0.25
DEADLINE_SECONDS = 300.0
MEMORY_ALLOWANCE = 100.0
"""KB for what ours remembers and a bare workflow does not: its messages, and the desk."""

TIME_ALLOWANCE = 250.0


async def waiting() -> list[Figure]:
    """Measure memory and time."""
    with ExitStack() as stack:
        temporal = stack.enter_context(a_temporal())
        async with open_ours(stack, temporal) as ours:
            await _one_more(ours)
            alone = [await _one_more(ours) for _ in range(MORE)]
            before = memory_of(ours.pid)
            await _have_waiting(ours)
            memory = (memory_of(ours.pid) - before) / WAITING
            beside = [await _one_more(ours) for _ in range(MORE)]
            await _still_wait(ours)
        bare = await _bare_memory(stack, temporal)
    pairs = [(statistics.median(beside), statistics.median(alone))]
    return [
        cost_figure(f"memory_of_{WAITING}_waiting", KILOBYTES, [(memory, bare)], MEMORY_ALLOWANCE),
        time_figure(f"application_beside_{WAITING}_waiting", pairs, TIME_ALLOWANCE),
    ]


async def _one_more(ours: Ours) -> float:
    """Make one application and return the milliseconds that it took."""
    [ref] = await ours.queued(1, 1)
    began = time.perf_counter()
    handle = await ours.start(ref)
    await handle.result()
    return (time.perf_counter() - began) * 1000


async def _have_waiting(ours: Ours) -> None:
    """Bring approved applications over the fence, whose runs then stay in the queue."""
    await ours.order_runs("stuck_queued")
    refs = await ours.queued(WAITING // EACH, EACH)
    for ref in refs:
        await ours.applicants.approve(ref)
    for first in range(0, WAITING, AT_ONCE):
        await asyncio.gather(*(ours.start(ref) for ref in refs[first : first + AT_ONCE]))
    deadline = time.monotonic() + DEADLINE_SECONDS
    while await ours.applicants.count(ApplicationState.CONFIRMING) < WAITING:
        if time.monotonic() > deadline:
            raise RuntimeError(f"after {DEADLINE_SECONDS:.0f} s not all of {WAITING} applications wait")
        await asyncio.sleep(LOOK_SECONDS)
    await ours.order_runs("normal")


async def _still_wait(ours: Ours) -> None:
    if await ours.applicants.count(ApplicationState.CONFIRMING) != WAITING:
        raise RuntimeError("an application waits no longer")


async def _bare_memory(stack: ExitStack, temporal: str) -> float:
    """Return the kilobytes that a bare waiting workflow costs its worker."""
    environment = {bare_workflow.ADDRESS: temporal, bare_workflow.NAMESPACE: NAMESPACE}
    program = ["-m", bare_workflow.__name__]
    pid = stack.enter_context(a_worker(program, temporal, bare_workflow.QUEUE, environment))
    client = await Client.connect(temporal, namespace=NAMESPACE)
    await _start_bare(client, 1)
    before = memory_of(pid)
    await _start_bare(client, WAITING)
    return (memory_of(pid) - before) / WAITING


async def _start_bare(client: Client, count: int) -> None:
    """Start workflows and wait until each has seen its activity fail once."""
    handles = [
        await client.start_workflow(
            bare_workflow.Waiting.run, POLL_SECONDS, id=f"waiting/{new_id()}", task_queue=bare_workflow.QUEUE
        )
        for _ in range(count)
    ]
    for handle in handles:
        while not await _has_failed(client, handle.id):  # noqa: ASYNC110 -- another process's work
            await asyncio.sleep(LOOK_SECONDS)


async def _has_failed(client: Client, workflow_id: str) -> bool:
    described = await client.get_workflow_handle(workflow_id).describe()
    return any(each.attempt > 1 for each in described.raw_description.pending_activities)
