"""Keys that are away, missing or destroyed: workflows wait, are mended or end, and none is tried for ever."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlmodel import delete
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from models.account import Account
from models.database import Database
from models.key_ids import installation_key_id, user_key_id
from models.payload_keys import DatabasePayloadKeys, InstallationPayloadKeys
from models.sealed import KeyRing
from tests.databases import away
from tests.local.skyvern_stage import until
from tests.servers import Postgres
from tests.workflows.keyed import NAMESPACE, sealed_in
from tests.workflows.running import HANG
from tests.workflows.scripted import ScriptedFollowUp, an_application, implementations
from workflows.codec import KEY_IS_GONE, Codec
from workflows.follow_up import FollowUp
from workflows.ids import TASK_QUEUE, follow_up_id
from workflows.wire import connect

FAR = 3600.0
RING = KeyRing({"k1": b"k" * 32}, "k1")
Following = WorkflowHandle[FollowUp, None]


@dataclass(frozen=True)
class House:
    """A person whose application is followed, and the servers."""

    postgres: Postgres
    database: Database
    temporal: str
    user_id: UUID

    def codec(self, fresh: float = 0, patience: float = 60) -> Codec:
        """Return a codec that asks for each key each time."""
        return Codec(DatabasePayloadKeys(RING, self.database, fresh, patience), NAMESPACE)

    async def follow(self, client: Client) -> Following:
        """Follow an application of the person's, which waits at once."""
        application = an_application().model_copy(update={"user_id": self.user_id})
        workflow_id = follow_up_id(self.user_id, application.application_id)
        return await client.start_workflow(FollowUp.run, application, id=workflow_id, task_queue=TASK_QUEUE)

    async def forget(self) -> None:
        """Delete the person with their key."""
        async with self.database.begin() as session:
            await session.exec(delete(Account))


@pytest.fixture
async def house(database_url: str, postgres: Postgres, temporal_server: str) -> AsyncIterator[House]:
    """A person."""
    database = Database(database_url, timeout=2)
    account = Account.register("ada@example.org", "hash", RING)
    async with database.begin() as session:
        session.add(account)
    yield House(postgres, database, temporal_server, account.id)
    await database.close()


@asynccontextmanager
async def working(address: str, codec: Codec, *steps: object, cached: int = 10) -> AsyncIterator[Client]:
    """Run a worker; with nothing cached each task reads the whole history again. Yields its client."""
    client = await connect(address, NAMESPACE, codec)
    activities = [each for step in steps for each in implementations(step)]
    async with (
        Worker(client, task_queue=TASK_QUEUE, activities=activities, max_cached_workflows=cached),
        asyncio.timeout(HANG),
    ):
        yield client


async def has(handle: Following, kind: "EventType.ValueType") -> bool:
    """Tell whether a history has an event of this kind."""
    return any(each.event_type == kind for each in (await handle.fetch_history()).events)


async def has_failed(handle: Following) -> bool:
    """Tell whether a task of a workflow has failed, which Temporal tries again."""
    return await has(handle, EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED)


async def keys_of(handle: Following) -> set[str]:
    """Return the names of the keys that a history is sealed under."""
    return {name for event in (await handle.fetch_history()).events for name in sealed_in(event)}


@pytest.mark.parametrize("cached", [0, 10])
async def test_a_workflow_goes_on_as_soon_as_the_keys_are_back(house: House, cached: int) -> None:
    steps = ScriptedFollowUp(remind_in=FAR, ghosted_in=FAR)
    async with working(house.temporal, house.codec(), steps, cached=cached) as client:
        handle = await house.follow(client)
        await steps.planned.wait()
        steps.is_over = True
        with away(house.postgres, house.database.url):
            await handle.signal(FollowUp.changed)
            await asyncio.sleep(2)
            assert steps.plans == 1
        async with asyncio.timeout(9):
            await handle.result()
        assert not await has_failed(handle)
    assert await keys_of(handle) == {user_key_id(house.user_id)}


