"""What the upkeep of jobs and the sweep decide, with scripted steps on a real Temporal server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio import activity
from temporalio.client import (
    Client,
    ScheduleActionExecutionStartWorkflow,
    WorkflowFailureError,
    WorkflowHandle,
)
from temporalio.exceptions import CancelledError

from tests.workflows.running import HANG, worker_with
from tests.workflows.scripted import ScriptedAutoApply, ScriptedNotify
from tests.workflows.scripted_jobs import ScriptedSweep, ScriptedUpkeep
from workflows.auto_apply_sweep import AutoApplySweep
from workflows.ids import TASK_QUEUE, UPKEEP_ID, notify_id
from workflows.job_messages import SweepCursor, UpkeepPage, UpkeepPlace
from workflows.job_upkeep import PIECES, JobUpkeep
from workflows.schedules import Intervals, schedules, upsert
from workflows.wire import connect

NAMES = [step.__name__ for step in PIECES]
SUGGESTED_FROM = 4096
"""From how many events on the server suggests a new run."""


@asynccontextmanager
async def kept_up(
    address: str, steps: ScriptedUpkeep, place: UpkeepPlace | None = None
) -> AsyncIterator[WorkflowHandle[JobUpkeep, int]]:
    """Run the upkeep with these steps; yields its handle. Everything within has HANG seconds."""
    async with worker_with(address, steps) as client, asyncio.timeout(HANG):
        yield await client.start_workflow(
            JobUpkeep.run, place or UpkeepPlace(), id=f"job-upkeep-{uuid4()}", task_queue=TASK_QUEUE
        )


async def test_each_piece_is_done_page_by_page_to_its_end(temporal_server: str) -> None:
    steps = ScriptedUpkeep(pages={"expire_jobs": 3, "learn_terms": 2})
    async with kept_up(temporal_server, steps) as handle:
        assert await handle.result() == 7
    assert steps.done == [
        *["expire_jobs"] * 3,
        "price_jobs",
        *["learn_terms"] * 2,
        "prune_jobs",
    ]


@pytest.mark.parametrize("name", NAMES)
async def test_a_piece_that_fails_stops_no_other(temporal_server: str, name: str) -> None:
    steps = ScriptedUpkeep(fails=name)
    async with kept_up(temporal_server, steps) as handle:
        assert await handle.result() == len(NAMES) - 1
    assert steps.done == [each for each in NAMES if each != name]


async def test_a_later_run_goes_on_at_its_piece(temporal_server: str) -> None:
    steps = ScriptedUpkeep()
    async with kept_up(temporal_server, steps, UpkeepPlace(piece=2)) as handle:
        assert await handle.result() == 2
    assert steps.done == NAMES[2:]


async def make_long(handle: WorkflowHandle[Any, Any]) -> None:
    """Make a history so long that the server suggests a new run: each signal is an event."""
    batch = 256
    for _ in range(SUGGESTED_FROM // batch):
        await asyncio.gather(*(handle.signal("nothing") for _ in range(batch)))


@dataclass
class Gated(ScriptedUpkeep):
    """The second piece waits to be let go on."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    waits: asyncio.Event = field(default_factory=asyncio.Event)

    @activity.defn
    async def price_jobs(self) -> UpkeepPage:
        """Answer as scripted, once it may."""
        self.waits.set()
        await self.gate.wait()
        return await super().price_jobs()


async def test_a_long_run_goes_on_in_a_new_one_at_its_piece_and_repeats_none(temporal_server: str) -> None:
    steps = Gated(pages={"price_jobs": 3})
    async with kept_up(temporal_server, steps) as handle:
        await steps.waits.wait()
        await make_long(handle)
        steps.gate.set()
        await handle.result()
        assert (await handle.describe()).run_id != handle.first_execution_run_id
    assert steps.done == ["expire_jobs", *["price_jobs"] * 3, "learn_terms", "prune_jobs"]


@dataclass
class Endless(ScriptedUpkeep):
    """The first piece never answers."""

    began: asyncio.Event = field(default_factory=asyncio.Event)

    @activity.defn
    async def expire_jobs(self) -> UpkeepPage:
        """Wait for ever."""
        self.began.set()
        await asyncio.Event().wait()
        return UpkeepPage(rows=0, more=False)


