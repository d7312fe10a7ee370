"""One application, its worker killed (-9) at every event of its history in turn: always the same result."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from local.supervisor.watchdog import Watchdog
from tests.chaos.events.nursery import nursery
from tests.chaos.events.scene import Lane, Played, a_lane, a_world

LANES = 16
SAMPLE = 12
LAG = 12
MEANT = 0.75
"""The share of deaths that must come within so many events of where they were meant."""

ALL = "all"
"""What the environment's EVENTS says where every event is to have its turn; else it says how many."""

Deaths = dict[int, Played]


def chosen(events: int) -> list[int]:
    """Return at which events the worker dies: at each, or at so many that lie evenly between."""
    wanted = os.environ.get("EVENTS") or SAMPLE
    count = events if wanted == ALL else min(int(wanted), events)
    return sorted({1 + number * (events - 1) // (count - 1) for number in range(count)})


async def die_at(lanes: Sequence[Lane], numbers: list[int]) -> Deaths:
    """Play an application for each number, as many at a time as there are lanes."""
    left, deaths = list(reversed(numbers)), Deaths()

    async def play(lane: Lane) -> None:
        while left:
            number = left.pop()
            deaths[number] = await lane.play(number)

    async with asyncio.TaskGroup() as tasks:
        for lane in lanes:
            tasks.create_task(play(lane))
    return deaths


async def test_a_death_at_any_event_of_its_history_changes_nothing_about_an_application(
    database_url: str, temporal_server: str, tmp_path: Path, watchdog: Watchdog
) -> None:
    async with AsyncExitStack() as stack:
        workers = stack.enter_context(nursery(tmp_path, watchdog))
        world = await stack.enter_async_context(a_world(database_url, temporal_server, tmp_path))
        lanes = [await stack.enter_async_context(a_lane(world, workers, "lane-0", tmp_path))]
        played = await lanes[0].play()
        numbers = chosen(played.events)
        lanes += [
            await stack.enter_async_context(a_lane(world, workers, f"lane-{number}", tmp_path))
            for number in range(1, min(LANES, len(numbers)))
        ]
        undisturbed = played.outcome
        assert undisturbed.state == "submitted"
        assert len(undisturbed.answers) == 1
        assert undisturbed.log_is_whole
        assert undisturbed.told == {
            "application_needs_input": 1,
            "application_awaits_approval": 1,
            "application_submitted": 1,
        }
        deaths = await die_at(lanes, numbers)
    outcomes = {number: death.outcome for number, death in deaths.items()}
    assert outcomes == dict.fromkeys(numbers, undisturbed)
    # a history may be shorter than the first one was, by as much as one doorbell costs
    spared = {number for number, death in deaths.items() if death.died_at is None}
    assert min(spared, default=played.events) > played.events - LAG
    # a loaded machine kills late, and some events are written together: most must have died where meant
    meant = {
        number
        for number, death in deaths.items()
        if death.died_at is not None and death.died_at <= number + LAG
    }
    assert len(meant) >= MEANT * len(numbers), {n: death.died_at for n, death in deaths.items()}
