"""What the job fetch decides, with scripted steps on a real Temporal server."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from temporalio import activity
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleIntervalSpec,
    ScheduleSpec,
    ScheduleState,
    WorkflowFailureError,
)
from temporalio.exceptions import CancelledError

from tests.workflows.running import HANG, worker_with
from tests.workflows.scripted_jobs import FIRST_WINDOW, ScriptedJobFetch, ScriptedSweep
from workflows.ids import MATCH_JOBS_ID, TASK_QUEUE
from workflows.job_fetch import JobFetch
from workflows.job_messages import PageRef, PageResult

OURS, OWN = UUID(int=8), UUID(int=9)


async def fetch(address: str, steps: ScriptedJobFetch) -> None:
    """Run one fetch to its end."""
    async with worker_with(address, steps) as client, asyncio.timeout(HANG):
        await client.execute_workflow(JobFetch.run, id=f"job-fetch-{uuid4()}", task_queue=TASK_QUEUE)


async def test_each_search_is_read_to_its_last_page_or_the_limit(temporal_server: str) -> None:
    short, long = uuid4(), uuid4()
    steps = ScriptedJobFetch(pages={short: 2, long: 9})
    await fetch(temporal_server, steps)
    assert steps.fetched == [(short, 1), (short, 2), (long, 1), (long, 2), (long, 3)]
    assert (steps.finished, steps.left_out) == (1, 0)


@pytest.mark.parametrize(("new", "pages"), [(0, 0), (2, 2)])
async def test_new_jobs_are_matched_as_soon_as_they_are_there(
    temporal_server: str, new: int, pages: int
) -> None:
    steps, sweep = ScriptedJobFetch(pages={uuid4(): 1}, new=new), ScriptedSweep()
    async with worker_with(temporal_server, steps, sweep) as client, asyncio.timeout(HANG):
        await client.execute_workflow(JobFetch.run, id=f"job-fetch-{uuid4()}", task_queue=TASK_QUEUE)
        if new:
            await client.get_workflow_handle(MATCH_JOBS_ID).result()
    assert (len(sweep.matched), len(sweep.told), sweep.queued) == (pages, pages // 2, [])


async def test_each_search_has_the_pages_that_its_plan_allows_in_one_window(temporal_server: str) -> None:
    first, second = uuid4(), uuid4()
    steps = ScriptedJobFetch(pages={first: 9, second: 9}, key_ids=(OURS, OURS), page_limits=(3, 1))
    await fetch(temporal_server, steps)
    assert steps.fetched == [(first, 1), (first, 2), (first, 3), (second, 1)]
    assert steps.windows == [None, FIRST_WINDOW, FIRST_WINDOW, None]


async def test_a_search_that_fails_is_reported_and_stops_no_other(temporal_server: str) -> None:
    broken, sound = uuid4(), uuid4()
    steps = ScriptedJobFetch(pages={broken: 1, sound: 1}, failures={broken: "unsupported_country"})
    await fetch(temporal_server, steps)
    assert (steps.errors, steps.fetched) == ({broken: "unsupported_country"}, [(sound, 1)])


@pytest.mark.parametrize("word", ["credentials_refused", "rate_limited", "budget_spent"])
async def test_what_every_search_would_meet_stops_the_run(temporal_server: str, word: str) -> None:
    first, second = uuid4(), uuid4()
    steps = ScriptedJobFetch(pages={first: 1, second: 1}, failures={first: word})
    await fetch(temporal_server, steps)
    assert (steps.fetched, steps.finished) == ([], 1)
    # that no call was left is no fault of the search
    assert steps.errors == ({} if word == "budget_spent" else {first: word})
    assert steps.left_out == (2 if word == "budget_spent" else 1)


async def test_what_stops_one_key_stops_no_other(temporal_server: str) -> None:
    spent, same, other = uuid4(), uuid4(), uuid4()
    steps = ScriptedJobFetch(
        pages={spent: 1, same: 1, other: 1},
        failures={spent: "budget_spent"},
        key_ids=(OWN, OWN, OURS),
        page_limits=(1, 1, 1),
    )
    await fetch(temporal_server, steps)
    assert (steps.fetched, steps.errors, steps.left_out) == ([(other, 1)], {}, 2)


async def test_a_search_that_had_its_first_page_was_not_left_out(temporal_server: str) -> None:
    first, second = uuid4(), uuid4()
    steps = ScriptedJobFetch(pages={first: 2, second: 1}, failures={first: "budget_spent"}, fails_at=2)
    await fetch(temporal_server, steps)
    assert (steps.fetched, steps.errors, steps.left_out) == ([(first, 1)], {}, 1)


@dataclass
class Endless(ScriptedJobFetch):
    """No page is ever answered."""

    began: asyncio.Event = field(default_factory=asyncio.Event)

    @activity.defn
    async def fetch_page(self, page: PageRef) -> PageResult:
        """Wait for ever."""
        self.began.set()
        await asyncio.Event().wait()
        return PageResult(ads=0, last=True)


async def test_a_cancelled_run_ends_and_blames_no_search(temporal_server: str) -> None:
    steps = Endless(pages={uuid4(): 1, uuid4(): 1})
    async with worker_with(temporal_server, steps) as client, asyncio.timeout(HANG):
        handle = await client.start_workflow(JobFetch.run, id=f"job-fetch-{uuid4()}", task_queue=TASK_QUEUE)
        await steps.began.wait()
        await handle.cancel()
        with pytest.raises(WorkflowFailureError) as refused:
            await handle.result()
    assert isinstance(refused.value.cause, CancelledError)
    assert (steps.errors, steps.finished) == ({}, 0)


async def test_only_a_scheduled_run_is_paced(temporal_server: str) -> None:
    asked_for = ScriptedJobFetch(pages={})
    await fetch(temporal_server, asked_for)
    assert asked_for.paced is False

    scheduled = ScriptedJobFetch(pages={})
    async with worker_with(temporal_server, scheduled) as client, asyncio.timeout(HANG):
        await trigger(client, scheduled.ended)
    assert scheduled.paced is True


async def trigger(client: Client, ended: asyncio.Event) -> None:
    """Have a schedule start a fetch, and wait for its end."""
    action = ScheduleActionStartWorkflow(JobFetch.run, id="job-fetch-test", task_queue=TASK_QUEUE)
    spec = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=timedelta(days=1))])
    schedule = Schedule(action=action, spec=spec, state=ScheduleState(paused=True))
    handle = await client.create_schedule(f"job-fetch-{uuid4()}", schedule, trigger_immediately=True)
    try:
        await ended.wait()
    finally:
        await handle.delete()
