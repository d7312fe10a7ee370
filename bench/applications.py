"""Applications a second, all started at once, beside a bare Temporal workflow with as many no-op activities.

Ours is the whole way in auto mode: worker.py and the API as processes, PostgreSQL and Temporal that keep
their state, and for each application a run at Skyvern's stand-in that reads the employer's form over HTTP,
its answers, a résumé and a letter tailored by the model's stand-in and typeset, a second run that fills the
form in and submits it, the signed webhook, the confirmation, the screenshots copied in and sealed, and the
workflows of the notification and of the follow-up. Only the waiting of a browser and of a model is left out:
their steps take no time. The stand-ins and the API share the machine, so their work counts as ours.

The limit's workflow calls as many activities as one application was seen to schedule; its worker is a process
of its own on the same Temporal. For both the time ends when the last of the workflows has closed.
"""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from temporalio.client import Client

from bench import bare_workflow
from bench.figures import Figure, in_turn, rate_figure
from bench.ours import Handle, Ours, open_ours
from bench.servers import NAMESPACE, a_temporal, a_worker
from models.base import new_id
from models.enums import ApplicationState

PEOPLE = 10
EACH = 5
ROUNDS = 3
GOAL = 0.8
SUBMITTED = ApplicationState.SUBMITTED


async def applications() -> list[Figure]:
    """Measure rounds of new applications."""
    with ExitStack() as stack:
        temporal = stack.enter_context(a_temporal())
        async with open_ours(stack, temporal) as ours:
            activities = await _activities(ours)
            bare = await _open_bare(stack, temporal, activities)
            await bare.rate()
            pairs = await in_turn(lambda: _rate(ours), bare.rate, ROUNDS)
    return [rate_figure("applications", "applications/s", pairs, GOAL)]


async def _rate(ours: Ours) -> float:
    """Return applications a second; RuntimeError where one was not submitted."""
    before = await ours.applicants.count(SUBMITTED)
    queued = await ours.queued(PEOPLE, EACH)
    rate = await _rate_of([ours.start(ref) for ref in queued])
    submitted = await ours.applicants.count(SUBMITTED) - before
    if submitted != len(queued):
        raise RuntimeError(f"of {len(queued)} applications {submitted} were submitted")
    return rate


async def _activities(ours: Ours) -> int:
    """Make one application and count the activities that its workflow scheduled."""
    [ref] = await ours.queued(1, 1)
    handle = await ours.start(ref)
    await handle.result()
    events = [event async for event in handle.fetch_history_events()]
    return sum(event.HasField("activity_task_scheduled_event_attributes") for event in events)


@dataclass(frozen=True)
class Bare:
    """Has workflows of no-op activities run."""

    client: Client
    activities: int

    async def rate(self) -> float:
        """Return workflows a second."""
        return await _rate_of([self._start() for _ in range(PEOPLE * EACH)])

    async def _start(self) -> Handle:
        return await self.client.start_workflow(
            bare_workflow.Bare.run, self.activities, id=f"bare/{new_id()}", task_queue=bare_workflow.QUEUE
        )


async def _open_bare(stack: ExitStack, temporal: str, activities: int) -> Bare:
    environment = {bare_workflow.ADDRESS: temporal, bare_workflow.NAMESPACE: NAMESPACE}
    program = ["-m", bare_workflow.__name__]
    stack.enter_context(a_worker(program, temporal, bare_workflow.QUEUE, environment))
    return Bare(await Client.connect(temporal, namespace=NAMESPACE), activities)


async def _rate_of(starts: Sequence[Coroutine[Any, Any, Handle]]) -> float:
    """Start workflows all at once and return how many a second ran to their end."""
    began = time.perf_counter()
    handles = await asyncio.gather(*starts)
    await asyncio.gather(*(handle.result() for handle in handles))
    return len(handles) / (time.perf_counter() - began)
