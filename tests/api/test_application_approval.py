"""Approval: of exactly what was shown, once, undone by a cancel until the fence, and told truthfully."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from models.answering_enums import LogKind
from models.application import Application, application_locked
from models.application_log import LogEntry, log_of
from models.base import now
from models.enums import Actor, ApplicationState
from models.question import Question
from tests.api.application_scene import add_question, seal_of, shown_hash
from tests.api.applied import put
from tests.api.client import PATIENCE, Api, ApiAt, Person, assert_problem, somebody_waits
from tests.api.working import become, begin, read_form, working
from workflows.ids import auto_apply_id
from workflows.wire import connect

S = ApplicationState


async def awaiting(api: Api, person: Person) -> tuple[Application, str]:
    """Bring an application to where it awaits approval; return it with the hash that is shown."""
    application, (_, licence, pay) = await read_form(api, person)
    begin(api, application)
    await become(person, application, S.NEEDS_INPUT)
    body = {
        "answers": [{"question_id": str(licence.id), "value": True}, {"question_id": str(pay.id), "value": 1}]
    }
    answer = await person.put(f"/api/applications/{application.id}/answers", json=body)
    assert answer.status_code == 200, answer.text
    detail = await become(person, application, S.AWAITING_APPROVAL)
    shown: str = detail["shown_hash"]
    return application, shown


async def entries_of(api: Api, application_id: UUID, kind: LogKind) -> list[LogEntry]:
    """Return an application's entries of a kind."""
    async with api.database.begin() as session:
        return list(await session.exec(log_of(application_id).where(LogEntry.kind == kind)))


async def answered_anew(api: Api, application: Application, answer: str) -> None:
    """Change what is shown in the database only, as an edit that its workflow has not heard of."""
    seal = await seal_of(api, application.user_id)
    async with api.database.begin() as session:
        await session.exec(application_locked(application.id))
        query = select(Question).where(Question.application_id == application.id, Question.position == 3)
        question = (await session.exec(query)).one()
        assert question.source is not None
        question.answer(answer, question.source, seal)


async def test_what_was_shown_is_approved_and_stays_unsent_for_the_undo_window(
    api_at: ApiAt, temporal_server: str
) -> None:
    async with api_at(temporal=temporal_server) as api, working(api, temporal_server):
        person = await api.applicant()
        application, shown = await awaiting(api, person)
        path = f"/api/applications/{application.id}"
        answer = await person.post(f"{path}/approve", json={"shown_hash": shown})
        assert answer.status_code == 200, answer.text
        approved = answer.json()
        assert approved["state"] == "approved"
        left = datetime.fromisoformat(approved["undo_until"]) - now()
        assert timedelta(minutes=9) < left < timedelta(minutes=11)
        assert (await person.get(path)).json()["shown_hash"] == shown
        # the undo window: a cancel wins
        assert (await person.post(f"{path}/cancel")).json()["state"] == "cancelled"
        (entry,) = await entries_of(api, application.id, LogKind.APPROVED)
        assert entry.data == {"actor": "user", "shown_hash": shown}
        client = await connect(temporal_server, "jobraker", api.context.codec)
        handle = client.get_workflow_handle(auto_apply_id(person.id, application.job_id))
        # rung, it ends at once and not at the window's end
        async with asyncio.timeout(PATIENCE):
            assert (await handle.result())["state"] == "cancelled"


async def test_approved_twice_it_is_approved_once(api_at: ApiAt, temporal_server: str) -> None:
    async with api_at(temporal=temporal_server) as api, working(api, temporal_server):
        person = await api.applicant()
        application, shown = await awaiting(api, person)
        path = f"/api/applications/{application.id}/approve"
        answers = await asyncio.gather(*(person.post(path, json={"shown_hash": shown}) for _ in range(5)))
        assert [answer.status_code for answer in answers] == [200] * 5
        assert {answer.json()["state"] for answer in answers} == {"approved"}
        assert (await person.post(path, json={"shown_hash": shown})).status_code == 200
        assert len(await entries_of(api, application.id, LogKind.APPROVED)) == 1


async def test_another_hash_is_stale_and_the_present_one_is_told(api_at: ApiAt, temporal_server: str) -> None:
    async with api_at(temporal=temporal_server) as api, working(api, temporal_server):
        person = await api.applicant()
        application, shown = await awaiting(api, person)
        path = f"/api/applications/{application.id}"
        problem = assert_problem(
            await person.post(f"{path}/approve", json={"shown_hash": "0" * 64}), 409, "stale"
        )
        assert problem["shown_hash"] == shown
        await answered_anew(api, application, "70000")
        problem = assert_problem(
            await person.post(f"{path}/approve", json={"shown_hash": shown}), 409, "stale"
        )
        assert problem["shown_hash"] == await shown_hash(api, application) != shown
        assert (await person.get(path)).json()["state"] == "awaiting_approval"
        # what is shown now is approved, although nobody has told the workflow of the edit
        answer = await person.post(f"{path}/approve", json={"shown_hash": problem["shown_hash"]})
        assert answer.status_code == 200, answer.text
        (entry,) = await entries_of(api, application.id, LogKind.APPROVED)
        assert entry.data["shown_hash"] == problem["shown_hash"]


