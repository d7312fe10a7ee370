"""Workflows are started behind the answer, and a Temporal that is away slows and loses nothing."""

import asyncio
import socket
import time
from typing import Any
from uuid import UUID

import pytest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from api.applications import ref_of
from api.flows import JOB_FETCH_NOW_ID
from models.application import Application
from models.enums import ApplicationState
from tests.api.applied import put
from tests.api.client import Api, ApiAt, assert_problem, job_with, store
from tests.api.sse import PATIENCE, until
from workflows.ids import auto_apply_id, chat_turn_id, follow_up_id, match_person_id
from workflows.wire import connect

NAMESPACE = "jobraker"
S = ApplicationState


async def started(client: Client, workflow_id: str) -> str:
    """Wait for a workflow to be started, end it for other tests' sake, and return its type."""
    handle = client.get_workflow_handle(workflow_id)
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                described = await handle.describe()
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                await asyncio.sleep(0.02)
            else:
                assert described.status is WorkflowExecutionStatus.RUNNING
                await handle.terminate()
                return described.workflow_type


async def signals_of(handle: WorkflowHandle[Any, Any]) -> list[str]:
    """Return the names of the signals that a workflow has got."""
    events = (await handle.fetch_history()).events
    return [
        event.workflow_execution_signaled_event_attributes.signal_name
        for event in events
        if event.HasField("workflow_execution_signaled_event_attributes")
    ]


async def test_an_application_and_a_question_start_their_workflows(
    api_at: ApiAt, temporal_server: str
) -> None:
    client = await connect(temporal_server, NAMESPACE)
    async with api_at(temporal=temporal_server) as api:
        person = await api.applicant()
        job = job_with()
        await store(api.database, job)
        await person.post("/api/applications/", json={"job_id": str(job.id)})
        turn = (await person.post("/api/chat/", json={"text": "?"})).json()
        assert await started(client, auto_apply_id(person.id, job.id)) == "AutoApply"
        assert await started(client, chat_turn_id(person.id, UUID(turn["answer"]["id"]))) == "ChatTurn"


async def test_changed_wishes_start_a_workflow_that_matches_the_person(
    api_at: ApiAt, temporal_server: str
) -> None:
    client = await connect(temporal_server, NAMESPACE)
    async with api_at(temporal=temporal_server) as api:
        person = await api.person()
        await person.patch("/api/profile/", json={"daily_cap": 3})
        await until(lambda: api.context.flows.pending == 0)
        await person.patch("/api/profile/", json={"preferences": {"titles": ["Cook"]}})
        assert await started(client, match_person_id(person.id)) == "MatchPerson"


async def test_an_application_behind_a_cancelled_one_starts_when_its_workflow_has_ended(
    api_at: ApiAt, temporal_server: str
) -> None:
    client = await connect(temporal_server, NAMESPACE)
    async with api_at(temporal=temporal_server) as api:
        person = await api.applicant()
        job = job_with()
        await store(api.database, job)
        first = (await person.post("/api/applications/", json={"job_id": str(job.id)})).json()
        await until(lambda: api.context.flows.pending == 0)
        await person.post(f"/api/applications/{first['id']}/cancel")
        second = await person.post("/api/applications/", json={"job_id": str(job.id)})
        assert second.status_code == 202
        # what holds the id is the first one's workflow; with its end the second one's can begin
        assert await started(client, auto_apply_id(person.id, job.id)) == "AutoApply"
        await until(lambda: api.context.flows.pending == 0)
        assert await started(client, auto_apply_id(person.id, job.id)) == "AutoApply"


async def test_what_holds_the_id_of_a_new_application_is_rung(api_at: ApiAt, temporal_server: str) -> None:
    client = await connect(temporal_server, NAMESPACE)
    async with api_at(temporal=temporal_server) as api:
        person = await api.applicant()
        application = await put(api.database, person.id)
        ref = ref_of(application)
        handle = client.get_workflow_handle(auto_apply_id(person.id, application.job_id))
        api.context.flows.start_auto_apply(ref)
        await until(lambda: api.context.flows.pending == 0)
        assert await signals_of(handle) == []
        # nobody works here, so the first one holds the id until all tries are used up
        api.context.flows.start_auto_apply(ref)
        await until(lambda: api.context.flows.pending == 0)
        assert set(await signals_of(handle)) == {"doorbell"}


