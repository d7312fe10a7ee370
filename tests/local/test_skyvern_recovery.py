"""Killed with SIGKILL and started again, Skyvern's stand-in goes on, and never submits twice."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from local.careers.app import create_app as create_careers
from local.serving import serve
from tests.local.skyvern_stage import KEY, Json, Receiver, Stage, until

PROGRAM = """
import asyncio, sys
from pathlib import Path
from local.serving import serve
from local.skyvern.app import create_app
from local.skyvern.config import SkyvernConfig

async def main(database, key, careers_url):
    config = SkyvernConfig(Path(database), key, careers_url, "", 0.0, 0.01)
    async with serve(create_app(config)) as url:
        print(url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""


@dataclass
class Site:
    """What outlives the stand-in: its database, the careers site, the webhook receiver."""

    database: Path
    careers: httpx.AsyncClient
    receiver: Receiver
    hook_url: str

    async def fault(self, **fault: object) -> Json:
        armed: Json = (await self.careers.post("/_control/faults", json=fault)).json()
        return armed

    async def fired(self, fault: Json) -> None:
        async def has() -> bool:
            faults = (await self.careers.get("/_control/faults")).json()
            return any(f["id"] == fault["id"] and f["fired"] for f in faults)

        await until(has)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    receiver = Receiver()
    hook = Starlette(routes=[Route("/hook", receiver.take, methods=["POST"])])
    async with (
        serve(create_careers(tmp_path / "careers.sqlite3")) as careers_url,
        serve(hook) as hook_url,
        httpx.AsyncClient(base_url=careers_url) as careers,
    ):
        yield Site(tmp_path / "skyvern.sqlite3", careers, receiver, f"{hook_url}/hook")


@asynccontextmanager
async def living(site: Site) -> AsyncIterator[Stage]:
    """Run the stand-in in a process of its own, and kill it with SIGKILL when the block ends."""
    command = (sys.executable, "-c", PROGRAM, str(site.database), KEY, str(site.careers.base_url))
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    try:
        assert process.stdout is not None
        url = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        async with httpx.AsyncClient(base_url=url, headers={"x-api-key": KEY}) as skyvern:
            yield Stage(skyvern, site.careers, site.receiver, site.hook_url)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()


async def test_after_a_kill_nothing_stored_is_lost_and_a_due_webhook_is_sent(site: Site) -> None:
    async with living(site) as stage:
        file_id = await stage.upload()
        await stage.order("webhooks", mode="late", seconds=0.5, times=1)
        created = await stage.start(await stage.request("short-1"), webhook_url=site.hook_url)
        before = await stage.reach(created["run_id"])
    assert site.receiver.received == []

    async with living(site) as stage:
        after = await stage.run(created["run_id"])
        assert after["finished_at"] == before["finished_at"]
        assert after["output"]["extracted_information"] == before["output"]["extracted_information"]
        assert (await stage.skyvern.get(after["screenshot_urls"][0])).status_code == 200
        assert (await stage.skyvern.delete(f"/v1/files/{file_id}")).status_code == 204
        (workflow,) = (await stage.skyvern.get("/v1/workflows")).json()
        assert workflow["workflow_permanent_id"] == created["run_request"]["workflow_id"]
        assert len(await stage.webhooks(1)) == 1


async def test_after_a_kill_a_reading_run_goes_on_and_a_submitting_one_never_submits_again(
    site: Site,
) -> None:
    slow = {"kind": "slow", "seconds": 2, "times": 1}
    reading = await site.fault(**slow, method="GET", path="/jobs/short-reading")
    await site.fault(**slow, method="POST", path="/jobs/short-submitting", after_effect=True)
    async with living(site) as stage:
        submitting_run = await stage.start(await stage.request("short-submitting"), webhook_url=site.hook_url)
        reading_run = await stage.start(await stage.request("short-reading"))
        await site.fired(reading)

        async def employer_has_it() -> bool:
            return len(await stage.ledger()) == 1

        await until(employer_has_it)

    async with living(site) as stage:
        run = await stage.reach(submitting_run["run_id"])
        assert run["status"] == "failed"
        assert run["errors"][0]["error_code"] == "REACH_MAX_RETRIES"
        assert len(await stage.webhooks(1)) == 1
        run = await stage.reach(reading_run["run_id"])
        assert run["status"] == "completed"
        assert run["created_at"] == reading_run["created_at"]
        assert [row["slug"] for row in await stage.ledger()] == ["short-submitting", "short-reading"]