async def test_a_cancelled_run_ends_and_begins_no_other_piece(temporal_server: str) -> None:
    steps = Endless()
    async with kept_up(temporal_server, steps) as handle:
        await steps.began.wait()
        await handle.cancel()
        with pytest.raises(WorkflowFailureError) as refused:
            await handle.result()
    assert isinstance(refused.value.cause, CancelledError)
    assert steps.done == []


async def test_upkeep_is_scheduled_and_runs(temporal_server: str) -> None:
    steps, hour = ScriptedUpkeep(), timedelta(hours=1)
    async with worker_with(temporal_server, steps) as client, asyncio.timeout(HANG):
        intervals = Intervals(hour, hour, hour, upkeep=timedelta(minutes=7))
        await upsert(client, intervals)
        try:
            scheduled = await client.get_schedule_handle(UPKEEP_ID).describe()
            (spec,) = scheduled.schedule.spec.intervals
            assert spec.every == timedelta(minutes=7)
            await client.get_schedule_handle(UPKEEP_ID).trigger()
            await steps.reached.wait()
            await ended(client)
        finally:
            for name in schedules(intervals):
                await client.get_schedule_handle(name).delete()
    assert steps.done == NAMES


async def ended(client: Client) -> None:
    """Wait until the run that the schedule began has ended."""
    while True:
        recent = (await client.get_schedule_handle(UPKEEP_ID).describe()).info.recent_actions
        if recent:
            started = recent[-1].action
            assert isinstance(started, ScheduleActionExecutionStartWorkflow)
            await client.get_workflow_handle(started.workflow_id).result()
            return
        await asyncio.sleep(0.01)


async def sweep(address: str, steps: ScriptedSweep, cursor: SweepCursor) -> ScriptedNotify:
    """Run one sweep to its end and return what sent the notifications."""
    notify = ScriptedNotify()
    async with worker_with(address, steps, ScriptedAutoApply(), notify) as client, asyncio.timeout(HANG):
        await client.execute_workflow(
            AutoApplySweep.run, cursor, id=f"sweep-{uuid4()}", task_queue=TASK_QUEUE
        )
        for told in steps.told:
            await client.get_workflow_handle(notify_id(told.user_id, told.notification_id)).result()
    return notify


async def test_all_who_have_strong_matches_are_told_once_jobs_are_matched(temporal_server: str) -> None:
    steps = ScriptedSweep(strong_pages=3)
    notify = await sweep(temporal_server, steps, SweepCursor())
    assert len(steps.told) == 3
    assert sorted(notify.sent) == sorted(each.notification_id for each in steps.told)


async def test_a_sweep_that_goes_on_from_a_person_tells_nobody_again(temporal_server: str) -> None:
    steps = ScriptedSweep()
    notify = await sweep(temporal_server, steps, SweepCursor(after_user=uuid4()))
    assert (steps.matched, steps.told, notify.sent) == ([], [], [])


async def test_telling_goes_on_in_a_new_run_where_the_history_is_long_and_tells_each_once(
    temporal_server: str,
) -> None:
    steps, notify = ScriptedSweep(strong_pages=3, match_pages=1), ScriptedNotify()
    async with asyncio.timeout(HANG):
        client = await connect(temporal_server, "jobraker")
        handle = await client.start_workflow(
            AutoApplySweep.run, SweepCursor(), id=f"sweep-{uuid4()}", task_queue=TASK_QUEUE
        )
        await make_long(handle)
        async with worker_with(temporal_server, steps, ScriptedAutoApply(), notify):
            await handle.result()
            assert (await handle.describe()).run_id != handle.first_execution_run_id
            for told in steps.told:
                await client.get_workflow_handle(notify_id(told.user_id, told.notification_id)).result()
    assert len(set(notify.sent)) == len(notify.sent) == 3
    # it was matched anew before the second page
    assert (len(steps.matched), len(steps.queued)) == (2, steps.pages)
