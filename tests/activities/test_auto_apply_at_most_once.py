"""At most once, by the employer's own ledger: the real workflow on a real Temporal, over an erring vendor."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.worker import Worker

from models.application_log import broken_at
from models.enums import ApplicationState, AutomationMode, EndReason
from settings import SkyvernSettings
from tests.activities.apply_scene import Scene, open_scene
from tests.workflows.running import start
from tests.workflows.scripted import implementations
from workflows.ids import TASK_QUEUE
from workflows.messages import ApplicationRef, Conclusion
from workflows.wire import connect

S = ApplicationState
RUN = "/v1/run/workflows"
SETTINGS = SkyvernSettings(
    timeout_seconds=0.5,
    settle_seconds=0.6,
    poll_seconds=0.1,
    poll_max_seconds=0.3,
    deadline_minutes=1,
    scout_poll_seconds=0.1,
)
APPLICATIONS = 16
LONGEST_SECONDS = 90


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with open_scene(database_url, tmp_path, settings=SETTINGS) as scene:
        yield scene


@asynccontextmanager
async def working(client: Client, scene: Scene) -> AsyncIterator[None]:
    """Run a worker until the block ends, and then end it as a deployment does that waits for nobody."""
    worker = Worker(
        client,
        task_queue=TASK_QUEUE,
        activities=implementations(scene.activities),
        graceful_shutdown_timeout=timedelta(0),
    )
    async with worker:
        yield


async def apply_to(client: Client, ref: ApplicationRef) -> Conclusion:
    handle = await start(client, ref)
    async with asyncio.timeout(LONGEST_SECONDS):
        return await handle.result()


async def ledger(scene: Scene) -> Counter[str]:
    """Count what the employer received, by job."""
    return Counter(row["slug"] for row in await scene.stage.ledger())


async def test_an_application_is_read_answered_and_submitted(scene: Scene, temporal_server: str) -> None:
    client = await connect(temporal_server, "jobraker")
    await scene.automate(undo_minutes=0)
    ref = await scene.queue(mode=AutomationMode.AUTO)
    async with working(client, scene):
        conclusion = await apply_to(client, ref)
    assert conclusion.state is S.SUBMITTED
    [told] = await scene.notifications()
    assert conclusion.notification_id == told.id
    assert await ledger(scene) == {"short-1": 1}
    assert broken_at(await scene.log(ref)) is None


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "cut", "after_effect": True},
        {"kind": "status", "status": 500, "after_effect": True},
        {"kind": "slow", "seconds": 1.0, "after_effect": True},
        {"kind": "slow", "seconds": 0.6},
        {"kind": "garbage"},
        {"kind": "status", "status": 429, "headers": {"retry-after": "0"}},
    ],
    ids=["cut", "500", "lost", "late", "garbage", "limited"],
)
async def test_one_bad_answer_still_ends_in_one_submission(
    scene: Scene, temporal_server: str, fault: dict[str, object]
) -> None:
    await scene.fault(path=RUN, times=1, **fault)
    client = await connect(temporal_server, "jobraker")
    ref = await scene.approved()
    async with working(client, scene):
        conclusion = await apply_to(client, ref)
    assert conclusion.state is S.SUBMITTED
    assert await ledger(scene) == {"short-1": 1}


async def test_a_vendor_that_never_answers_well_ends_in_no_second_submission(
    scene: Scene, temporal_server: str
) -> None:
    await scene.fault(kind="cut", path=RUN)
    client = await connect(temporal_server, "jobraker")
    ref = await scene.approved()
    async with working(client, scene):
        conclusion = await apply_to(client, ref)
    assert (conclusion.state, conclusion.reason) == (S.FAILED, EndReason.PROVIDER_ERROR)
    assert await ledger(scene) == {}


async def test_many_applications_over_an_erring_vendor_and_restarted_workers(
    scene: Scene, temporal_server: str
) -> None:
    """A third of the answers is lost or broken, with the effect and without, while workers come and go."""
    for kind, seed in (("cut", 1), ("garbage", 2), ("html", 3)):
        for after_effect in (True, False):
            await scene.fault(kind=kind, path=RUN, probability=0.12, seed=seed, after_effect=after_effect)
    await scene.fault(kind="status", status=503, path="/v1/runs", method="GET", probability=0.1, seed=4)
    client = await connect(temporal_server, "jobraker")
    refs = [await scene.approved(f"short-{number}") for number in range(APPLICATIONS)]
    ends = [asyncio.create_task(apply_to(client, ref)) for ref in refs]
    for _ in range(3):
        async with working(client, scene):
            await asyncio.wait(ends, timeout=0.5)
    async with working(client, scene):
        conclusions = await asyncio.gather(*ends)
    received = await ledger(scene)
    assert max(received.values()) == 1, "nobody applied twice"
    for ref, conclusion in zip(refs, conclusions, strict=True):
        count = received[f"short-{refs.index(ref)}"]
        assert conclusion.state is await scene.state(ref)
        honest = {S.SUBMITTED: {1}, S.FAILED: {0}, S.UNKNOWN_OUTCOME: {0, 1}}
        assert count in honest[conclusion.state]
    ended = Counter(each.state for each in conclusions)
    assert ended[S.SUBMITTED] >= APPLICATIONS * 3 // 4
