"""What follows: unknown outcomes settled by the person, stages, outcomes, notes and interviews."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from models.answering_enums import LogKind
from models.application import Application, Attempt
from models.application_log import broken_at, log_of
from models.enums import ApplicationState, AttemptState, Stage
from models.event import Event
from models.interview import Interview
from tests.api.application_scene import add_attempt
from tests.api.applied import put
from tests.api.client import Api, Person, assert_problem

S = ApplicationState
AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def path_of(application: Application, rest: str = "") -> str:
    """Return an application's address."""
    return f"/api/applications/{application.id}{rest}"


async def row_of(api: Api, application: Application) -> Application:
    """Return an application as it is stored now."""
    async with api.database.begin() as session:
        return await session.get_one(Application, application.id)


async def interview(person: Person, application: Application, **values: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    """Note an interview."""
    body = {"at": AT.isoformat(), "stage": "recruiter_screen", "notes": "Ask about pay", **values}
    answer = await person.post(path_of(application, "/interviews"), json=body)
    assert answer.status_code == 201, answer.text
    noted: dict[str, Any] = answer.json()
    return noted


@pytest.mark.parametrize(
    ("went_through", "state", "attempt_state"),
    [(True, S.SUBMITTED, AttemptState.ENDED), (False, S.NOT_SUBMITTED, AttemptState.ABSENT)],
)
async def test_an_unknown_outcome_is_settled_by_its_person(
    api: Api, went_through: bool, state: S, attempt_state: AttemptState
) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.UNKNOWN_OUTCOME)
    absent = await add_attempt(api, application, number=1, state=AttemptState.ABSENT, run_id=None)
    attempt = await add_attempt(api, application, number=2, state=AttemptState.RUNNING)
    answer = await person.post(path_of(application, "/settle"), json={"went_through": went_through})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["state"], answer.json()["reason"]) == (state.value, "settled_by_user")
    assert answer.json()["stage"] == ("applied" if went_through else None)
    async with api.database.begin() as session:
        assert (await session.get_one(Attempt, attempt.id)).state is attempt_state
        assert (await session.get_one(Attempt, absent.id)).state is AttemptState.ABSENT
        entries = (await session.exec(log_of(application.id))).all()
        events = (await session.exec(select(Event).where(Event.subject_id == application.id))).all()
    assert broken_at(entries) is None
    assert [entry.kind for entry in entries][-2:] == [LogKind.ATTEMPT_SETTLED, LogKind.MOVED]
    assert entries[-1].data["actor"] == "user"
    assert [event.data["state"] for event in events] == [state.value]


async def test_only_what_did_not_go_through_can_be_tried_again(api: Api) -> None:
    person = await api.applicant()
    for went_through, status in ((True, 409), (False, 202)):
        application = await put(api.database, person.id, S.UNKNOWN_OUTCOME)
        await add_attempt(api, application)
        assert_problem(await person.post(path_of(application, "/retry")), 409, "conflict")
        await person.post(path_of(application, "/settle"), json={"went_through": went_through})
        assert (await person.post(path_of(application, "/retry"))).status_code == status
        body = {"job_id": str(application.job_id)}
        # refused either way: by the settled one, or by the one that was tried again
        assert_problem(await person.post("/api/applications/", json=body), 409, "already-exists")


@pytest.mark.parametrize("state", sorted(set(S) - {S.UNKNOWN_OUTCOME}))
async def test_what_is_known_cannot_be_settled_otherwise(api: Api, state: S) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, state)
    answer = await person.post(path_of(application, "/settle"), json={"went_through": False})
    assert assert_problem(answer, 409, "conflict")["state"] == state.value
    assert (await row_of(api, application)).state is state


async def test_of_two_that_settle_at_once_one_is_told_that_it_is_known(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.UNKNOWN_OUTCOME)
    path = path_of(application, "/settle")
    answers = await asyncio.gather(
        *(person.post(path, json={"went_through": each}) for each in (True, False, True, False))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    (settled,) = (answer.json()["state"] for answer in answers if answer.status_code == 200)
    assert (await row_of(api, application)).state == settled


async def test_stage_outcome_and_notes_are_noted_apart_and_logged_without_words(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.SUBMITTED, stage=Stage.APPLIED)
    path = path_of(application, "/progress")
    answer = await person.patch(path, json={"notes": "Met Charles at the fair"})
    assert answer.status_code == 200, answer.text
    assert (await row_of(api, application)).progress_at is None
    answer = await person.patch(path, json={"stage": "technical_interview"})
    assert (answer.json()["stage"], answer.json()["outcome"]) == ("technical_interview", None)
    answer = await person.patch(path, json={"outcome": "rejected"})
    assert (answer.json()["stage"], answer.json()["outcome"]) == ("technical_interview", "rejected")
    row = await row_of(api, application)
    assert row.progress_at is not None
    assert row.notes_sealed is not None
    assert b"Charles" not in row.notes_sealed
    detail = (await person.get(path_of(application))).json()
    assert detail["notes"] == "Met Charles at the fair"
    answer = await person.patch(path, json={"outcome": None, "notes": None})
    assert answer.json()["outcome"] is None
    assert (await person.get(path_of(application))).json()["notes"] is None
    async with api.database.begin() as session:
        entries = (await session.exec(log_of(application.id))).all()
    assert broken_at(entries) is None
    assert [entry.kind for entry in entries[1:]] == [LogKind.PROGRESS_SET] * 4
    assert "Charles" not in str([entry.data for entry in entries])


@pytest.mark.parametrize("state", sorted(set(S) - {S.SUBMITTED}))
async def test_a_failure_cannot_be_noted_as_a_rejection(api: Api, state: S) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, state)
    answer = await person.patch(path_of(application, "/progress"), json={"outcome": "rejected"})
    assert assert_problem(answer, 409, "conflict")["state"] == state.value
    body = {"at": AT.isoformat(), "stage": "onsite"}
    assert_problem(await person.post(path_of(application, "/interviews"), json=body), 409, "conflict")
    assert (await row_of(api, application)).outcome is None


