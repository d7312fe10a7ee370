"""One application after the other, each with a worker that is killed at one event of its history."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError
from temporalio.worker import Replayer

from api.app import create_app
from local.careers.app import create_app as create_careers
from local.demo.api import open_api
from local.demo.person import FACTS, Person, fill_in_profile, register
from local.keys import OPENAI_API_KEY, SKYVERN_API_KEY
from local.openai.app import create_app as create_openai
from local.openai.config import OpenAIConfig
from local.serving import serve
from local.skyvern.app import create_app as create_skyvern
from local.skyvern.config import SkyvernConfig
from models.database import Database
from models.job import Job
from models.payload_keys import DatabasePayloadKeys
from settings import Settings
from tests.api.configured import JWT_SECRET, MASTER_KEY, RING
from tests.chaos.events.nursery import Nursery, kill
from tests.chaos.storm.jobs import new_job
from tests.chaos.storm.last_words import tell_of
from tests.chaos.storm.people import StormPerson
from tests.e2e.people import found, ledger_of
from workflows.codec import Codec
from workflows.ids import auto_apply_id
from workflows.namespace import ensure_namespace
from workflows.wire import connect, plugin

ENDS_SECONDS = 240.0
CLOSES_SECONDS = 120.0
RETRY_SECONDS = 0.02
ONLY_THEY_KNOW = "notice_period_days"
SETTINGS: dict[str, dict[str, Any]] = {
    "security": {
        "jwt_keys": {"test": JWT_SECRET},
        "current_jwt_key": "test",
        "master_keys": {"test": MASTER_KEY},
        "current_master_key": "test",
        "access_token_minutes": 60,
        "confirm_email": False,
    },
    "apply": {"allow_private_urls": True},
    "limits": {"register_address": "1000/1m", "login_address": "1000/1m"},
    "telemetry": {"worker_metrics_port": 0, "log_level": "WARNING"},
}
TIMES = {
    "timeout_seconds": 1.0,
    "settle_seconds": 1.5,
    "poll_seconds": 0.5,
    "poll_max_seconds": 1.0,
    "scout_poll_seconds": 0.3,
}

Tree = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What must be the same whatever was killed: the end, what the employer got, what the person was told."""

    state: str
    answers: tuple[Mapping[str, Any], ...]
    sources: tuple[tuple[str, str | None], ...]
    documents: tuple[str, ...]
    told: Mapping[str, int]
    log_is_whole: bool


@dataclass(frozen=True)
class Played:
    """An outcome, how long the history became, and how long it was when the worker died."""

    outcome: Outcome
    events: int
    died_at: int | None


@dataclass(frozen=True)
class World:
    """The servers that all applications share."""

    database: str
    temporal: str
    careers: str
    skyvern: str
    openai: str
    job: Job
    door: asyncio.Lock
    """Who comes new enters one after the other: hashing and reading résumés takes a machine's whole power."""

    def settings(self, namespace: str) -> Tree:
        """Return the settings of the API and of the workers in one namespace."""
        return {
            **SETTINGS,
            "database": {"url": self.database},
            "temporal": {"address": self.temporal, "namespace": namespace},
            "skyvern": {"base_url": self.skyvern, "api_key": SKYVERN_API_KEY, **TIMES},
            "openai": {"base_url": f"{self.openai}/v1", "api_key": OPENAI_API_KEY},
        }


@asynccontextmanager
async def a_world(database: str, temporal: str, folder: Path) -> AsyncIterator[World]:
    """Serve the vendors and the employer, who has one job."""
    job = new_job("long-gb-example", "Engineer", "Example Ltd")
    rows = Database(database)
    async with rows.begin() as session:
        session.add(job)
    await rows.close()
    async with AsyncExitStack() as stack:
        careers = await stack.enter_async_context(serve(create_careers(folder / "careers.sqlite3")))
        config = SkyvernConfig(folder / "skyvern.sqlite3", SKYVERN_API_KEY, careers, step_seconds=0.05)
        skyvern = await stack.enter_async_context(serve(create_skyvern(config)))
        openai = await stack.enter_async_context(serve(create_openai(OpenAIConfig(piece_seconds=0))))
        yield World(database, temporal, careers, skyvern, openai, job, asyncio.Lock())


