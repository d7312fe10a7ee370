"""An erasure waits, can be undone, and then only goes forward, however long what it needs is away."""

import asyncio
import base64
import re
from collections import Counter
from datetime import timedelta

import pytest
from temporalio.client import Client, WorkflowHandle

from tests.workflows.running import HANG, worker_with
from tests.workflows.scripted_erasure import STEPS, ScriptedErasure, an_erasure, tomorrow
from workflows.account_erasure import AccountErasure
from workflows.ids import TASK_QUEUE, USER, account_erasure_id
from workflows.policies import ERASURE_STEP, ERASURE_VENDOR_STEP, LAST_MAIL_STEP, StepOptions


async def begin(client: Client) -> WorkflowHandle[AccountErasure, bool]:
    """Start an erasure's workflow as the API does."""
    erasure = an_erasure()
    return await client.start_workflow(
        AccountErasure.run, erasure, id=account_erasure_id(erasure.erasure_id), task_queue=TASK_QUEUE
    )


async def erased(server: str, steps: ScriptedErasure) -> bool:
    """Run an erasure to its end; tell whether there was one."""
    async with worker_with(server, steps) as client, asyncio.timeout(HANG):
        return await (await begin(client)).result()


async def test_the_steps_are_done_in_their_order(temporal_server: str) -> None:
    steps = ScriptedErasure()
    assert await erased(temporal_server, steps) is True
    assert steps.done == STEPS


async def test_what_was_undone_is_not_begun(temporal_server: str) -> None:
    steps = ScriptedErasure(undone=True)
    assert await erased(temporal_server, steps) is False
    assert steps.done == ["await_erasure"]


async def test_the_row_has_the_last_word(temporal_server: str) -> None:
    steps = ScriptedErasure(undone_when_frozen=True)
    assert await erased(temporal_server, steps) is False
    assert steps.done == ["await_erasure", "freeze"]


async def test_undoing_it_ends_the_wait_at_once(temporal_server: str) -> None:
    steps = ScriptedErasure(due_at=tomorrow())
    async with worker_with(temporal_server, steps) as client, asyncio.timeout(HANG):
        handle = await begin(client)
        steps.undone = True
        await handle.signal(AccountErasure.changed)
        assert await handle.result() is False
    assert "freeze" not in steps.done


async def test_a_ring_that_changes_nothing_waits_on(temporal_server: str) -> None:
    steps = ScriptedErasure(due_at=tomorrow())
    async with worker_with(temporal_server, steps) as client, asyncio.timeout(HANG):
        handle = await begin(client)
        while steps.done.count("await_erasure") < 3:
            await handle.signal(AccountErasure.changed)
            await asyncio.sleep(0.05)
        steps.due_at -= timedelta(hours=25)
        await handle.signal(AccountErasure.changed)
        assert await handle.result() is True
    assert steps.done[-1] == "destroy_key"


async def test_a_step_is_repeated_until_nothing_is_left(temporal_server: str) -> None:
    left = {"end_workflows": [2, 1], "erase_at_vendors": [20], "delete_histories": [4], "delete_rows": [1]}
    steps = ScriptedErasure(left=left)
    assert await erased(temporal_server, steps) is True
    assert Counter(steps.done) == {
        **dict.fromkeys(STEPS, 1),
        "end_workflows": 3,
        "erase_at_vendors": 2,
        "delete_histories": 3,
        "delete_rows": 2,
    }


async def test_a_step_that_fails_is_repeated_and_none_is_passed_over(temporal_server: str) -> None:
    steps = ScriptedErasure(away=Counter(erase_at_vendors=2, delete_rows=1, destroy_key=1))
    assert await erased(temporal_server, steps) is True
    assert steps.done == STEPS


async def test_who_cannot_be_written_to_is_erased_all_the_same(temporal_server: str) -> None:
    steps = ScriptedErasure(never={"tell_erased"})
    assert await erased(temporal_server, steps) is True
    assert steps.done == [step for step in STEPS if step != "tell_erased"]


@pytest.mark.parametrize("policy", [ERASURE_STEP, ERASURE_VENDOR_STEP])
def test_what_is_away_for_weeks_is_outlasted(policy: StepOptions) -> None:
    assert policy["schedule_to_close_timeout"] >= timedelta(days=90)
    retries = policy["retry_policy"]
    assert retries.maximum_attempts == 0
    assert retries.maximum_interval is not None
    # a vendor that is back is asked soon
    assert retries.maximum_interval <= timedelta(minutes=10)
    assert not retries.non_retryable_error_types


def test_a_mail_server_holds_an_erasure_up_for_less_than_a_day() -> None:
    assert LAST_MAIL_STEP["schedule_to_close_timeout"] < timedelta(days=1)


async def test_a_lost_workflow_begins_anew_and_does_everything_again(temporal_server: str) -> None:
    steps, erasure = ScriptedErasure(left={"erase_at_vendors": [9] * 99}), an_erasure()
    async with worker_with(temporal_server, steps) as client, asyncio.timeout(HANG):
        workflow_id = account_erasure_id(erasure.erasure_id)
        first = await client.start_workflow(
            AccountErasure.run, erasure, id=workflow_id, task_queue=TASK_QUEUE
        )
        await steps.at_vendors.wait()
        await first.terminate()
        steps.left.clear()
        steps.done.clear()
        again = await client.start_workflow(
            AccountErasure.run, erasure, id=workflow_id, task_queue=TASK_QUEUE
        )
        assert await again.result() is True
    assert steps.done[-len(STEPS) :] == STEPS


async def test_temporal_knows_the_number_of_the_receipt_and_not_whose_it_is(temporal_server: str) -> None:
    steps = ScriptedErasure()
    async with worker_with(temporal_server, steps) as client, asyncio.timeout(HANG):
        handle = await begin(client)
        await handle.result()
        described = await handle.describe()
        history = (await handle.fetch_history()).to_json()
    assert described.typed_search_attributes.get(USER) is None
    texts = " ".join(
        base64.b64decode(data).decode(errors="replace") for data in re.findall(r'"data": "([^"]*)"', history)
    )
    assert "erasure_id" in texts
    assert "user_id" not in texts