@pytest.mark.parametrize(
    "body", [{}, {"stage": None}, {"stage": "hired"}, {"outcome": "failed"}, {"notes": "x" * 20_001}]
)
async def test_progress_that_says_nothing_or_too_much_is_refused(api: Api, body: dict[str, str]) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.SUBMITTED)
    assert_problem(await person.patch(path_of(application, "/progress"), json=body), 422, "invalid")


async def test_interviews_are_noted_changed_and_deleted(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.SUBMITTED)
    later = await interview(person, application, at="2026-12-09T10:00:00+02:00", stage="onsite", notes=None)
    first = await interview(person, application)
    shown = (await person.get(path_of(application))).json()["interviews"]
    assert [each["id"] for each in shown] == [first["id"], later["id"]]
    assert (shown[0]["notes"], shown[1]["notes"]) == ("Ask about pay", None)
    assert datetime.fromisoformat(shown[1]["at"]) == datetime(2026, 12, 9, 8, tzinfo=UTC)
    one = path_of(application, f"/interviews/{first['id']}")
    changed = (await person.patch(one, json={"stage": "assessment"})).json()
    assert changed == {**first, "stage": "assessment"}
    assert (await person.patch(one, json={"notes": None})).json()["notes"] is None
    async with api.database.begin() as session:
        rows = (await session.exec(select(Interview))).all()
    assert all(row.notes_sealed is None for row in rows)
    assert (await person.request("DELETE", one)).status_code == 204
    assert_problem(await person.request("DELETE", one), 404, "not-found")
    assert [each["id"] for each in (await person.get(path_of(application))).json()["interviews"]] == [
        later["id"]
    ]


@pytest.mark.parametrize("body", [{}, {"at": None}, {"stage": None}, {"at": "2026-12-01T09:30:00"}])
async def test_a_change_of_an_interview_that_says_nothing_is_refused(api: Api, body: dict[str, str]) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.SUBMITTED)
    noted = await interview(person, application)
    answer = await person.patch(path_of(application, f"/interviews/{noted['id']}"), json=body)
    assert_problem(answer, 422, "invalid")


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2200-01-01T00:00:00Z"]
)
async def test_an_interview_is_in_a_year_that_can_be_read_again(api: Api, at: str) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.SUBMITTED)
    body = {"at": at, "stage": "onsite"}
    assert_problem(await person.post(path_of(application, "/interviews"), json=body), 422, "invalid")
    noted = await interview(person, application)
    path = path_of(application, f"/interviews/{noted['id']}")
    assert_problem(await person.patch(path, json={"at": at}), 422, "invalid")
    assert (await person.get(path_of(application))).json()["interviews"] == [noted]


async def test_an_interview_of_another_application_is_not_there(api: Api) -> None:
    owner, other = await api.applicant(), await api.applicant()
    application, second = [await put(api.database, owner.id, S.SUBMITTED) for _ in range(2)]
    mine = await put(api.database, other.id, S.SUBMITTED)
    noted = await interview(owner, application)
    for person, wrong in ((owner, second), (other, mine), (other, application)):
        path = path_of(wrong, f"/interviews/{noted['id']}")
        assert_problem(await person.patch(path, json={"stage": "offer"}), 404, "not-found")
        assert_problem(await person.request("DELETE", path), 404, "not-found")
    assert_problem(
        await owner.patch(path_of(application, f"/interviews/{uuid4()}"), json={"stage": "offer"}),
        404,
        "not-found",
    )
    assert (await owner.get(path_of(application))).json()["interviews"] == [noted]


async def test_interviews_are_bounded(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.SUBMITTED)
    async with api.database.begin() as session:
        for _ in range(50):
            session.add(
                Interview(application_id=application.id, user_id=person.id, at=AT, stage=Stage.ONSITE)
            )
    body = {"at": AT.isoformat(), "stage": "onsite"}
    assert_problem(await person.post(path_of(application, "/interviews"), json=body), 409, "conflict")
