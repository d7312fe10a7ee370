"""The list of applications, its filters, orders and pages; and the jobs that were skipped."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from models.answering_enums import MatchState, SkipReason
from models.application import NEEDS_PERSON
from models.base import now
from models.enums import ApplicationState, Origin, Outcome, Stage
from models.match_row import JobMatch
from models.skipped import SENTENCES
from tests.api.applied import put
from tests.api.client import Api, Person, assert_problem, job_with, store

S = ApplicationState

Query = dict[str, Any]


async def found(person: Person, query: Query | None = None) -> list[str]:
    """Return the titles of the jobs that a list of applications names, in its order."""
    answer = await person.get("/api/applications/", params=query or {})
    assert answer.status_code == 200, answer.text
    return [item["job_title"] for item in answer.json()["items"]]


async def pages(person: Person, path: str, query: Query) -> list[list[dict[str, Any]]]:
    """Return all pages of a list."""
    shown, cursor = [], ""
    while cursor is not None:
        answer = await person.get(path, params={**query, "cursor": cursor})
        assert answer.status_code == 200, answer.text
        shown.append(answer.json()["items"])
        cursor = answer.json()["next_cursor"]
    return shown


async def test_the_list_shows_what_an_application_by_itself_shows(api: Api) -> None:
    person = await api.person()
    application = await put(api.database, person.id, S.NEEDS_INPUT, score=71, confidence=0.5)
    (listed,) = (await person.get("/api/applications/")).json()["items"]
    alone = (await person.get(f"/api/applications/{application.id}")).json()
    assert listed == {name: alone[name] for name in listed}
    assert (listed["needs_me"], listed["score"], listed["job_company"]) == (True, 71, "Acme Ltd")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["d", "c", "b", "a"]),
        ({"state": "queued"}, ["a"]),
        ({"state": ["queued", "failed"]}, ["d", "a"]),
        ({"stage": "onsite"}, ["c"]),
        ({"outcome": "rejected"}, ["c"]),
        ({"company": "SOCIETE"}, ["b"]),
        ({"company": "générale"}, ["b"]),
        ({"company": "GENERALE soc"}, ["b"]),
        ({"company": "%"}, ["d"]),
        ({"company": "acme"}, ["c", "a"]),
        ({"min_score": 70}, ["c", "b"]),
        ({"min_score": 71}, ["c"]),
        ({"origin": "sweep"}, ["b"]),
        ({"origin": "person", "state": "submitted", "company": "acme", "min_score": 1}, ["c"]),
        ({"order": "needs_me"}, ["b", "d", "c", "a"]),
        ({"order": "needs_me", "state": ["failed", "queued"]}, ["d", "a"]),
    ],
)
async def test_each_filter_finds_what_it_says(api: Api, query: Query, expected: list[str]) -> None:
    person, data = await api.person(), api.database
    await put(data, person.id, title="a")
    await put(data, person.id, S.NEEDS_INPUT, Origin.SWEEP, title="b", company="Société Générale", score=70)
    await put(data, person.id, S.SUBMITTED, title="c", score=90, stage=Stage.ONSITE, outcome=Outcome.REJECTED)
    await put(data, person.id, S.FAILED, title="d", company="100% Ltd", score=0)
    assert await found(person, query) == expected


async def test_a_span_of_time_has_its_beginning_and_not_its_end(api: Api) -> None:
    person, moment = await api.person(), now()
    for age in range(3):
        await put(api.database, person.id, title=f"{age}", created_at=moment - timedelta(days=age))
    since, until = (moment - timedelta(days=1)).isoformat(), moment.isoformat()
    assert await found(person, {"since": since}) == ["1", "0"]
    assert await found(person, {"until": until}) == ["2", "1"]
    assert await found(person, {"since": since, "until": until}) == ["1"]


async def test_pages_follow_each_other_without_gap_or_repetition_in_both_orders(api: Api) -> None:
    person = await api.person()
    states = [
        S.QUEUED,
        S.NEEDS_INPUT,
        S.SUBMITTED,
        S.UNKNOWN_OUTCOME,
        S.AWAITING_APPROVAL,
        S.FAILED,
        S.QUEUED,
    ]
    made = [await put(api.database, person.id, state) for state in states]
    newest = [str(each.id) for each in reversed(made)]
    needed = [str(each.id) for each in reversed(made) if each.state in NEEDS_PERSON]
    expected = {"newest": newest, "needs_me": [*needed, *(each for each in newest if each not in needed)]}
    for order, ids in expected.items():
        for limit in range(1, len(made) + 1):
            shown = await pages(person, "/api/applications/", {"order": order, "limit": limit})
            assert [item["id"] for page in shown for item in page] == ids
            assert {len(page) for page in shown[:-1]} <= {limit}


async def test_one_that_comes_to_need_its_person_meanwhile_is_not_shown_twice(api: Api) -> None:
    person = await api.person()
    made = [await put(api.database, person.id, state) for state in (S.QUEUED, S.QUEUED, S.NEEDS_INPUT)]
    query: Query = {"order": "needs_me", "limit": 2}
    first = (await person.get("/api/applications/", params=query)).json()
    await put(api.database, person.id, S.NEEDS_INPUT)
    rest = await person.get("/api/applications/", params={**query, "cursor": first["next_cursor"]})
    assert [item["id"] for item in first["items"]] == [str(made[2].id), str(made[1].id)]
    assert [item["id"] for item in rest.json()["items"]] == [str(made[0].id)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("state", "lost"),
        ("stage", "applied "),
        ("outcome", ""),
        ("company", "x" * 101),
        ("company", "a\0b"),
        ("min_score", "101"),
        ("min_score", "-1"),
        ("origin", "nobody"),
        ("since", "2026-01-01T00:00:00"),
        ("until", "yesterday"),
        ("order", "oldest"),
        ("limit", "0"),
        ("limit", "101"),
        ("cursor", "x"),
        ("cursor", "é"),
        ("cursor", base64.urlsafe_b64encode(b"\x03" + bytes(16)).decode()),
        # a cursor of the other order
        ("cursor", base64.urlsafe_b64encode(b"\x02" + bytes(16)).decode()),
        ("colour", "red"),
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(api: Api, name: str, value: str) -> None:
    person = await api.person()
    assert_problem(await person.get("/api/applications/", params={name: value}), 422, "invalid")


async def test_lists_are_their_persons_alone(api: Api) -> None:
    owner, other = await api.person(), await api.person()
    await put(api.database, owner.id)
    job = job_with()
    match = JobMatch(user_id=owner.id, job_id=job.id, state=MatchState.SKIPPED, reason=SkipReason.TOO_OLD)
    await store(api.database, job, match)
    assert await found(other) == []
    assert (await other.get("/api/applications/skipped")).json()["items"] == []
    for path in ("", "skipped", "counters"):
        assert_problem(await api.http.get(f"/api/applications/{path}"), 401, "unauthenticated")


async def test_a_skipped_job_says_why_in_a_word_and_in_a_sentence(api: Api) -> None:
    person, job = await api.person(), job_with(title="Welder", company=None)
    await store(
        api.database,
        job,
        JobMatch(
            user_id=person.id,
            job_id=job.id,
            state=MatchState.SKIPPED,
            reason=SkipReason.SCORE_TOO_LOW,
            score=41,
            confidence=0.75,
        ),
    )
    (item,) = (await person.get("/api/applications/skipped")).json()["items"]
    assert item.pop("skipped_at")
    assert item == {
        "job_id": str(job.id),
        "job_title": "Welder",
        "job_company": None,
        "reason": "score_too_low",
        "text": SENTENCES[SkipReason.SCORE_TOO_LOW],
        "score": 41,
        "confidence": 0.75,
    }


async def test_every_reason_for_skipping_has_a_sentence() -> None:
    assert SENTENCES.keys() == set(SkipReason)
    assert len(set(SENTENCES.values())) == len(SkipReason)


async def test_skipped_jobs_come_page_by_page_the_latest_first_and_by_reason(api: Api) -> None:
    person, moment = await api.person(), now()
    expected = []
    for number in range(7):
        job = job_with()
        # a sweep skips many at one moment, so that the job must decide
        skipped_at = moment - timedelta(hours=number // 3)
        reason = SkipReason.TOO_OLD if number % 2 else SkipReason.DAILY_CAP
        match = JobMatch(
            user_id=person.id, job_id=job.id, state=MatchState.SKIPPED, reason=reason, updated_at=skipped_at
        )
        await store(api.database, job, match)
        expected.append((skipped_at, str(job.id)))
    other = job_with()
    await store(api.database, other, JobMatch(user_id=person.id, job_id=other.id))
    shown = await pages(person, "/api/applications/skipped", {"limit": 2})
    assert [item["job_id"] for page in shown for item in page] == [
        job for _, job in sorted(expected, reverse=True)
    ]
    too_old = (await person.get("/api/applications/skipped", params={"reason": "too_old"})).json()["items"]
    assert [item["reason"] for item in too_old] == ["too_old"] * 3
    both = await person.get("/api/applications/skipped?reason=too_old&reason=daily_cap")
    assert len(both.json()["items"]) == 7


async def test_what_is_left_for_tomorrow_is_told_and_what_waits_for_its_turn_is_not(api: Api) -> None:
    person, left, waiting = await api.person(), job_with(), job_with()
    await store(
        api.database,
        left,
        waiting,
        JobMatch(user_id=person.id, job_id=left.id, reason=SkipReason.DAILY_CAP),
        JobMatch(user_id=person.id, job_id=waiting.id),
    )
    items = (await person.get("/api/applications/skipped")).json()["items"]
    assert [(item["job_id"], item["reason"]) for item in items] == [(str(left.id), "daily_cap")]