@dataclass
class Lane:
    """A namespace with an API of its own, in which one application at a time is made."""

    world: World
    nursery: Nursery
    settings: Tree
    api: str
    client: Client
    codec: Codec
    log: Path
    _worker: int = 0

    async def play(self, kill_at: int | None = None) -> Played:
        """Make one application, whose worker is killed at an event where one is named.

        However it went, its history must replay: the next worker would otherwise be stuck with it.
        """
        facts = {name: value for name, value in FACTS.items() if name != ONLY_THEY_KNOW}
        async with open_api(self.api) as api:
            maya = StormPerson(api, Person(facts=facts), "review", random.Random(0), mistakes=0.0)
            async with self.world.door:
                await register(api, maya.person, None)
                await fill_in_profile(api, maya.person)
            self._be_born()
            try:
                return await self._watched(maya, kill_at)
            finally:
                kill(self._worker)

    async def _watched(self, maya: StormPerson, kill_at: int | None) -> Played:
        await maya.apply(self.world.job)
        user_id = (await maya.insist("GET", "/api/auth/me"))["id"]
        handle = self.client.get_workflow_handle(auto_apply_id(UUID(user_id), self.world.job.id))
        attending = asyncio.create_task(maya.attend())
        killing = asyncio.create_task(self._kill_at(handle, kill_at))
        try:
            outcome = await self._outcome(maya, handle)
            died_at = killing.result() if killing.done() else None
        finally:
            for task in (attending, killing):
                task.cancel()
            await asyncio.wait([attending, killing])
        history = await handle.fetch_history()
        await Replayer(workflows=[], plugins=[plugin(self.codec)]).replay_workflow(history)
        return Played(outcome, len(history.events), died_at)

    async def _kill_at(self, handle: WorkflowHandle[Any, Any], number: int | None) -> int | None:
        """Kill the worker as soon as the history has so many events; return how many it then had."""
        if number is None or not await _has_events(handle, number):
            return None
        kill(self._worker)
        try:
            return (await handle.describe()).history_length
        finally:
            self._be_born()

    async def _outcome(self, maya: StormPerson, handle: WorkflowHandle[Any, Any]) -> Outcome:
        [asked] = maya.asked

        async def ended() -> bool:
            return not await maya.under_way()

        try:
            await found(ended, "the end of the application", ENDS_SECONDS)
            await asyncio.wait_for(handle.result(), CLOSES_SECONDS)
        except (AssertionError, TimeoutError):
            await tell_of(handle)
            raise
        evidence = await maya.insist("GET", f"/api/applications/{asked.id}/evidence")
        told = await maya.insist("GET", "/api/notifications/")
        detail = evidence["application"]
        entries = await ledger_of(self.world.careers, maya.person.email, asked.slug)
        return Outcome(
            state=detail["state"],
            answers=tuple(_without_email(entry["fields"]) for entry in entries),
            sources=tuple((each["label"], each["source"]) for each in detail["questions"]),
            documents=tuple(each["kind"] for each in detail["documents"]),
            told=Counter(each["kind"] for each in told["items"]),
            log_is_whole=evidence["log_is_whole"],
        )

    def _be_born(self) -> None:
        self._worker = self.nursery.worker(self.settings, self.log)


@asynccontextmanager
async def a_lane(world: World, nursery: Nursery, name: str, folder: Path) -> AsyncIterator[Lane]:
    """Open a namespace with its API."""
    rows = Database(world.database)
    codec = Codec(DatabasePayloadKeys(RING, rows), name)
    client = await connect(world.temporal, name, codec)
    await ensure_namespace(client, name, 1)
    tree = world.settings(name)
    async with serve(create_app(Settings.model_validate(tree))) as api:
        # what the vendor calls back is known to the workers alone
        tree = {**tree, "api": {"public_url": api}}
        yield Lane(world, nursery, tree, api, client, codec, folder / f"{name}.log")
    await rows.close()


async def _has_events(handle: WorkflowHandle[Any, Any], number: int) -> bool:
    """Wait until the history has so many events; False where it ends before."""
    while True:
        try:
            async for event in handle.fetch_history_events(wait_new_event=True):
                if event.event_id >= number:
                    return True
        except RPCError:
            # it was not started yet
            await asyncio.sleep(RETRY_SECONDS)
        else:
            return False


def _without_email(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in fields.items() if name != "email"}
