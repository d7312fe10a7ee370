"""With the codec no history of any workflow holds a payload or a failure of ours in plain, and all replay."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowHistory
from temporalio.worker import Replayer

from models.key_ids import installation_key_id, user_key_id
from tests.workflows.keyed import MASTER, NAMESPACE, fixed_codec, plain_in, sealed_in
from tests.workflows.paths import OTHERS, a_turn
from tests.workflows.record_histories import history_of
from tests.workflows.running import HANG, worker_with
from tests.workflows.scripted import ScriptedAutoApply, ScriptedChatTurn, ScriptedNotify
from workflows import ids
from workflows.wire import WORKFLOWS, connect, plugin

ID_OF: dict[str, Callable[[Any], str]] = {
    "ChatTurn": lambda turn: ids.chat_turn_id(turn.user_id, turn.message_id),
    "Notify": lambda told: ids.notify_id(told.user_id, told.notification_id),
    "FollowUp": lambda ref: ids.follow_up_id(ref.user_id, ref.application_id),
    "MatchPerson": lambda person: ids.match_person_id(person.user_id),
    "TokenMail": lambda mail: ids.token_mail_id(mail.user_id, mail.token_id),
    "AccountExport": lambda export: ids.account_export_id(export.user_id, export.export_id),
}
"""The ids of the workflows that are about a person."""

OF_TYPE = {workflow.__name__: name for name, (_, workflow, _) in sorted(OTHERS.items(), reverse=True)}
APPLYING = (
    "submitted_after_polls",
    "failed_as_absent_twice",
    "answered_approved_and_submitted",
    "cancelled_while_asked",
    "failed_as_the_look_was_refused",
)
"""Ways with signals, updates, steps in the workflow's own task, children, failures and timers."""


async def run(client: Client, name: str) -> WorkflowHistory:
    """Run a workflow under the id that it has in earnest, and return its history."""
    _, workflow, arguments_of = OTHERS[name]
    arguments = list(arguments_of())
    id_of = ID_OF.get(workflow.__name__, lambda *_: f"{name}-{uuid4()}")
    handle = await client.start_workflow(
        workflow.__name__, args=arguments, id=id_of(*arguments), task_queue=ids.TASK_QUEUE
    )
    await handle.result()
    return await handle.fetch_history()


async def assert_sealed(history: WorkflowHistory) -> None:
    """Fail where something is in plain, under another's key, or does not replay."""
    assert [found for event in history.events for found in plain_in(event)] == []
    owner = ids.owner_of(history.workflow_id)
    names = {name for event in history.events for name in sealed_in(event)}
    expected = installation_key_id(MASTER) if owner is None else user_key_id(owner)
    # what a workflow of nobody's says to the ones that it starts is sealed for their persons
    assert expected in names if owner is None else names == {expected}
    await Replayer(workflows=[], plugins=[plugin(fixed_codec())]).replay_workflow(history)


def test_every_type_of_workflow_is_tried() -> None:
    assert {*OF_TYPE, "AutoApply"} == {each.__name__ for each in WORKFLOWS}


@pytest.mark.parametrize("name", sorted(OF_TYPE.values()))
async def test_a_history_holds_nothing_of_ours_in_plain(temporal_server: str, name: str) -> None:
    own = OTHERS[name][0]()
    children = [ScriptedAutoApply(), ScriptedChatTurn(), ScriptedNotify()]
    others = [each for each in children if type(each) is not type(own)]
    async with (
        worker_with(temporal_server, own, *others, codec=fixed_codec()) as client,
        asyncio.timeout(HANG),
    ):
        await assert_sealed(await run(client, name))


@pytest.mark.parametrize("name", APPLYING)
async def test_the_history_of_an_application_holds_nothing_of_ours_in_plain(
    temporal_server: str, name: str
) -> None:
    async with asyncio.timeout(HANG):
        await assert_sealed(await history_of(temporal_server, name, fixed_codec()))


async def test_without_the_codec_the_search_finds_payloads_and_failures(temporal_server: str) -> None:
    async with asyncio.timeout(HANG):
        history = await history_of(temporal_server, "chat_turn_failed")
    found = "\n".join(text for event in history.events for text in plain_in(event))
    for expected in ("started_event_attributes.input", "scheduled_event_attributes.input", "failure"):
        assert expected in found


async def test_a_sealed_history_does_not_replay_without_its_keys(temporal_server: str) -> None:
    async with asyncio.timeout(HANG):
        history = await history_of(temporal_server, "submitted", fixed_codec())
    with pytest.raises(RuntimeError):
        await Replayer(workflows=[], plugins=[plugin()]).replay_workflow(history)


async def test_what_a_plain_client_started_is_read_and_goes_on_sealed(temporal_server: str) -> None:
    plain, turn = await connect(temporal_server, NAMESPACE), a_turn()
    workflow_id = ids.chat_turn_id(turn.user_id, turn.message_id)
    await plain.start_workflow("ChatTurn", turn, id=workflow_id, task_queue=ids.TASK_QUEUE)
    steps = ScriptedChatTurn(fails="invalid_api_key")
    async with (
        worker_with(temporal_server, steps, codec=fixed_codec()) as client,
        asyncio.timeout(HANG),
    ):
        handle = client.get_workflow_handle(workflow_id)
        await handle.result()
        history = await handle.fetch_history()
    assert steps.failed == [turn.message_id]
    found = [text for event in history.events for text in plain_in(event)]
    assert len(found) == 1
    assert "started_event_attributes.input" in found[0]
