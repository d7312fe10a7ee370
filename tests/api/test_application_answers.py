"""Answers that a person gives: checked, sealed, taken over by the workflow all together or not at all."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlmodel import select

from models.answer import Answer
from models.answering_enums import AnswerSource
from models.application import Application
from models.base import now
from models.enums import ApplicationState
from models.question import GivenAnswer, Question
from tests.api.application_scene import add_question
from tests.api.applied import put
from tests.api.client import PATIENCE, Api, ApiAt, Person, assert_problem
from tests.api.working import become, begin, read_form, working
from workflows.ids import auto_apply_id
from workflows.wire import connect

S = ApplicationState


async def give(person: Person, application: Application, *answers: tuple[Question, Any]) -> httpx.Response:
    """Give answers."""
    body = {"answers": [{"question_id": str(question.id), "value": value} for question, value in answers]}
    return await person.put(f"/api/applications/{application.id}/answers", json=body)


async def left(api: Api) -> list[GivenAnswer]:
    """Return the given answers that nobody has taken over."""
    async with api.database.begin() as session:
        return list(await session.exec(select(GivenAnswer)))


async def test_answers_are_taken_over_and_what_is_complete_awaits_approval(
    api_at: ApiAt, temporal_server: str
) -> None:
    async with api_at(temporal=temporal_server) as api, working(api, temporal_server):
        person = await api.applicant()
        application, (nickname, licence, pay) = await read_form(api, person)
        begin(api, application)
        await become(person, application, S.NEEDS_INPUT)
        answer = await give(person, application, (licence, True), (nickname, "Countess"))
        assert answer.status_code == 200, answer.text
        shown = {each["id"]: (each["answer"], each["source"]) for each in answer.json()["questions"]}
        assert shown[str(licence.id)] == ("Yes, I do", "person")
        assert shown[str(nickname.id)] == ("Countess", "person")
        assert shown[str(pay.id)] == (None, None)
        assert answer.json()["state"] == "needs_input"
        assert (await give(person, application, (pay, 65_000))).status_code == 200
        detail = await become(person, application, S.AWAITING_APPROVAL)
        assert [each["answer"] for each in detail["questions"]] == ["Countess", "Yes, I do", "65000"]
        assert await left(api) == []


async def test_what_is_remembered_goes_to_the_bank_and_to_other_waiting_applications(
    api_at: ApiAt, temporal_server: str
) -> None:
    async with api_at(temporal=temporal_server) as api, working(api, temporal_server):
        person = await api.applicant()
        waiting = [await read_form(api, person) for _ in range(2)]
        for application, _ in waiting:
            begin(api, application)
            await become(person, application, S.NEEDS_INPUT)
        (first, (_, licence, pay)), (second, _) = waiting
        answers = [
            {"question_id": str(each.id), "value": value, "remember": True}
            for each, value in ((licence, "No, I do not"), (pay, 70000))
        ]
        answer = await person.put(f"/api/applications/{first.id}/answers", json={"answers": answers})
        assert answer.status_code == 200, answer.text
        for application in (first, second):
            await become(person, application, S.AWAITING_APPROVAL)
        async with api.database.begin() as session:
            assert len((await session.exec(select(Answer))).all()) == 2


async def test_each_answer_that_does_not_fit_is_named_and_nothing_is_taken(
    api_at: ApiAt, temporal_server: str
) -> None:
    async with api_at(temporal=temporal_server) as api, working(api, temporal_server):
        person = await api.applicant()
        application, (nickname, licence, pay) = await read_form(api, person)
        begin(api, application)
        await become(person, application, S.NEEDS_INPUT)
        answer = await give(person, application, (nickname, "Countess"), (licence, "Perhaps"), (pay, "a lot"))
        errors = assert_problem(answer, 422, "bad-answer")["errors"]
        assert {each["question_id"] for each in errors} == {str(licence.id), str(pay.id)}
        assert "Perhaps" not in answer.text
        for wrong in ((licence, ["Yes, I do", "No, I do not"]), (licence, ""), (pay, 12_345_678), (pay, "")):
            assert_problem(await give(person, application, wrong), 422, "bad-answer")
        assert await left(api) == []
        detail = (await person.get(f"/api/applications/{application.id}")).json()
        assert [each["answer"] for each in detail["questions"]] == [None, None, None]


async def test_a_question_of_another_form_is_not_there(api: Api) -> None:
    person, other = await api.applicant(), await api.applicant()
    application, _ = await read_form(api, person)
    mine = await put(api.database, person.id, S.NEEDS_INPUT)
    theirs = await add_question(api, await put(api.database, other.id, S.NEEDS_INPUT), 1)
    second = await add_question(api, application, 9)
    for foreign in (theirs, second):
        problem = assert_problem(await give(person, mine, (foreign, "x")), 422, "bad-answer")
        assert problem["errors"] == [{"question_id": str(foreign.id), "msg": "the form has no such question"}]
    assert await left(api) == []


@pytest.mark.parametrize("state", sorted(set(S) - {S.NEEDS_INPUT, S.AWAITING_APPROVAL}))
async def test_what_does_not_wait_takes_no_answers(api: Api, state: S) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, state)
    question = await add_question(api, application, 1)
    problem = assert_problem(await give(person, application, (question, "x")), 409, "conflict")
    assert problem["state"] == state.value
    assert await left(api) == []


async def test_with_temporal_away_nothing_is_kept_and_the_answers_can_be_sent_again(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.NEEDS_INPUT)
    question = await add_question(api, application, 1)
    answer = await give(person, application, (question, "secret words"))
    assert_problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"]
    assert await left(api) == []


async def test_answers_to_an_application_whose_workflow_was_lost_start_it(
    api_at: ApiAt, temporal_server: str
) -> None:
    client = await connect(temporal_server, "jobraker")
    async with api_at(temporal=temporal_server) as api:
        person = await api.applicant()
        application = await put(api.database, person.id, S.NEEDS_INPUT)
        question = await add_question(api, application, 1, required=True)
        assert_problem(await give(person, application, (question, "x")), 503, "unavailable")
        assert await left(api) == []
        async with working(api, temporal_server), asyncio.timeout(PATIENCE):
            again = await give(person, application, (question, "x"))
            while again.status_code == 503:
                again = await give(person, application, (question, "x"))
            assert again.status_code == 200, again.text
            handle = client.get_workflow_handle(auto_apply_id(person.id, application.job_id))
            assert (await handle.describe()).workflow_type == "AutoApply"


async def test_without_a_worker_the_answers_are_withdrawn_and_a_late_update_takes_nothing(
    api_at: ApiAt, temporal_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.flows.UPDATE_SECONDS", 0.5)
    async with api_at(temporal=temporal_server) as api:
        person = await api.applicant()
        application, (nickname, licence, pay) = await read_form(api, person)
        async with working(api, temporal_server):
            begin(api, application)
            await become(person, application, S.NEEDS_INPUT)
        assert_problem(await give(person, application, (nickname, "Countess")), 503, "unavailable")
        assert await left(api) == []
        async with working(api, temporal_server):
            answer = await give(person, application, (licence, True), (pay, 1))
            assert answer.status_code == 200, answer.text
            detail = await become(person, application, S.AWAITING_APPROVAL)
        assert detail["questions"][0]["answer"] is None


async def test_answers_at_once_are_taken_one_after_the_other_or_refused(
    api_at: ApiAt, temporal_server: str
) -> None:
    async with api_at(temporal=temporal_server) as api, working(api, temporal_server):
        person = await api.applicant()
        application, (nickname, _, _) = await read_form(api, person)
        begin(api, application)
        await become(person, application, S.NEEDS_INPUT)
        names = [f"Name {number}" for number in range(6)]
        answers = await asyncio.gather(*(give(person, application, (nickname, name)) for name in names))
        taken = [name for name, answer in zip(names, answers, strict=True) if answer.status_code == 200]
        assert taken
        for answer in answers:
            if answer.status_code != 200:
                assert_problem(answer, 409, "under-way")
        detail = (await person.get(f"/api/applications/{application.id}")).json()
        assert detail["questions"][0]["answer"] in taken
        assert await left(api) == []


async def test_what_a_dead_process_left_is_replaced(api_at: ApiAt, temporal_server: str) -> None:
    async with api_at(temporal=temporal_server) as api, working(api, temporal_server):
        person = await api.applicant()
        application, (nickname, licence, _) = await read_form(api, person)
        begin(api, application)
        await become(person, application, S.NEEDS_INPUT)
        async with api.database.begin() as session:
            session.add(
                GivenAnswer(
                    question_id=nickname.id,
                    application_id=application.id,
                    user_id=person.id,
                    created_at=now() - timedelta(minutes=1),
                    value_sealed=b"of a process that died",
                )
            )
        assert (await give(person, application, (licence, "Yes, I do"))).status_code == 200
        assert await left(api) == []


async def test_an_answer_that_is_taken_away_while_it_awaits_approval_is_asked_for_again(
    api_at: ApiAt, temporal_server: str
) -> None:
    async with api_at(temporal=temporal_server) as api, working(api, temporal_server):
        person = await api.applicant()
        application, (_, licence, pay) = await read_form(api, person)
        begin(api, application)
        await become(person, application, S.NEEDS_INPUT)
        await give(person, application, (licence, True), (pay, 1))
        await become(person, application, S.AWAITING_APPROVAL)
        assert (await give(person, application, (pay, None))).status_code == 200
        detail = await become(person, application, S.NEEDS_INPUT)
        assert detail["questions"][2]["answer"] is None


async def test_given_words_are_sealed_and_in_no_history(api_at: ApiAt, temporal_server: str) -> None:
    client = await connect(temporal_server, "jobraker")
    async with api_at(temporal=temporal_server) as api, working(api, temporal_server):
        person = await api.applicant()
        application, (nickname, _, _) = await read_form(api, person)
        begin(api, application)
        await become(person, application, S.NEEDS_INPUT)
        assert (await give(person, application, (nickname, "Xylophone"))).status_code == 200
        handle = client.get_workflow_handle(auto_apply_id(person.id, application.job_id))
        assert "Xylophone" not in (await handle.fetch_history()).to_json()
        async with api.database.begin() as session:
            row = await session.get_one(Question, nickname.id)
        assert row.source is AnswerSource.PERSON
        assert row.answer_sealed is not None
        assert b"Xylophone" not in row.answer_sealed


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"answers": []},
        {"answers": [{"question_id": "x", "value": "y"}]},
        {"answers": [{"question_id": str(uuid4())}]},
        {"answers": [{"question_id": str(uuid4()), "value": {"a": 1}}]},
        {"answers": [{"question_id": str(uuid4()), "value": "x" * 20_001}]},
        {"answers": [{"question_id": str(uuid4()), "value": 10**400}]},
        {"answers": [{"question_id": "01900000-0000-7000-8000-000000000000", "value": "x"}] * 2},
    ],
)
async def test_a_body_that_cannot_be_meant_is_refused(api: Api, body: dict[str, Any]) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.NEEDS_INPUT)
    answer = await person.put(f"/api/applications/{application.id}/answers", json=body)
    assert_problem(answer, 422, "invalid")
