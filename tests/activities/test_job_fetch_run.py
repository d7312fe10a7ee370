"""A whole run of the job fetch on a real Temporal server, with an Adzuna that fails."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from temporalio.client import WorkflowHandle
from temporalio.worker import Worker

from activities.interceptors import ActivityTelemetry
from activities.job_fetch.options import FetchOptions
from activities.vendors.adzuna import SearchQuery
from models.job_search import FetchRun
from tests.activities.fetch_scene import FetchScene, credentials, fetch_scene
from tests.workflows.scripted import implementations
from workflows.ids import TASK_QUEUE
from workflows.job_fetch import JobFetch
from workflows.wire import connect

OPTIONS = FetchOptions([SearchQuery("fr"), SearchQuery("gb")], attempts=2)


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[FetchScene]:
    """Two searches."""
    async with fetch_scene(database_url, options=OPTIONS) as scene:
        yield scene


async def fetch(temporal_server: str, scene: FetchScene) -> tuple[FetchRun, str]:
    """Run the workflow; return its run's row and its history."""
    client = await connect(temporal_server, "jobraker")
    async with Worker(
        client,
        task_queue=TASK_QUEUE,
        activities=implementations(scene.activities),
        interceptors=[ActivityTelemetry()],
    ):
        handle: WorkflowHandle[JobFetch, UUID] = await client.start_workflow(
            JobFetch.run, id=f"job-fetch-{uuid4()}", task_queue=TASK_QUEUE
        )
        run_id = await handle.result()
    history = (await handle.fetch_history()).to_json()
    async with scene.database.begin() as session:
        return await session.get_one(FetchRun, run_id), history


async def words(scene: FetchScene) -> dict[str, str | None]:
    """Return what each search says about its last fetch."""
    return {search.country: search.last_error for search in await scene.searches()}


async def test_a_fault_of_the_moment_is_retried_and_leaves_no_trace(
    temporal_server: str, scene: FetchScene
) -> None:
    await scene.arm(kind="status", status=500, times=1)
    run, _ = await fetch(temporal_server, scene)
    assert (run.pages, run.ads_new, run.errors) == (2, 100, 0)
    assert run.ended_at is not None
    assert await words(scene) == {"fr": None, "gb": None}


async def test_a_search_that_cannot_be_had_is_told_by_its_word_and_jobs_stay(
    temporal_server: str, scene: FetchScene
) -> None:
    await fetch(temporal_server, scene)
    before = {job.source_id: job.title for job in await scene.jobs()}
    await scene.arm(kind="html", status=503, path="/v1/api/jobs/gb")
    run, _ = await fetch(temporal_server, scene)
    assert (run.pages, run.ads_new, run.errors) == (1, 0, 1)
    assert await words(scene) == {"fr": None, "gb": "vendor_error"}
    assert {job.source_id: job.title for job in await scene.jobs()} == before

    await scene.vendor.delete("/_control/faults")
    await fetch(temporal_server, scene)
    assert await words(scene) == {"fr": None, "gb": None}


async def test_refused_keys_end_the_run_with_one_call(temporal_server: str, scene: FetchScene) -> None:
    scene.activities.credentials = credentials(scene.database, app_key="a-wrong-secret-key")
    run, history = await fetch(temporal_server, scene)
    assert (run.pages, run.errors, len(await scene.requests())) == (0, 1, 1)
    assert sorted(filter(None, (await words(scene)).values())) == ["credentials_refused"]
    assert "a-wrong-secret-key" not in history
    assert await scene.jobs() == []
