"""Applications a second, all started at once, beside a bare Temporal workflow with as many no-op activities.

Ours is the real way: worker.py and the API as processes, PostgreSQL and Temporal that keep their state,
and for each application a résumé uploaded, a run at Skyvern's stand-in that opens the employer's form over
HTTP and submits it, its signed webhook, the confirmation, the screenshots copied in and sealed, and the
notification's workflow. Only the waiting of a browser is left out: its steps take no time. The stand-ins and
the API share the machine, so their work counts as ours.

The limit's workflow calls as many activities as one application was seen to schedule; its worker is a process
of its own on the same Temporal. For both the time ends when the last of the workflows has closed.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle

from bench import bare_workflow
from bench.applicants import Applicants
from bench.figures import Figure, in_turn, rate_figure
from bench.servers import (
    NAMESPACE,
    WORKER,
    a_database,
    a_server,
    a_temporal,
    a_worker,
    environment_of,
    keys_of,
)
from local.careers.app import create_app as create_careers
from local.keys import SKYVERN_API_KEY
from local.serving import serve
from local.skyvern.app import create_app as create_skyvern
from local.skyvern.config import SkyvernConfig
from models.base import new_id
from models.database import Database
from workflows.auto_apply import AutoApply
from workflows.ids import TASK_QUEUE, application_attributes, auto_apply_id, fair_to
from workflows.messages import ApplicationRef
from workflows.wire import connect

PEOPLE = 10
EACH = 10
ROUNDS = 3
GOAL = 0.8

Handle = WorkflowHandle[Any, Any]


async def applications() -> list[Figure]:
    """Measure rounds of new applications."""
    with ExitStack() as stack:
        temporal = stack.enter_context(a_temporal())
        async with _open_ours(stack, temporal) as ours:
            activities = await ours.activities()
            bare = await _open_bare(stack, temporal, activities)
            await bare.rate()
            pairs = await in_turn(ours.rate, bare.rate, ROUNDS)
    return [rate_figure("applications", "applications/s", pairs, GOAL)]


@dataclass(frozen=True)
class Ours:
    """Has applications made by the worker."""

    applicants: Applicants
    client: Client

    async def rate(self) -> float:
        """Return applications a second; RuntimeError where one was not submitted."""
        before = await self.applicants.submitted()
        queued = await self._queued(PEOPLE, EACH)
        rate = await _rate_of([self._start(ref) for ref in queued])
        submitted = await self.applicants.submitted() - before
        if submitted != len(queued):
            raise RuntimeError(f"of {len(queued)} applications {submitted} were submitted")
        return rate

    async def activities(self) -> int:
        """Make one application and count the activities that its workflow scheduled."""
        [ref] = await self._queued(1, 1)
        handle = await self._start(ref)
        await handle.result()
        events = [event async for event in handle.fetch_history_events()]
        return sum(event.HasField("activity_task_scheduled_event_attributes") for event in events)

    async def _queued(self, people: int, each: int) -> list[ApplicationRef]:
        users = [await self.applicants.add() for _ in range(people)]
        return [ref for user in users for ref in await self.applicants.queue(user, each)]

    async def _start(self, ref: ApplicationRef) -> Handle:
        return await self.client.start_workflow(
            AutoApply.run,
            ref,
            id=auto_apply_id(ref.user_id, ref.job_id),
            task_queue=TASK_QUEUE,
            search_attributes=application_attributes(ref),
            priority=fair_to(ref.user_id),
        )


@asynccontextmanager
async def _open_ours(stack: ExitStack, temporal: str) -> AsyncIterator[Ours]:
    url = stack.enter_context(a_database())
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    async with _skyvern(folder) as skyvern:
        environment = environment_of(
            url,
            TEMPORAL__ADDRESS=temporal,
            SKYVERN__BASE_URL=skyvern,
            SKYVERN__API_KEY=SKYVERN_API_KEY,
            TELEMETRY__WORKER_METRICS_PORT="0",
        )
        api = stack.enter_context(a_server("api.app:create", environment))
        environment["JOBRAKER_API__PUBLIC_URL"] = api
        stack.enter_context(a_worker([str(WORKER)], temporal, TASK_QUEUE, environment))
        database = Database(url)
        try:
            yield Ours(Applicants(database, keys_of(environment)), await connect(temporal, NAMESPACE))
        finally:
            await database.close()


@asynccontextmanager
async def _skyvern(folder: Path) -> AsyncIterator[str]:
    """Serve Skyvern's stand-in, whose browser is in no need of time, before an employer's careers site."""
    async with serve(create_careers(folder / "careers.sqlite3")) as careers:
        config = SkyvernConfig(folder / "skyvern.sqlite3", SKYVERN_API_KEY, careers, step_seconds=0)
        async with serve(create_skyvern(config)) as skyvern:
            yield skyvern


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
