"""Whatever a workflow may ever say, by any way, Temporal keeps sealed, and it arrives as it was said."""

import asyncio
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.converter import PayloadCodec
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.worker import Worker

from tests.workflows.keyed import NAMESPACE, fixed_codec, plain_in
from tests.workflows.running import HANG
from tests.workflows.talkative import SECRET, Talkative, echo, refuse, stumble
from workflows.ids import TASK_QUEUE, match_person_id
from workflows.wire import connect

RUNS = 2


async def talk(client: Client) -> tuple[WorkflowHandle[Talkative, str], list[str], ActivityError]:
    """Let it say everything; return its handle, the ids of its runs, and what it failed by."""
    runs: list[str] = []
    async with (
        Worker(client, task_queue=TASK_QUEUE, workflows=[Talkative], activities=[stumble, refuse, echo]),
        asyncio.timeout(HANG),
    ):
        started = await client.start_workflow(
            Talkative.run,
            args=[SECRET, RUNS],
            id=match_person_id(uuid4()),
            task_queue=TASK_QUEUE,
            memo={"note": SECRET},
        )
        handle: WorkflowHandle[Talkative, str] = client.get_workflow_handle(started.id)
        for run in range(RUNS):
            while len(runs) <= run:
                run_id = (await handle.describe()).run_id
                runs += [run_id] if run_id not in runs else []
            await handle.signal(Talkative.tell, SECRET)
            assert await handle.execute_update(Talkative.ask, SECRET) == SECRET
            if run == RUNS - 1:
                continue
            assert SECRET in await handle.query(Talkative.recall, SECRET)
        with pytest.raises(WorkflowFailureError) as failed:
            await started.result()
    assert isinstance(failed.value.cause, ActivityError)
    return handle, runs, failed.value.cause


async def everything_of(address: str, handle: WorkflowHandle[Talkative, str], runs: list[str]) -> bytes:
    """Return all that Temporal tells of these workflows."""
    plain, found = await connect(address, NAMESPACE), []
    for workflow_id, run_id in [*((handle.id, each) for each in runs), (f"{handle.id}/child", None)]:
        each = plain.get_workflow_handle(workflow_id, run_id=run_id)
        found.append((await each.describe()).raw_description.SerializeToString())
        found += [event.SerializeToString() for event in (await each.fetch_history()).events]
    return b"".join(found)


@pytest.mark.parametrize("codec", [fixed_codec(), None], ids=["sealed", "plain"])
async def test_whatever_is_said_is_sealed_and_arrives(
    temporal_server: str, codec: PayloadCodec | None
) -> None:
    client = await connect(temporal_server, NAMESPACE, codec)
    handle, runs, failed = await talk(client)
    refused = failed.cause
    assert isinstance(refused, ApplicationError)
    assert (refused.type, refused.message, refused.details) == ("Refused", f"refused: {SECRET}", (SECRET,))
    assert SECRET in str(refused.cause)
    assert await (await client.get_workflow_handle(f"{handle.id}/child").describe()).memo() == {
        "note": SECRET
    }
    content = await everything_of(temporal_server, handle, runs)
    assert (SECRET.encode() in content) is (codec is None)
    for run_id in runs if codec else []:
        history = await client.get_workflow_handle(handle.id, run_id=run_id).fetch_history()
        assert [found for event in history.events for found in plain_in(event)] == []
