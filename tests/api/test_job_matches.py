"""Recommended jobs in their order with their reasons, and how one job fits the person who asks."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select, update

from models.answering_enums import MatchState, SkipReason
from models.base import now
from models.enums import ApplicationState
from models.job import Job
from models.job_mark import JobMark
from models.match.score import SCORER_VERSION
from models.match_row import JobMatch
from models.profile import Profile
from models.recommended import RecommendedCursor
from tests.api.applied import put
from tests.api.client import Api, Person, assert_problem, job_with, store

COMPONENTS: list[dict[str, Any]] = [
    {"name": "skills", "weight": 30, "score": 50, "evidence": ["python"], "missing": ["scala"]},
    {"name": "title", "weight": 20, "score": 100, "evidence": ["data", "engineer"], "missing": []},
    {"name": "pay", "weight": 10, "score": None, "evidence": [], "missing": ["your pay"]},
]


async def seeker(api: Api, **preferences: object) -> Person:
    """Register somebody who looks for data engineering, and whose matches are up to date."""
    person = await api.person()
    wanted = {"titles": ["Data Engineer"], **preferences}
    assert (await person.patch("/api/profile/", json={"preferences": wanted})).status_code == 200
    await matched(api, person, wishes_changed_at=None, matched_version=SCORER_VERSION)
    return person


async def matched(api: Api, person: Person, **values: object) -> None:
    """Note how far the person's matches are."""
    async with api.database.begin() as session:
        await session.exec(update(Profile).where(col(Profile.user_id) == person.id).values(**values))


async def found(api: Api, person: Person, score: int | None, **values: Any) -> Job:  # noqa: ANN401 -- columns
    """Store a job and its match; what is no column of the match is the job's."""
    of_match = {name: values.pop(name) for name in ("state", "reason") if name in values}
    job = job_with(**{"title": "Data Engineer", **values})
    match = JobMatch(
        user_id=person.id,
        job_id=job.id,
        score=score,
        confidence=None if score is None else 0.6,
        breakdown={"components": COMPONENTS},
        scorer_version=SCORER_VERSION,
        **of_match,
    )
    await store(api.database, job, match)
    return job


async def recommended(person: Person, **params: str | int) -> dict[str, Any]:
    """Return a page."""
    answer = await person.get("/api/jobs/recommended", params=params)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def ids(person: Person, **params: str | int) -> list[str]:
    """Return the ids of a page."""
    return [item["id"] for item in (await recommended(person, **params))["items"]]


async def test_the_best_come_first_each_with_its_reasons(api: Api) -> None:
    person = await seeker(api)
    good = await found(api, person, 61, company="Acme", state=MatchState.FOUND)
    better = await found(api, person, 90, state=MatchState.CANDIDATE)
    page = await recommended(person)
    assert [item["id"] for item in page["items"]] == [str(better.id), str(good.id)]
    assert (page["next_cursor"], page["missing"], page["recomputing"]) == (None, [], False)
    item = page["items"][1]
    assert (item["score"], item["confidence"], item["scorer_version"]) == (61, 0.6, SCORER_VERSION)
    assert (item["title"], item["company"]) == ("Data Engineer", "Acme")
    assert item["attribution"]["label"] == "Jobs by Adzuna"
    assert item["components"] == COMPONENTS
    assert item["why"] == [
        "Its title is one that you look for: data engineer.",
        "It asks for what you know: python.",
        "It also asks for scala.",
    ]


async def test_whatever_the_sweep_did_with_it_a_job_with_a_score_is_recommended(api: Api) -> None:
    person = await seeker(api)
    low = await found(api, person, 40, state=MatchState.SKIPPED, reason=SkipReason.SCORE_TOO_LOW)
    await found(api, person, None, state=MatchState.SKIPPED, reason=SkipReason.WRONG_COUNTRY)
    assert await ids(person) == [str(low.id)]


async def test_closed_old_hidden_and_applied_jobs_are_left_out(api: Api) -> None:
    person, other = await seeker(api), await seeker(api)
    shown = await found(api, person, 50)
    await found(api, person, 91, expired_at=now())
    await found(api, person, 92, posted_at=now() - timedelta(days=8))
    hidden = await found(api, person, 93, content_key="hidden")
    saved = await found(api, person, 40, content_key="saved")
    await found(api, person, 95, content_key="applied")
    await found(api, other, 96)
    for job, mark in ((hidden, {"hidden_at": now()}), (saved, {"saved_at": now()})):
        twin = job_with(content_key=job.content_key)
        await store(
            api.database,
            twin,
            JobMark(user_id=person.id, job_id=twin.id, content_key=job.content_key, **mark),
        )
    await put(api.database, person.id, ApplicationState.SUBMITTED, content_key="applied")
    # what others do with a job changes nothing
    await put(api.database, other.id, ApplicationState.SUBMITTED, content_key=shown.content_key)
    theirs = JobMark(user_id=other.id, job_id=shown.id, content_key=shown.content_key, hidden_at=now())
    await store(api.database, theirs)
    assert await ids(person) == [str(shown.id), str(saved.id)]