async def test_a_workflow_whose_task_failed_for_want_of_keys_is_tried_again(house: House) -> None:
    steps = ScriptedFollowUp(remind_in=FAR, ghosted_in=FAR)
    async with working(house.temporal, house.codec(patience=0.2), steps, cached=0) as client:
        handle = await house.follow(client)
        await steps.planned.wait()
        steps.is_over = True
        with away(house.postgres, house.database.url):
            await handle.signal(FollowUp.changed)
            await until(lambda: has_failed(handle), 20)
        await handle.result()
    assert steps.plans == 2


async def test_a_workflow_that_was_begun_by_a_key_that_is_destroyed_by_now_ends_as_failed(
    house: House,
) -> None:
    steps = ScriptedFollowUp(is_over=True)
    remembering = await connect(house.temporal, NAMESPACE, house.codec(fresh=300))
    handle = await house.follow(remembering)
    await house.forget()
    async with working(house.temporal, house.codec(), steps) as client:
        with pytest.raises(WorkflowFailureError) as failed:
            await client.get_workflow_handle(handle.id).result()
    cause = failed.value.cause
    assert isinstance(cause, ApplicationError)
    assert (cause.type, steps.plans) == (KEY_IS_GONE, 0)


async def test_a_workflow_that_is_read_again_by_a_destroyed_key_does_nothing_until_it_is_terminated(
    house: House,
) -> None:
    steps = ScriptedFollowUp(remind_in=FAR, ghosted_in=FAR)
    async with working(house.temporal, house.codec(), steps, cached=0) as client:
        handle = await house.follow(client)
        await steps.planned.wait()
        await house.forget()
        await handle.signal(FollowUp.changed)
        await until(lambda: has_failed(handle), 20)
        assert steps.plans == 1
        await handle.terminate()
        with pytest.raises(WorkflowFailureError):
            await handle.result()


async def test_a_workflow_that_is_in_memory_outlives_its_persons_key_and_comes_to_its_end(
    house: House,
) -> None:
    steps = ScriptedFollowUp(remind_in=FAR, ghosted_in=FAR)
    async with working(house.temporal, house.codec(), steps) as client:
        handle = await house.follow(client)
        # the plan must have been read by the workflow, and not only made
        await until(lambda: has(handle, EventType.EVENT_TYPE_TIMER_STARTED), HANG)
        await house.forget()
        steps.is_over = True
        await handle.signal(FollowUp.changed)
        await handle.result()
    assert await keys_of(handle) == {user_key_id(house.user_id), installation_key_id("k1")}


async def test_a_workflow_that_is_begun_for_a_person_who_is_no_more_comes_to_its_end(house: House) -> None:
    steps = ScriptedFollowUp(is_over=True)
    await house.forget()
    async with working(house.temporal, house.codec(), steps, cached=0) as client:
        handle = await house.follow(client)
        await handle.result()
    assert await keys_of(handle) == {installation_key_id("k1")}


async def test_a_missing_master_key_holds_workflows_up_until_it_is_back(house: House) -> None:
    other = KeyRing({"k2": b"o" * 32}, "k2")
    both = KeyRing({**RING.keys, **other.keys}, "k2")
    lacking, whole = [Codec(InstallationPayloadKeys(ring), NAMESPACE) for ring in (other, both)]
    steps = ScriptedFollowUp(is_over=True)
    old = await connect(house.temporal, NAMESPACE, house.codec())
    begun = await old.start_workflow(
        FollowUp.run, an_application(), id=f"nobodys-{uuid4()}", task_queue=TASK_QUEUE
    )
    async with working(house.temporal, lacking, steps, cached=0):
        await until(lambda: has_failed(begun), 20)
    async with working(house.temporal, whole, steps, cached=0) as client:
        await client.get_workflow_handle(begun.id).result()
