"""Many applications at once: each item has its own result, and one that fails hurts none of the others."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from models.answering_enums import LogKind
from models.application import Application, application_locked
from models.application_log import LogEntry
from models.base import now
from models.database import seal_of
from models.enums import Actor, ApplicationState
from models.shown import load_shown
from tests.api.applied import put
from tests.api.client import Api, Person, assert_problem, job_with, store

S = ApplicationState

BULK = "/api/applications/bulk"

Results = list[dict[str, Any]]


async def done(person: Person, path: str, body: dict[str, Any]) -> Results:
    """Do something in bulk and return the results."""
    answer = await person.post(f"{BULK}{path}", json=body)
    assert answer.status_code == 200, answer.text
    results: Results = answer.json()
    for result in results:
        assert (result["application"] is None) is not (result["problem"] is None)
        if result["problem"] is not None:
            assert result["problem"]["status"] == result["status"]
    return results


def told(results: Results) -> list[tuple[int, str]]:
    """Return of each result its status, and the application's state or the problem's type."""
    return [
        (each["status"], each["application"]["state"] if each["application"] else each["problem"]["type"])
        for each in results
    ]


async def test_of_many_jobs_each_is_applied_to_or_told_why_not(api: Api) -> None:
    person = await api.applicant()
    good, gone, late = job_with(company="A"), job_with(company="B", expired_at=now()), job_with(company="C")
    await store(api.database, good, gone, late)
    unknown = uuid4()
    ids = [str(each) for each in (good.id, unknown, gone.id, good.id, late.id)]
    results = await done(person, "", {"job_ids": ids, "mode": "auto"})
    # what is named twice is done once, and answered once
    assert [each["id"] for each in results] == [str(each) for each in (good.id, unknown, gone.id, late.id)]
    assert told(results) == [
        (202, "queued"),
        (404, "/problems/not-found"),
        (409, "/problems/job-expired"),
        (202, "queued"),
    ]
    assert results[0]["application"]["mode"] == "auto"
    again = await done(person, "", {"job_ids": [str(good.id)]})
    assert told(again) == [(409, "/problems/already-exists")]
    assert again[0]["problem"]["application_id"] == results[0]["application"]["id"]
    async with api.database.begin() as session:
        rows = (await session.exec(select(Application.job_id).order_by(col(Application.id)))).all()
    assert rows == [good.id, late.id]


async def test_the_first_jobs_count_first_against_the_caps(api: Api) -> None:
    person = await api.applicant()
    await person.patch("/api/profile/", json={"daily_cap": 2})
    jobs = [job_with(company=f"Company {n}") for n in range(4)]
    await store(api.database, *jobs)
    results = await done(person, "", {"job_ids": [str(job.id) for job in jobs]})
    assert told(results) == [
        (202, "queued"),
        (202, "queued"),
        (409, "/problems/cap-reached"),
        (409, "/problems/cap-reached"),
    ]


async def test_of_many_applications_each_is_cancelled_or_told_why_not(api: Api) -> None:
    person, other = await api.person(), await api.person()
    states = (S.QUEUED, S.AWAITING_APPROVAL, S.CONFIRMING, S.FAILED)
    mine = [await put(api.database, person.id, state) for state in states]
    foreign = await put(api.database, other.id)
    ids = [str(each.id) for each in (*mine, foreign)]
    assert told(await done(person, "/cancel", {"application_ids": [*ids, ids[0]]})) == [
        (200, "cancelled"),
        (200, "cancelled"),
        (409, "/problems/too-late"),
        (409, "/problems/illegal-move"),
        (404, "/problems/not-found"),
    ]
    async with api.database.begin() as session:
        assert (await session.get_one(Application, foreign.id)).state is S.QUEUED
        assert (await session.get_one(Application, mine[2].id)).state is S.CONFIRMING


async def shown_hash(api: Api, person: Person, application_id: UUID) -> str:
    """Return what an application shows."""
    async with api.database.begin() as session:
        application = await session.get_one(Application, application_id)
        seal = await seal_of(session, api.context.keys, person.id)
        return (await load_shown(session, application, seal)).hash(seal)


async def test_of_many_approvals_each_is_judged_by_what_it_was_shown(api: Api) -> None:
    person, other = await api.person(), await api.person()
    waits, queued, approved = [
        await put(api.database, person.id, state)
        for state in (S.AWAITING_APPROVAL, S.QUEUED, S.AWAITING_APPROVAL)
    ]
    foreign = await put(api.database, other.id, S.AWAITING_APPROVAL)
    right = await shown_hash(api, person, approved.id)
    async with api.database.begin() as session:
        row = (await session.exec(application_locked(approved.id))).one()
        for entry in row.approve(Actor.USER, right, 10):
            session.add(entry)
    items = [(waits, "0" * 64), (queued, "0" * 64), (approved, right), (foreign, "0" * 64), (approved, right)]
    body = {"items": [{"application_id": str(each.id), "shown_hash": shown} for each, shown in items]}
    results = await done(person, "/approve", body)
    assert told(results) == [
        (409, "/problems/stale"),
        (409, "/problems/conflict"),
        (200, "approved"),
        (404, "/problems/not-found"),
    ]
    assert results[0]["problem"]["shown_hash"] == await shown_hash(api, person, waits.id)
    async with api.database.begin() as session:
        approvals = select(LogEntry).where(LogEntry.kind == LogKind.APPROVED)
        assert len((await session.exec(approvals)).all()) == 1


async def test_an_approval_that_nobody_takes_over_is_told_as_such(api: Api) -> None:
    person = await api.person()
    waits = await put(api.database, person.id, S.AWAITING_APPROVAL)
    right = await shown_hash(api, person, waits.id)
    body = {"items": [{"application_id": str(waits.id), "shown_hash": right}]}
    assert told(await done(person, "/approve", body)) == [(503, "/problems/unavailable")]


async def test_a_fault_of_ours_with_one_leaves_the_others_as_they_are(api: Api) -> None:
    person = await api.person()
    made = [await put(api.database, person.id) for _ in range(3)]
    async with api.database.begin() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(
            "CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'broken' USING ERRCODE = 'XX000'; END $$"
        )
        await connection.exec_driver_sql(
            "CREATE TRIGGER break_one BEFORE UPDATE ON application FOR EACH ROW "
            f"WHEN (OLD.id = '{made[1].id}') EXECUTE FUNCTION break()"
        )
    results = await done(person, "/cancel", {"application_ids": [str(each.id) for each in made]})
    assert told(results) == [(200, "cancelled"), (500, "/problems/internal-error"), (200, "cancelled")]
    assert "broken" not in str(results)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", {"job_ids": []}),
        ("", {"job_ids": [str(uuid4()) for _ in range(51)]}),
        ("", {"job_ids": ["1"]}),
        ("", {"job_ids": [str(uuid4())], "mode": "always"}),
        ("", {}),
        ("/approve", {"items": []}),
        ("/approve", {"items": [{"application_id": str(uuid4())}]}),
        ("/approve", {"items": [{"application_id": str(uuid4()), "shown_hash": "x" * 65}]}),
        ("/cancel", {"application_ids": []}),
        ("/cancel", {"application_ids": None}),
    ],
    ids=range(10),
)
async def test_a_request_that_makes_no_sense_is_refused_as_a_whole(
    api: Api, path: str, body: dict[str, Any]
) -> None:
    person = await api.person()
    assert_problem(await person.post(f"{BULK}{path}", json=body), 422, "invalid")
    assert_problem(await api.http.post(f"{BULK}{path}", json=body), 401, "unauthenticated")
