"""The person's workflows are ended and forgotten: what Temporal lists, and what only rows know of."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from activities.account_erasure.known import ids_of
from models.account_enums import TokenPurpose
from models.account_export import AccountExport
from models.base import now
from models.chat import ChatMessage
from models.enums import ChatRole, ChatState, NotificationKind
from models.notification import Notification
from models.one_time_token import OneTimeToken
from tests.activities.erasure_scene import Erasing, erasing
from tests.activities.people import add_application, add_job, add_person
from workflows.account_messages import ErasureRef
from workflows.ids import (
    OWNED,
    TASK_QUEUE,
    account_export_id,
    auto_apply_id,
    chat_turn_id,
    follow_up_id,
    match_person_id,
    notify_id,
    token_mail_id,
    user_attributes,
)
from workflows.messages import NotificationRef
from workflows.wire import connect

PATIENCE = 60.0
Handle = WorkflowHandle[object, object]


@pytest.fixture
async def scene(database_url: str, temporal_server: str) -> AsyncIterator[Erasing]:
    """The steps, run by a worker of a real Temporal server; no worker does the person's workflows."""
    client = await connect(temporal_server, "jobraker")
    async with erasing(database_url, client=client) as scene:
        yield scene


async def notice(scene: Erasing, user_id: UUID, *, listed: bool = True, row: bool = True) -> Handle:
    """Start a notification's workflow, with or without what leads to it; nobody works on it."""
    told = Notification(user_id=user_id, kind=NotificationKind.NEW_LOGIN)
    if row:
        async with scene.database.begin() as session:
            session.add(told)
    assert scene.client is not None
    handle: Handle = await scene.client.start_workflow(
        "Notify",
        NotificationRef(notification_id=told.id, user_id=user_id),
        id=notify_id(user_id, told.id),
        task_queue=TASK_QUEUE,
        search_attributes=user_attributes(user_id) if listed else None,
    )
    return handle


async def is_known(handle: Handle) -> bool:
    """Tell whether Temporal remembers a workflow."""
    try:
        await handle.describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    return True


async def repeated(scene: Erasing, step: str, ref: ErasureRef) -> list[int]:
    """Repeat a step until nothing is left, as the workflow does; return what was left each time."""
    left, until = [1], time.monotonic() + PATIENCE
    while left[-1]:
        assert time.monotonic() < until, left
        left.append((await scene.run(step, ref)).count)
        await asyncio.sleep(0.2)
    return left[1:]


async def test_what_runs_is_cancelled_first_and_terminated_after_its_grace(scene: Erasing) -> None:
    person = await add_person(scene.database)
    handle = await notice(scene, person)
    ref = await scene.begun(person)
    patient = scene.changed(grace=timedelta(hours=1))
    assert (await patient.run("end_workflows", ref)).count == 1
    assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    events = [event.event_type async for event in handle.fetch_history_events()]
    assert EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED in events
    await repeated(scene, "end_workflows", ref)
    assert (await handle.describe()).status is WorkflowExecutionStatus.TERMINATED


@pytest.mark.parametrize(("listed", "row"), [(True, True), (True, False), (False, True)])
async def test_a_history_is_found_by_lists_or_by_rows_and_is_gone(
    scene: Erasing, listed: bool, row: bool
) -> None:
    person, other = await add_person(scene.database), await add_person(scene.database)
    mine, theirs = await notice(scene, person, listed=listed, row=row), await notice(scene, other)
    ref = await scene.begun(person)
    await repeated(scene, "end_workflows", ref)
    assert (await mine.describe()).status is WorkflowExecutionStatus.TERMINATED
    await repeated(scene, "delete_histories", ref)
    assert not await is_known(mine)
    assert (await theirs.describe()).status is WorkflowExecutionStatus.RUNNING
    assert (await scene.row(ref)).counts["histories"] == 1


async def test_what_still_runs_when_histories_go_is_ended_with_them(scene: Erasing) -> None:
    person = await add_person(scene.database)
    handle = await notice(scene, person, row=False)
    ref = await scene.begun(person)
    await repeated(scene, "delete_histories", ref)
    assert not await is_known(handle)


async def test_every_run_of_an_id_goes(scene: Erasing) -> None:
    person = await add_person(scene.database)
    first = await notice(scene, person)
    await first.terminate()
    assert scene.client is not None
    second = await scene.client.start_workflow(
        "Notify",
        NotificationRef(notification_id=uuid4(), user_id=person),
        id=first.id,
        task_queue=TASK_QUEUE,
        search_attributes=user_attributes(person),
    )
    ref = await scene.begun(person)
    await repeated(scene, "delete_histories", ref)
    for run_id in (first.result_run_id, second.result_run_id):
        assert not await is_known(scene.client.get_workflow_handle(first.id, run_id=run_id))


async def test_every_kind_of_row_leads_to_its_workflow(scene: Erasing) -> None:
    person = await add_person(scene.database)
    application = await add_application(scene.database, person, await add_job(scene.database))
    message = ChatMessage(user_id=person, role=ChatRole.ASSISTANT, state=ChatState.DONE, text_sealed=b"s")
    token = OneTimeToken(user_id=person, purpose=TokenPurpose.RESET_PASSWORD, expires_at=now(), by_mail=True)
    export = AccountExport(user_id=person)
    async with scene.database.begin() as session:
        session.add_all([message, token, export])
        await session.flush()
        known = set(await ids_of(session, person))
        running = set(await ids_of(session, person, unended=True))
    every = {
        match_person_id(person),
        auto_apply_id(person, application.job_id),
        follow_up_id(person, application.id),
        chat_turn_id(person, message.id),
        token_mail_id(person, token.id),
        account_export_id(person, export.id),
    }
    assert known == every
    assert running == every - {auto_apply_id(person, application.job_id), chat_turn_id(person, message.id)}
    # a kind of workflow that is added has to be found as well
    assert {each.partition("/")[0] for each in known} | {"notify"} == OWNED
