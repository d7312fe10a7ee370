"""Our real worker with everything that it speaks to, and applications that it makes."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import Client, WorkflowHandle

from bench.applicants import Applicants
from bench.servers import NAMESPACE, WORKER, a_database, a_server, a_worker, environment_of, keys_of
from local.careers.app import create_app as create_careers
from local.keys import OPENAI_API_KEY, SKYVERN_API_KEY
from local.openai.app import create_app as create_openai
from local.openai.config import OpenAIConfig
from local.serving import serve
from local.skyvern.app import create_app as create_skyvern
from local.skyvern.config import SkyvernConfig
from models.database import Database
from models.payload_keys import DatabasePayloadKeys
from workflows.auto_apply import AutoApply
from workflows.codec import Codec
from workflows.ids import TASK_QUEUE, application_attributes, auto_apply_id, fair_to
from workflows.messages import ApplicationRef
from workflows.wire import connect

SCOUT_POLL_SECONDS = "0.25"

Handle = WorkflowHandle[Any, Any]


@dataclass(frozen=True)
class Ours:
    """Has applications made by the worker; `skyvern` is the stand-in's address, `pid` the worker's."""

    applicants: Applicants
    client: Client
    skyvern: str
    pid: int

    async def queued(self, people: int, each: int) -> list[ApplicationRef]:
        """Store new people, and so many applications of each."""
        users = [await self.applicants.add() for _ in range(people)]
        return [ref for user in users for ref in await self.applicants.queue(user, each)]

    async def start(self, ref: ApplicationRef) -> Handle:
        """Start an application's workflow."""
        return await self.client.start_workflow(
            AutoApply.run,
            ref,
            id=auto_apply_id(ref.user_id, ref.job_id),
            task_queue=TASK_QUEUE,
            search_attributes=application_attributes(ref),
            priority=fair_to(ref.user_id),
        )

    async def order_runs(self, mode: str) -> None:
        """Tell the vendor how the next runs are to go."""
        async with httpx.AsyncClient(base_url=self.skyvern, trust_env=False) as client:
            (await client.post("/_control/runs", json={"mode": mode})).raise_for_status()


@asynccontextmanager
async def open_ours(stack: ExitStack, temporal: str) -> AsyncIterator[Ours]:
    """Run the worker and the API as processes, over a new database."""
    url = stack.enter_context(a_database())
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    async with AsyncExitStack() as served:
        # browsers and the model need no time
        careers = await served.enter_async_context(serve(create_careers(folder / "careers.sqlite3")))
        config = SkyvernConfig(folder / "skyvern.sqlite3", SKYVERN_API_KEY, careers, step_seconds=0)
        skyvern = await served.enter_async_context(serve(create_skyvern(config)))
        openai = await served.enter_async_context(serve(create_openai(OpenAIConfig(piece_seconds=0))))
        environment = environment_of(
            url,
            TEMPORAL__ADDRESS=temporal,
            SKYVERN__BASE_URL=skyvern,
            SKYVERN__API_KEY=SKYVERN_API_KEY,
            SKYVERN__SCOUT_POLL_SECONDS=SCOUT_POLL_SECONDS,
            OPENAI__BASE_URL=f"{openai}/v1",
            OPENAI__API_KEY=OPENAI_API_KEY,
            TELEMETRY__WORKER_METRICS_PORT="0",
        )
        environment["JOBRAKER_API__PUBLIC_URL"] = stack.enter_context(a_server("api.app:create", environment))
        pid = stack.enter_context(a_worker([str(WORKER)], temporal, TASK_QUEUE, environment))
        database = Database(url)
        served.push_async_callback(database.close)
        keys = keys_of(environment)
        codec = Codec(DatabasePayloadKeys(keys, database), NAMESPACE)
        client = await connect(temporal, NAMESPACE, codec)
        yield Ours(Applicants(database, keys), client, skyvern, pid)
