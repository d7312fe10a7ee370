"""Applications: asked for once and within the person's own caps, taken back in time, tried again."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from models.application import NEVER_SENT, Application, application_locked
from models.application_log import LogEntry, broken_at
from models.base import now
from models.enums import Actor, ApplicationState, AutomationMode
from models.event import Event
from models.job import Job
from models.match.score import match
from models.profile import profile_of
from tests.api.applied import put
from tests.api.client import Api, Person, assert_problem, job_with, somebody_waits, store

S = ApplicationState


async def applied(person: Person, job: Job, **body: str) -> dict[str, Any]:
    """Ask for an application that is taken, and return it."""
    answer = await person.post("/api/applications/", json={"job_id": str(job.id), **body})
    assert answer.status_code == 202, answer.text
    application: dict[str, Any] = answer.json()
    return application


async def test_an_application_is_queued_with_its_entry_and_its_event(api: Api) -> None:
    person = await api.applicant()
    job = job_with()
    await store(api.database, job)
    application = await applied(person, job)
    assert application["state"] == "queued"
    assert application["origin"] == "person"
    assert (application["job_title"], application["job_company"]) == (job.title, job.company)
    async with api.database.begin() as session:
        row = (await session.exec(select(Application))).one()
        entry = (await session.exec(select(LogEntry))).one()
        event = (await session.exec(select(Event).where(Event.kind == "application.changed"))).one()
    assert (str(row.id), row.user_id, row.job_id) == (application["id"], person.id, job.id)
    assert entry.data == {"from": None, "to": "queued", "actor": "user", "reason": None}
    assert broken_at([entry]) is None
    assert event.subject_id == row.id
    assert event.data == {"state": "queued", "reason": None}


@pytest.mark.parametrize(
    ("profile", "asked", "mode"),
    [
        ("off", None, "review"),
        ("review", None, "review"),
        ("auto", None, "auto"),
        ("auto", "review", "review"),
        ("off", "auto", "auto"),
        ("auto", "off", "review"),
    ],
)
async def test_an_application_is_handled_as_asked_or_as_the_profile_says(
    api: Api, profile: str, asked: str | None, mode: str
) -> None:
    person = await api.applicant()
    await person.patch("/api/profile/", json={"automation_mode": profile})
    job = job_with()
    await store(api.database, job)
    application = await applied(person, job, **({"mode": asked} if asked else {}))
    assert application["mode"] == mode


async def test_an_application_that_was_asked_for_has_its_score_too(api: Api) -> None:
    person = await api.applicant()
    wishes = {"titles": ["Platform Engineer"], "skills": ["Python"], "blocked_companies": ["Unwanted Ltd"]}
    changed = await person.patch("/api/profile/", json={"preferences": wishes})
    assert changed.status_code == 200, changed.text
    fitting = job_with(title="Platform Engineer", description="We use Python.", company="Wanted Ltd")
    other = job_with(title="Nurse", description="On nights.", company="Clinic Ltd")
    blocked = job_with(title="Platform Engineer", company="Unwanted Ltd")
    await store(api.database, fitting, other, blocked)
    await person.patch("/api/profile/", json={"automation": {"company_cap": 5}})
    scores = [(await applied(person, job))["score"] for job in (fitting, other, blocked)]
    assert scores[0] > scores[1] >= 0
    assert scores[2] is None
    async with api.database.begin() as session:
        rows = {row.job_id: row for row in (await session.exec(select(Application))).all()}
        profile = (await session.exec(profile_of(person.id))).one()
    found = match(profile.read_preferences(), profile.read_automation(), fitting, now())
    assert (rows[fitting.id].score, rows[fitting.id].confidence) == (found.score, found.confidence)
    assert (rows[blocked.id].score, rows[blocked.id].confidence) == (None, None)


async def test_a_second_application_to_the_job_names_the_first(api: Api) -> None:
    person = await api.applicant()
    job, elsewhere = job_with(fingerprint="same"), job_with(fingerprint="same")
    same_form = job_with(url=f"{job.url}?utm_source=elsewhere")
    await store(api.database, job, elsewhere, same_form)
    first = await applied(person, job)
    for again in (job, elsewhere, same_form):
        answer = await person.post("/api/applications/", json={"job_id": str(again.id)})
        assert assert_problem(answer, 409, "already-exists")["application_id"] == first["id"]


@pytest.mark.parametrize("state", list(S))
async def test_only_what_was_never_sent_lets_a_new_application_begin(api: Api, state: S) -> None:
    person = await api.applicant()
    standing = await put(api.database, person.id, state)
    answer = await person.post("/api/applications/", json={"job_id": str(standing.job_id)})
    if state in NEVER_SENT:
        assert answer.status_code == 202
    else:
        assert assert_problem(answer, 409, "already-exists")["application_id"] == str(standing.id)


async def test_of_many_applications_at_once_one_is_taken(api: Api) -> None:
    person = await api.applicant()
    await person.patch("/api/profile/", json={"daily_cap": 1, "automation": {"company_cap": 1}})
    job = job_with()
    await store(api.database, job)
    body = {"job_id": str(job.id)}
    answers = await asyncio.gather(*(person.post("/api/applications/", json=body) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 7
    (taken,) = (answer.json()["id"] for answer in answers if answer.status_code == 202)
    for answer in answers:
        # the second one is told of the first, and not of the cap which that one has used up
        if answer.status_code == 409:
            assert assert_problem(answer, 409, "already-exists")["application_id"] == taken


async def test_the_daily_cap_says_when_it_is_free_again(api: Api) -> None:
    person = await api.applicant()
    await person.patch("/api/profile/", json={"daily_cap": 2})
    first = await put(api.database, person.id, created_at=now() - timedelta(hours=20))
    await put(api.database, person.id, created_at=now() - timedelta(hours=3))
    await put(api.database, person.id, S.CANCELLED)
    job = job_with()
    await store(api.database, job)
    answer = await person.post("/api/applications/", json={"job_id": str(job.id)})
    problem = assert_problem(answer, 409, "cap-reached")
    assert problem["cap"] == "daily_cap"
    assert datetime.fromisoformat(problem["free_at"]) == first.created_at + timedelta(hours=24)


async def test_applications_at_once_do_not_pass_the_cap(api: Api) -> None:
    person = await api.applicant()
    await person.patch("/api/profile/", json={"daily_cap": 3})
    jobs = [job_with() for _ in range(8)]
    await store(api.database, *jobs)
    answers = await asyncio.gather(
        *(person.post("/api/applications/", json={"job_id": str(job.id)}) for job in jobs)
    )
    assert sorted(answer.status_code for answer in answers) == [202] * 3 + [409] * 5


async def test_a_company_has_a_cap_of_its_own_and_zero_is_never_free(api: Api) -> None:
    person = await api.applicant()
    await person.patch("/api/profile/", json={"automation": {"company_cap": 1}})
    await put(api.database, person.id, S.SUBMITTED, company="Acme GmbH", fingerprint="a")
    job, other = job_with(company="ACME Ltd"), job_with(company="Other")
    await store(api.database, job, other)
    answer = await person.post("/api/applications/", json={"job_id": str(job.id)})
    assert assert_problem(answer, 409, "cap-reached")["cap"] == "company_cap"
    assert (await person.post("/api/applications/", json={"job_id": str(other.id)})).status_code == 202
    await person.patch("/api/profile/", json={"daily_cap": 0})
    third = job_with(company="Third")
    await store(api.database, third)
    problem = assert_problem(
        await person.post("/api/applications/", json={"job_id": str(third.id)}), 409, "cap-reached"
    )
    assert (problem["cap"], problem["free_at"]) == ("daily_cap", None)


async def test_what_may_be_the_same_job_is_told_and_not_refused(api: Api) -> None:
    person = await api.applicant()
    earlier = await put(api.database, person.id, S.SUBMITTED, title="Senior Python engineer")
    job = job_with(title="Python engineer")
    await store(api.database, job)
    assert (await applied(person, job))["near_duplicate_of"] == str(earlier.id)


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


@pytest.mark.parametrize("state", [S.SUBMITTING, S.CONFIRMING, S.SUBMITTED, S.UNKNOWN_OUTCOME])
async def test_behind_the_fence_it_is_too_late_to_cancel(api: Api, state: S) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, state)
    answer = await person.post(f"/api/applications/{application.id}/cancel")
    assert_problem(answer, 409, "too-late")
    assert (await person.get(f"/api/applications/{application.id}")).json()["state"] == state.value


async def test_a_cancel_that_meets_the_fence_waits_and_tells_the_truth(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.APPROVED)
    async with api.database.begin() as session:
        row = (await session.exec(application_locked(application.id))).one()
        cancelling = asyncio.create_task(person.post(f"/api/applications/{application.id}/cancel"))
        await somebody_waits(api.database)
        session.add(row.move(S.SUBMITTING, Actor.SYSTEM))
    assert_problem(await cancelling, 409, "too-late")


async def test_a_fence_that_meets_a_cancel_finds_it(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.APPROVED)
    assert (await person.post(f"/api/applications/{application.id}/cancel")).status_code == 200
    async with api.database.begin() as session:
        row = (await session.exec(application_locked(application.id))).one()
        assert row.state is S.CANCELLED


async def test_what_awaits_approval_can_be_declined_and_nothing_else(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.AWAITING_APPROVAL)
    answer = await person.post(f"/api/applications/{application.id}/decline")
    assert (answer.json()["state"], answer.json()["reason"]) == ("declined", "declined_by_user")
    for state in (S.PREPARING, S.APPROVED, S.SUBMITTING, S.SUBMITTED):
        other = await put(api.database, person.id, state)
        answer = await person.post(f"/api/applications/{other.id}/decline")
        assert_problem(answer, 409, "illegal-move")


async def test_a_retry_asks_anew_in_the_same_mode(api: Api) -> None:
    person = await api.applicant()
    failed = await put(api.database, person.id, S.FAILED, mode=AutomationMode.AUTO)
    answer = await person.post(f"/api/applications/{failed.id}/retry")
    assert answer.status_code == 202, answer.text
    again = answer.json()
    assert again["id"] != str(failed.id)
    assert (again["job_id"], again["mode"], again["state"]) == (str(failed.job_id), "auto", "queued")
    # the new one now stands in the way of another
    answer = await person.post(f"/api/applications/{failed.id}/retry")
    assert assert_problem(answer, 409, "already-exists")["application_id"] == again["id"]


@pytest.mark.parametrize("state", sorted(set(S) - NEVER_SENT))
async def test_no_way_back_leads_past_an_application_that_may_be_with_the_employer(
    api: Api, state: S
) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, state)
    problem = assert_problem(await person.post(f"/api/applications/{application.id}/retry"), 409, "conflict")
    assert problem["state"] == state.value
    async with api.database.begin() as session:
        assert len((await session.exec(select(Application))).all()) == 1


async def test_retries_at_once_make_one_application(api: Api) -> None:
    person = await api.applicant()
    failed = await put(api.database, person.id, S.NOT_SUBMITTED)
    answers = await asyncio.gather(*(person.post(f"/api/applications/{failed.id}/retry") for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 5


async def test_another_persons_application_is_not_there_whatever_is_asked(api: Api) -> None:
    owner, other = await api.applicant(), await api.applicant()
    application = await put(api.database, owner.id, S.AWAITING_APPROVAL)
    path = f"/api/applications/{application.id}"
    answers = [
        await other.get(path),
        *[await other.post(f"{path}/{act}") for act in ("cancel", "decline", "retry")],
        await other.post(f"{path}/approve", json={"shown_hash": "0" * 64}),
        await other.post(f"{path}/settle", json={"went_through": True}),
        await other.put(f"{path}/answers", json={"answers": [{"question_id": str(uuid4()), "value": "x"}]}),
        await other.patch(f"{path}/progress", json={"stage": "offer"}),
        await other.post(f"{path}/interviews", json={"at": now().isoformat(), "stage": "onsite"}),
        await other.get(f"{path}/evidence"),
        await other.get(f"{path}/evidence.zip"),
        await other.get(f"{path}/evidence/{uuid4()}"),
    ]
    for answer in answers:
        assert_problem(answer, 404, "not-found")
    async with api.database.begin() as session:
        row = await session.get_one(Application, UUID(str(application.id)))
    assert row.state is S.AWAITING_APPROVAL