async def test_what_a_person_settles_as_submitted_is_followed_and_told_of_changes(
    api_at: ApiAt, temporal_server: str
) -> None:
    client = await connect(temporal_server, NAMESPACE)
    async with api_at(temporal=temporal_server) as api:
        person = await api.applicant()
        application, other = [await put(api.database, person.id, S.UNKNOWN_OUTCOME) for _ in range(2)]
        for each, went_through in ((application, True), (other, False)):
            path = f"/api/applications/{each.id}"
            answer = await person.post(f"{path}/settle", json={"went_through": went_through})
            assert answer.status_code == 200, answer.text
        await until(lambda: api.context.flows.pending == 0)
        handle = client.get_workflow_handle(follow_up_id(person.id, application.id))
        assert (await handle.describe()).workflow_type == "FollowUp"
        with pytest.raises(RPCError, match="not found"):
            await client.get_workflow_handle(follow_up_id(person.id, other.id)).describe()
        path = f"/api/applications/{application.id}/progress"
        for body in ({"notes": "only for me"}, {"stage": "onsite"}, {"outcome": "rejected"}):
            assert (await person.patch(path, json=body)).status_code == 200
        await until(lambda: api.context.flows.pending == 0)
        assert await signals_of(handle) == ["changed", "changed"]
        # started twice it is one, and a follow-up that has ended is no error
        api.context.flows.start_follow_up(ref_of(application))
        api.context.flows.ring_follow_up(person.id, other.id)
        await until(lambda: api.context.flows.pending == 0)
        assert await started(client, follow_up_id(person.id, application.id)) == "FollowUp"


@pytest.mark.parametrize(("act", "state"), [("cancel", S.NEEDS_INPUT), ("decline", S.AWAITING_APPROVAL)])
async def test_who_takes_an_application_back_has_its_workflow_rung(
    api_at: ApiAt, temporal_server: str, act: str, state: S
) -> None:
    client = await connect(temporal_server, NAMESPACE)
    async with api_at(temporal=temporal_server) as api:
        person = await api.applicant()
        application = await put(api.database, person.id, state)
        api.context.flows.start_auto_apply(ref_of(application))
        await until(lambda: api.context.flows.pending == 0)
        answer = await person.post(f"/api/applications/{application.id}/{act}")
        assert answer.status_code == 200, answer.text
        await until(lambda: api.context.flows.pending == 0)
        handle = client.get_workflow_handle(auto_apply_id(person.id, application.job_id))
        assert await signals_of(handle) == ["doorbell"]


async def test_an_administrator_starts_one_fetch_at_a_time(api_at: ApiAt, temporal_server: str) -> None:
    client = await connect(temporal_server, NAMESPACE)
    async with api_at(temporal=temporal_server) as api:
        admin = await api.administrator()
        for already in (False, True):
            answer = await admin.post("/api/admin/job-fetch")
            assert answer.status_code == 202
            assert answer.json() == {"workflow_id": JOB_FETCH_NOW_ID, "already_running": already}
        assert await started(client, JOB_FETCH_NOW_ID) == "JobFetch"
        assert_problem(await (await api.person()).post("/api/admin/job-fetch"), 403, "forbidden")


async def test_with_temporal_away_an_application_is_accepted_at_once_and_kept(api: Api) -> None:
    person = await api.applicant()
    job = job_with()
    await store(api.database, job)
    began = time.monotonic()
    answer = await person.post("/api/applications/", json={"job_id": str(job.id)})
    assert time.monotonic() - began < 1
    assert answer.status_code == 202
    async with api.database.begin() as session:
        row = await session.get_one(Application, UUID(answer.json()["id"]))
    assert row.state == "queued"


async def test_a_temporal_that_accepts_and_says_nothing_slows_no_answer(api_at: ApiAt) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        # connections wait in the kernel, and nobody answers
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        async with api_at(temporal=address) as api:
            person = await api.person()
            began = time.monotonic()
            assert (await person.post("/api/chat/", json={"text": "?"})).status_code == 202
            assert time.monotonic() - began < 1
            assert api.context.flows.pending == 1


async def test_with_temporal_away_a_fetch_is_refused_with_when_to_come_again(api: Api) -> None:
    admin = await api.administrator()
    answer = await admin.post("/api/admin/job-fetch")
    assert_problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"]


async def test_a_flood_of_starts_is_bounded_and_answered(api_at: ApiAt) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        # connections wait in the kernel, and nobody answers
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        async with api_at(temporal=address) as api:
            person = await api.person()
            for _ in range(250):
                api.context.flows.ring(person.id, person.id)
            assert api.context.flows.pending == 200
