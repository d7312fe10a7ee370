"""Applications: asked for once, listed, looked at with their proof, and cancelled in time."""

import asyncio
import json
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from models.account import Account
from models.application import Application, Attempt, Evidence, Transition
from models.base import now
from models.enums import Actor, ApplicationState, EndReason
from models.event import Event
from models.job import Job
from models.sealed import place_of
from tests.api.client import Api, Person, assert_problem, job_with, store

S = ApplicationState
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


async def applied(person: Person, job: Job) -> dict[str, str]:
    """Ask for an application that is taken, and return it."""
    answer = await person.post("/api/applications/", json={"job_id": str(job.id)})
    assert answer.status_code == 202, answer.text
    application: dict[str, str] = answer.json()
    return application


async def moved(api: Api, application_id: str, *states: ApplicationState) -> None:
    """Take an application through these states."""
    async with api.database.begin() as session:
        application = await session.get_one(Application, UUID(application_id))
        for state in states:
            session.add(application.move(state, Actor.SYSTEM))
            await session.flush()


async def test_an_application_is_queued_with_its_move_and_its_event(api: Api) -> None:
    person = await api.applicant()
    job = job_with()
    await store(api.database, job)
    application = await applied(person, job)
    assert application["state"] == "queued"
    assert application["origin"] == "person"
    assert (application["job_title"], application["job_company"]) == (job.title, job.company)
    async with api.database.begin() as session:
        row = (await session.exec(select(Application))).one()
        transition = (await session.exec(select(Transition))).one()
        event = (await session.exec(select(Event).where(Event.kind == "application.changed"))).one()
    assert (str(row.id), row.user_id, row.job_id) == (application["id"], person.id, job.id)
    assert (transition.from_state, transition.to_state, transition.actor) == (None, S.QUEUED, Actor.USER)
    assert event.subject_id == row.id
    assert event.data == {"state": "queued", "reason": None}


async def test_a_second_application_to_the_job_names_the_first(api: Api) -> None:
    person = await api.applicant()
    job, elsewhere = job_with(fingerprint="same"), job_with(fingerprint="same")
    await store(api.database, job, elsewhere)
    first = await applied(person, job)
    for again in (job, elsewhere):
        answer = await person.post("/api/applications/", json={"job_id": str(again.id)})
        assert assert_problem(answer, 409, "already-exists")["application_id"] == first["id"]