async def test_a_job_in_several_towns_is_recommended_once(api: Api) -> None:
    person = await seeker(api)
    same = {"content_key": "same"}
    await found(api, person, 70, **same)
    best = await found(api, person, 80, **same)
    await found(api, person, 85, **same, expired_at=now())
    await found(api, person, 90, **same, posted_at=now() - timedelta(days=8))
    elsewhere = await found(api, person, 60, **same, country="fr")
    assert await ids(person) == [str(best.id), str(elsewhere.id)]
    assert await ids(person, country="FR") == [str(elsewhere.id)]


async def test_pages_hold_each_job_once_also_among_equal_scores(api: Api) -> None:
    person = await seeker(api)
    jobs = [(await found(api, person, score)).id for score in (50, 70, 70, 70, 90)]
    expected = [jobs[4], *sorted(jobs[1:4], reverse=True), jobs[0]]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        page = await recommended(person, limit=2, **cursor)
        seen += [item["id"] for item in page["items"]]
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [str(each) for each in expected]
    assert page["next_cursor"] is None


async def test_the_filters_ask_for_a_country_and_a_score(api: Api) -> None:
    person = await seeker(api)
    british, french = await found(api, person, 80), await found(api, person, 60, country="fr")
    assert await ids(person, min_score=80) == [str(british.id)]
    assert await ids(person, min_score=81) == []
    assert await ids(person, country="fr") == [str(french.id)]


@pytest.mark.parametrize(
    "params",
    [{"cursor": "x"}, {"cursor": str(RecommendedCursor(1, uuid4())) + "A"}, {"min_score": 101}, {"nope": 1}],
    ids=range(4),
)
async def test_what_cannot_be_asked_is_refused(api: Api, params: dict[str, str | int]) -> None:
    person = await seeker(api)
    assert_problem(await person.get("/api/jobs/recommended", params=params), 422, "invalid")


async def test_without_titles_nothing_is_recommended_and_it_is_said_why(api: Api) -> None:
    person = await api.person()
    nothing = {"items": [], "next_cursor": None, "missing": ["titles"], "recomputing": False}
    assert await recommended(person) == nothing
    await person.patch("/api/profile/", json={"preferences": {"countries": ["gb"]}})
    assert await recommended(person) == nothing


async def test_changed_wishes_and_an_old_scorer_are_said_to_be_computed_anew(api: Api) -> None:
    person = await seeker(api)
    job = await found(api, person, 80)
    await person.patch("/api/profile/", json={"preferences": {"salary_floor": 1}})
    page = await recommended(person)
    assert (page["recomputing"], [item["id"] for item in page["items"]]) == (True, [str(job.id)])
    await matched(api, person, wishes_changed_at=None, matched_version=SCORER_VERSION - 1)
    assert (await recommended(person))["recomputing"] is True


async def test_who_comes_back_is_matched_again(api: Api) -> None:
    person = await seeker(api)
    await matched(api, person, matched_version=-1)
    assert (await recommended(person))["recomputing"] is True
    async with api.database.begin() as session:
        profile = (await session.exec(select(Profile).where(Profile.user_id == person.id))).one()
    assert (profile.matched_version, profile.wishes_changed_at is not None) == (0, True)


async def test_a_match_is_computed_from_what_both_sides_say_now(api: Api) -> None:
    person = await seeker(api, skills=["Python", "SQL"], salary_target=60000)
    job = job_with(
        title="Senior Data Engineer",
        description="We use Python, SQL and Kafka.",
        salary_min=50000,
        salary_max=70000,
    )
    await store(api.database, job)
    match = (await person.get(f"/api/jobs/{job.id}/match")).json()
    assert (match["job_id"], match["eligible"], match["gate"]) == (str(job.id), True, None)
    assert match["scorer_version"] == SCORER_VERSION
    assert 0 < match["score"] <= 100
    parts = {part["name"]: part for part in match["components"]}
    assert {"skills", "title", "experience", "location", "pay", "extras"} <= set(parts)
    assert {"python", "sql"} <= {word.casefold() for word in parts["skills"]["evidence"]}
    assert any("python" in sentence.casefold() for sentence in match["why"])
    # nothing is stored for having been asked
    async with api.database.begin() as session:
        assert (await session.exec(select(JobMatch))).all() == []


async def test_a_gate_is_named_and_said_in_words(api: Api) -> None:
    person = await seeker(api, countries=["fr"])
    job = job_with(title="Data Engineer")
    await store(api.database, job)
    match = (await person.get(f"/api/jobs/{job.id}/match")).json()
    assert (match["eligible"], match["gate"], match["score"]) == (False, "wrong_country", None)
    assert match["gate_text"] == "The job is in a country that you do not look for work in."


async def test_a_match_needs_a_job_and_says_what_the_profile_lacks(api: Api) -> None:
    person = await api.person()
    assert_problem(await person.get(f"/api/jobs/{uuid4()}/match"), 404, "not-found")
    job = job_with()
    await store(api.database, job)
    assert (await person.get(f"/api/jobs/{job.id}/match")).json()["missing"] == ["titles"]
    assert_problem(await api.http.get(f"/api/jobs/{job.id}/match"), 401, "unauthenticated")
    assert_problem(await api.http.get("/api/jobs/recommended"), 401, "unauthenticated")