async def test_an_edit_back_to_what_was_shown_before_can_be_approved(
    api_at: ApiAt, temporal_server: str
) -> None:
    async with api_at(temporal=temporal_server) as api, working(api, temporal_server):
        person = await api.applicant()
        application, shown = await awaiting(api, person)
        path = f"/api/applications/{application.id}"
        pay = (await person.get(path)).json()["questions"][2]["id"]
        for value in (2, 1):
            body = {"answers": [{"question_id": pay, "value": value}]}
            assert (await person.put(f"{path}/answers", json=body)).status_code == 200
        detail = (await person.get(path)).json()
        assert detail["shown_hash"] == shown
        assert (await person.post(f"{path}/approve", json={"shown_hash": shown})).status_code == 200


@pytest.mark.parametrize("state", sorted(set(S) - {S.AWAITING_APPROVAL}))
async def test_what_does_not_wait_for_approval_says_where_it_stands(api: Api, state: S) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, state)
    answer = await person.post(f"/api/applications/{application.id}/approve", json={"shown_hash": "a" * 64})
    assert assert_problem(answer, 409, "conflict")["state"] == state.value


async def test_with_temporal_away_an_approval_is_refused_for_now_and_changes_nothing(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.AWAITING_APPROVAL)
    shown = await shown_hash(api, application)
    answer = await person.post(f"/api/applications/{application.id}/approve", json={"shown_hash": shown})
    assert_problem(answer, 503, "unavailable")
    assert (await person.get(f"/api/applications/{application.id}")).json()["state"] == "awaiting_approval"


async def test_a_row_that_was_shown_before_its_workflow_knows_is_approved(
    api_at: ApiAt, temporal_server: str
) -> None:
    async with api_at(temporal=temporal_server) as api, working(api, temporal_server):
        person = await api.applicant()
        application, shown = await awaiting(api, person)
        # approved by one address, sent back by the fence: the row awaits approval and the workflow sleeps
        path = f"/api/applications/{application.id}"
        assert (await person.post(f"{path}/approve", json={"shown_hash": shown})).status_code == 200
        async with api.database.begin() as session:
            row = (await session.exec(application_locked(application.id))).one()
            session.add(row.ask(S.AWAITING_APPROVAL, 7))
        answer = await person.post(f"{path}/approve", json={"shown_hash": shown})
        assert answer.status_code == 200, answer.text
        assert answer.json()["state"] == "approved"
        assert len(await entries_of(api, application.id, LogKind.APPROVED)) == 2


async def test_an_approval_that_meets_a_cancel_says_that_nothing_is_to_be_approved(
    api_at: ApiAt, temporal_server: str
) -> None:
    async with api_at(temporal=temporal_server) as api, working(api, temporal_server):
        person = await api.applicant()
        application, shown = await awaiting(api, person)
        path = f"/api/applications/{application.id}"
        async with api.database.begin() as session:
            row = (await session.exec(application_locked(application.id))).one()
            approving = asyncio.create_task(person.post(f"{path}/approve", json={"shown_hash": shown}))
            await somebody_waits(api.database)
            session.add(row.cancel())
        problem = assert_problem(await approving, 409, "conflict")
        assert problem["state"] == "cancelled"


async def test_after_the_fence_the_approval_still_says_what_became_of_it(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.APPROVED)
    await add_question(api, application, 1)
    async with api.database.begin() as session:
        row = (await session.exec(application_locked(application.id))).one()
        row.approved_hash = "a" * 64
        session.add(row.move(S.SUBMITTING, Actor.SYSTEM))
    path = f"/api/applications/{application.id}/approve"
    answer = await person.post(path, json={"shown_hash": "a" * 64})
    assert (answer.status_code, answer.json()["state"]) == (200, "submitting")
    assert_problem(await person.post(path, json={"shown_hash": "b" * 64}), 409, "conflict")


@pytest.mark.parametrize("body", [{}, {"shown_hash": ""}, {"shown_hash": "A" * 64}, {"shown_hash": None}])
async def test_an_approval_of_nothing_is_refused(api: Api, body: dict[str, str | None]) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.AWAITING_APPROVAL)
    answer = await person.post(f"/api/applications/{application.id}/approve", json=body)
    assert_problem(answer, 422, "invalid")