async def test_of_many_applications_at_once_one_is_taken(api: Api) -> None:
    person = await api.applicant()
    job = job_with()
    await store(api.database, job)
    body = {"job_id": str(job.id)}
    answers = await asyncio.gather(*(person.post("/api/applications/", json=body) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 7
    async with api.database.begin() as session:
        assert len((await session.exec(select(Application))).all()) == 1
        assert len((await session.exec(select(Transition))).all()) == 1


async def test_what_never_reached_the_employer_may_be_tried_again(api: Api) -> None:
    person = await api.applicant()
    job = job_with()
    await store(api.database, job)
    first = await applied(person, job)
    assert (await person.post(f"/api/applications/{first['id']}/cancel")).status_code == 200
    assert (await applied(person, job))["id"] != first["id"]


async def test_an_incomplete_profile_is_told_what_it_lacks(api: Api) -> None:
    person = await api.person()
    job = job_with()
    await store(api.database, job)
    answer = await person.post("/api/applications/", json={"job_id": str(job.id)})
    assert assert_problem(answer, 422, "incomplete")["missing"] == ["identity", "resume"]


async def test_a_job_that_is_unknown_or_expired_is_refused(api: Api) -> None:
    person = await api.applicant()
    job = job_with(expired_at=now())
    await store(api.database, job)
    answer = await person.post("/api/applications/", json={"job_id": str(job.id)})
    assert_problem(answer, 409, "job-expired")
    answer = await person.post("/api/applications/", json={"job_id": str(uuid4())})
    assert_problem(answer, 404, "not-found")


async def test_applications_are_listed_the_newest_first_by_state_and_page(api: Api) -> None:
    person = await api.applicant()
    jobs = [job_with(title=f"{n}") for n in range(5)]
    await store(api.database, *jobs)
    made = [await applied(person, job) for job in jobs]
    await moved(api, made[2]["id"], S.PREPARING)
    first = (await person.get("/api/applications/", params={"limit": 2})).json()
    assert [each["job_title"] for each in first["items"]] == ["4", "3"]
    rest = (await person.get("/api/applications/", params={"cursor": first["next_cursor"]})).json()
    assert [each["job_title"] for each in rest["items"]] == ["2", "1", "0"]
    assert rest["next_cursor"] is None
    preparing = (await person.get("/api/applications/", params={"state": "preparing"})).json()
    assert [each["id"] for each in preparing["items"]] == [made[2]["id"]]


async def test_a_cancelled_application_says_so_in_its_moves(api: Api) -> None:
    person = await api.applicant()
    job = job_with()
    await store(api.database, job)
    application = await applied(person, job)
    answer = await person.post(f"/api/applications/{application['id']}/cancel")
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["reason"]) == ("cancelled", "cancelled_by_user")
    detail = (await person.get(f"/api/applications/{application['id']}")).json()
    assert [(move["from_state"], move["to_state"], move["actor"]) for move in detail["transitions"]] == [
        (None, "queued", "user"),
        ("queued", "cancelled", "user"),
    ]
    again = await person.post(f"/api/applications/{application['id']}/cancel")
    assert_problem(again, 409, "illegal-move")


@pytest.mark.parametrize(
    "states", [(S.PREPARING, S.APPROVED, S.SUBMITTING), (S.PREPARING, S.APPROVED, S.SUBMITTING, S.CONFIRMING)]
)
async def test_behind_the_fence_it_is_too_late_to_cancel(
    api: Api, states: tuple[ApplicationState, ...]
) -> None:
    person = await api.applicant()
    job = job_with()
    await store(api.database, job)
    application = await applied(person, job)
    await moved(api, application["id"], *states)
    answer = await person.post(f"/api/applications/{application['id']}/cancel")
    assert_problem(answer, 409, "too-late")
    shown = (await person.get(f"/api/applications/{application['id']}")).json()
    assert shown["state"] == states[-1].value


async def proven(api: Api, person: Person, application_id: str) -> tuple[Attempt, Evidence]:
    """Give an application an attempt with a run, a confirmation and a screenshot."""
    async with api.database.begin() as session:
        seal = (await session.get_one(Account, person.id)).seal(api.context.keys)
        application = await session.get_one(Application, UUID(application_id))
        place = place_of("application", "confirmation_sealed", application.id)
        application.confirmation_sealed = seal.seal_text("CONF-123", place)
        attempt = Attempt(
            application_id=application.id,
            user_id=person.id,
            number=1,
            attempt_key=f"{application.id}-1",
            account_hash="h",
            vendor_workflow_id="wpid_1",
            file_id="file_1",
            run_id="wr_1",
            payload_sealed=b"",
        )
        place = place_of("submit_attempt", "payload_sealed", attempt.id)
        attempt.payload_sealed = seal.seal_text(json.dumps({"applicant": {"name": "Ada"}}), place)
        evidence = Evidence(
            application_id=application.id,
            user_id=person.id,
            artifact_id="a_1",
            media_type="image/png",
            sha256="s",
            size=len(PNG),
            content_sealed=b"",
        )
        evidence.content_sealed = seal.seal(PNG, place_of("evidence", "content_sealed", evidence.id))
        session.add(attempt)
        session.add(evidence)
        await session.flush()
    return attempt, evidence


async def test_an_application_is_shown_with_its_proof(api: Api) -> None:
    person = await api.applicant()
    job = job_with()
    await store(api.database, job)
    application = await applied(person, job)
    _, evidence = await proven(api, person, application["id"])
    detail = (await person.get(f"/api/applications/{application['id']}")).json()
    assert detail["confirmation"] == "CONF-123"
    assert detail["run_id"] == "wr_1"
    assert detail["sent"] == {"applicant": {"name": "Ada"}}
    (shown,) = detail["evidence"]
    assert shown["size"] == len(PNG)
    image = await person.get(shown["url"])
    assert image.status_code == 200
    assert image.content == PNG
    assert image.headers["content-type"] == "image/png"
    assert image.headers["cache-control"].startswith("private")
    assert shown["id"] == str(evidence.id)


async def test_a_picture_that_claims_to_be_a_page_is_not_served_as_one(api: Api) -> None:
    person = await api.applicant()
    job = job_with()
    await store(api.database, job)
    application = await applied(person, job)
    _, evidence = await proven(api, person, application["id"])
    async with api.database.begin() as session:
        (await session.get_one(Evidence, evidence.id)).media_type = "text/html"
    image = await person.get(f"/api/applications/{application['id']}/evidence/{evidence.id}")
    assert image.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in image.headers["content-security-policy"]


async def test_another_persons_application_is_not_there(api: Api) -> None:
    owner, other = await api.applicant(), await api.applicant()
    job = job_with()
    await store(api.database, job)
    application = await applied(owner, job)
    _, evidence = await proven(api, owner, application["id"])
    path = f"/api/applications/{application['id']}"
    assert (await other.get("/api/applications/")).json()["items"] == []
    for answer in (
        await other.get(path),
        await other.post(f"{path}/cancel"),
        await other.get(f"{path}/evidence/{evidence.id}"),
    ):
        assert_problem(answer, 404, "not-found")
    mine = await applied(other, job)
    # an own application does not open a foreign picture
    foreign = await other.get(f"/api/applications/{mine['id']}/evidence/{evidence.id}")
    assert_problem(foreign, 404, "not-found")


async def test_a_failure_says_why(api: Api) -> None:
    person = await api.applicant()
    job = job_with()
    await store(api.database, job)
    application = await applied(person, job)
    async with api.database.begin() as session:
        row = await session.get_one(Application, UUID(application["id"]))
        session.add(row.move(S.FAILED, Actor.SYSTEM, EndReason.PROVIDER_ERROR, retryable=True))
    detail = (await person.get(f"/api/applications/{application['id']}")).json()
    assert (detail["state"], detail["reason"], detail["retryable"]) == ("failed", "provider_error", True)
    assert (detail["sent"], detail["confirmation"], detail["evidence"]) == (None, None, [])
