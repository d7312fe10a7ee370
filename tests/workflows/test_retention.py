"""What the retention decides: kind after kind, each to its end, and none held up by another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from temporalio import activity
from temporalio.client import WorkflowHandle

from models.account_enums import RetainedKind
from models.base import now
from tests.workflows.running import HANG, worker_with
from tests.workflows.scripted_account import ScriptedRetention
from tests.workflows.test_job_upkeep import make_long
from workflows.account_messages import Pruned, RetentionMark, RetentionPage, RetentionPlace
from workflows.ids import RETENTION_ID, TASK_QUEUE
from workflows.retention import KINDS, Retention
from workflows.schedules import Intervals, schedules, upsert

K = RetainedKind


@asynccontextmanager
async def running(
    address: str, steps: ScriptedRetention, place: RetentionPlace | None = None
) -> AsyncIterator[WorkflowHandle[Retention, int]]:
    """Run the retention with these steps; yields its handle. Everything within has HANG seconds."""
    async with worker_with(address, steps) as client, asyncio.timeout(HANG):
        yield await client.start_workflow(
            Retention.run, place or RetentionPlace(), id=f"retention-{uuid4()}", task_queue=TASK_QUEUE
        )


async def test_each_kind_is_deleted_to_its_end_and_walks_go_on_where_they_were(temporal_server: str) -> None:
    steps = ScriptedRetention(pages={K.EVENTS: 3})
    async with running(temporal_server, steps) as handle:
        assert await handle.result() == len(KINDS) + 2
    assert steps.done == [K.CHAT, *[K.EVENTS] * 3, *KINDS[2:]]
    marks = [mark.id if mark else None for mark in steps.begun]
    assert marks[:5] == [None, None, UUID(int=1), UUID(int=2), None], "each kind begins at its beginning"


@pytest.mark.parametrize("kind", [KINDS[0], KINDS[-1]])
async def test_a_kind_that_fails_stops_no_other(temporal_server: str, kind: RetainedKind) -> None:
    steps = ScriptedRetention(fails=kind)
    async with running(temporal_server, steps) as handle:
        assert await handle.result() == len(KINDS) - 1
    assert steps.done == [each for each in KINDS if each is not kind]


@dataclass
class Gated(ScriptedRetention):
    """The jobs wait to be let go on."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    waits: asyncio.Event = field(default_factory=asyncio.Event)

    @activity.defn
    async def prune(self, page: RetentionPage) -> Pruned:
        """Answer as scripted, jobs once they may."""
        if page.kind is K.JOBS:
            self.waits.set()
            await self.gate.wait()
        return await super().prune(page)


async def test_a_long_run_goes_on_in_a_new_one_at_its_row_and_repeats_nothing(temporal_server: str) -> None:
    steps = Gated(pages={K.JOBS: 3})
    async with running(temporal_server, steps) as handle:
        await steps.waits.wait()
        await make_long(handle)
        steps.gate.set()
        assert await handle.result() == len(KINDS) + 2
        assert (await handle.describe()).run_id != handle.first_execution_run_id
    assert sorted(steps.done) == sorted([*KINDS, K.JOBS, K.JOBS])
    first = steps.done.index(K.JOBS)
    assert [mark.id if mark else None for mark in steps.begun[first : first + 3]] == [
        None,
        UUID(int=1),
        UUID(int=2),
    ]


async def test_a_run_goes_on_at_the_place_that_it_is_given(temporal_server: str) -> None:
    steps = ScriptedRetention()
    mark = RetentionMark(at=now(), id=UUID(int=9))
    place = RetentionPlace(number=len(KINDS) - 2, behind=mark, count=40)
    async with running(temporal_server, steps, place) as handle:
        assert await handle.result() == 42
    assert steps.done == list(KINDS[-2:])
    assert steps.begun == [mark, None]


async def test_retention_is_scheduled_daily_and_can_be_paused(temporal_server: str) -> None:
    steps, hour = ScriptedRetention(), timedelta(hours=1)
    async with worker_with(temporal_server, steps) as client, asyncio.timeout(HANG):
        intervals = Intervals(hour, hour, hour)
        await upsert(client, intervals)
        try:
            schedule = client.get_schedule_handle(RETENTION_ID)
            (spec,) = (await schedule.describe()).schedule.spec.intervals
            assert spec.every == timedelta(days=1)
            await schedule.trigger()
            await steps.reached.wait()
            await schedule.pause()
            await upsert(client, intervals)
            assert (await schedule.describe()).schedule.state.paused
        finally:
            for name in schedules(intervals):
                await client.get_schedule_handle(name).delete()
