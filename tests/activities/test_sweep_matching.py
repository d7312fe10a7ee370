"""Matching: new jobs find who wants them, changed wishes find the jobs of the last days, with reasons."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import col, select, update

from activities import auto_apply_sweep
from activities.matching import pairs
from activities.matching.new_jobs import MARK, NewJobs, first_id_at
from models.automation import Automation
from models.base import new_id, now
from models.database import Database
from models.enums import AutomationMode
from models.match.score import SCORER_VERSION
from models.match_row import Interest, JobMatch, SweepMark
from models.profile import Preferences, Profile, WorkAuthorisation
from tests.activities.people import add_job, add_person
from tests.activities.sweep_scene import (
    EASY,
    add_easy,
    match,
    matches_of,
    set_rules,
    set_wishes,
    sweep,
    verdict,
)
from workflows.job_messages import MatchCursor

BARRED = WorkAuthorisation(country="gb", authorised=False, needs_sponsorship=True)
PREFERENCES: list[tuple[dict[str, Any], dict[str, Any], str | None]] = [
    ({"titles": ["data engineer"]}, {"title": "Senior Data Engineer (m/f/d)"}, "candidate"),
    ({"titles": ["Senior Data Engineer"]}, {"title": "DATA-ENGINEER"}, "candidate"),
    ({"titles": ["data engineer"]}, {"title": "Engineer, Data Platform"}, "candidate"),
    ({"titles": ["data engineer"]}, {"title": "Engineering Manager, Databases"}, None),
    (
        {"titles": ["software engineer"], "countries": ["de"]},
        {"title": "Softwareentwickler (m/w/d)", "country": "de"},
        "candidate",
    ),
    ({"titles": ["node developer"]}, {"title": "Node.js-Developer"}, "candidate"),
    ({"titles": [".NET developer"]}, {"title": "Developer (ASP.NET/C#)"}, "candidate"),
    ({"titles": ["data engineer"]}, {"title": "Database Engineer"}, None),
    ({"titles": ["cook", "data engineer"]}, {"title": "Data Engineer"}, "candidate"),
    ({"titles": []}, {}, None),
    ({"titles": ["C++ developer"]}, {"title": "C++ Developer"}, "candidate"),
    ({"titles": ["C zitherist"]}, {"title": "C++ Zitherist"}, None),
    ({"titles": ["C zitherist"]}, {"title": "C# Zitherist"}, None),
    ({"titles": ["C++ zitherist"]}, {"title": "Zitherist: C++14"}, "candidate"),
    ({"titles": ["C++ zitherist"]}, {"title": "Zitherist (C++/Qt)"}, "candidate"),
    ({"titles": ["ingenieur"]}, {"title": "Ingénieur systèmes"}, "candidate"),
    ({"titles": ["Główny księgowy"]}, {"title": "GŁÓWNY KSIĘGOWY"}, "candidate"),
    ({"titles": ["engineer"], "excluded_words": ["data"]}, {}, "blocked_word"),
    ({"titles": ["engineer"], "excluded_words": ["dat", "vice president"]}, {}, "candidate"),
    (
        {"titles": ["engineer"], "excluded_words": ["night shift"]},
        {"title": "Engineer, Night-Shift"},
        "blocked_word",
    ),
    ({"titles": ["engineer"], "countries": ["fr", "gb"]}, {}, "candidate"),
    ({"titles": ["engineer"], "countries": ["fr"]}, {}, "wrong_country"),
    ({"titles": ["engineer"], "work_authorisations": [BARRED]}, {}, "not_authorised"),
    ({"titles": ["engineer"], "work_authorisations": [BARRED]}, {"country": "fr"}, "candidate"),
    ({"titles": ["engineer"], "remote_only": True}, {}, "wrong_place"),
    ({"titles": ["engineer"], "remote_only": True}, {"remote": True}, "candidate"),
    ({"titles": ["engineer"], "locations": ["London"]}, {}, "wrong_place"),
    ({"titles": ["engineer"], "locations": ["London"], "willing_to_relocate": True}, {}, "candidate"),
    ({"titles": ["engineer"], "locations": ["london", "leeds"]}, {}, "candidate"),
    ({"titles": ["engineer"], "locations": ["UK"]}, {}, "candidate"),
    ({"titles": ["engineer"], "locations": ["London"]}, {"remote": True}, "candidate"),
    ({"titles": ["engineer"], "salary_floor": 50000}, {}, "candidate"),
    (
        {"titles": ["engineer"], "salary_floor": 50000},
        {"salary_min": 30000, "salary_max": 60000},
        "candidate",
    ),
    (
        {"titles": ["engineer"], "salary_floor": 50000},
        {"salary_min": 30000, "salary_max": 40000},
        "pay_too_low",
    ),
    ({"titles": ["engineer"], "salary_floor": 50000}, {"salary_min": 30000}, "pay_too_low"),
    (
        {"titles": ["engineer"], "salary_floor": 50000},
        {"salary_min": 30000, "salary_max": 30000, "salary_predicted": True},
        "candidate",
    ),
    ({"titles": ["engineer"], "blocked_companies": ["Evil Ltd"]}, {"company": "EVIL"}, "blocked_company"),
    (
        {"titles": ["engineer"], "blocked_companies": ["evil"]},
        {"company": "Evil Corporation UK"},
        "blocked_company",
    ),
    ({"titles": ["engineer"], "blocked_companies": ["evil"]}, {"company": "Medieval Ltd"}, "candidate"),
    ({"titles": ["engineer"], "blocked_companies": ["evil"]}, {"company": None}, "candidate"),
]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database of our own."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.mark.parametrize("is_new", [True, False])
async def test_preferences_decide_over_new_jobs_and_those_that_were_there(
    database: Database, is_new: bool
) -> None:
    """All cases in one database, people beside each other, with jobs that nobody else looks for."""
    cases = []
    for number, (wanted, job, expected) in enumerate(PREFERENCES):
        mark = f"zone{number}x"
        titles = [f"{title} {mark}" for title in wanted["titles"]]
        fields = {"title": "Data Engineer", **job}
        fields["title"] = f"{fields['title']} {mark}"
        people = [] if is_new else [await add_job(database, **fields)]
        person = await add_easy(database, Preferences.model_validate({**wanted, "titles": titles}))
        cases.append((person, people, fields, expected, wanted, job))
    await match(database)
    for person, jobs, fields, expected, wanted, job in cases:
        found = jobs[0] if jobs else await add_job(database, **fields)
        if is_new:
            await match(database)
        said = await verdict(database, person, found)
        shown = None if said is None else said[1] or said[0]
        assert shown == expected, (wanted, job)


async def test_a_title_without_a_word_finds_nothing(database: Database) -> None:
    person, _ = await add_easy(database, Preferences(titles=["(.*)", "%"])), await add_job(database)
    await match(database)
    assert await matches_of(database, person) == {}


async def test_thresholds_skip_with_score_and_confidence_and_their_breakdown(database: Database) -> None:
    strict = await add_easy(database, rules=Automation(min_score=95, min_confidence=0.9))
    unsure = await add_easy(database, rules=Automation(min_score=0, min_confidence=0.9))
    job = await add_job(database, "Data Engineer, Platform of the Far North of Everything")
    await match(database)
    assert await verdict(database, strict, job) == ("skipped", "score_too_low")
    assert await verdict(database, unsure, job) == ("skipped", "confidence_too_low")
    found = (await matches_of(database, strict))[job.id]
    names = [part["name"] for part in found.breakdown["components"]]
    assert names == ["skills", "title", "experience", "location", "pay", "extras"]
    assert (found.scorer_version, found.confidence) == (SCORER_VERSION, 0.25)


async def test_a_gate_leaves_no_score(database: Database) -> None:
    person = await add_easy(database, Preferences(titles=["engineer"], countries=["fr"]))
    job = await add_job(database)
    await match(database)
    found = (await matches_of(database, person))[job.id]
    assert (found.score, found.confidence, found.breakdown) == (None, None, {})


async def test_new_jobs_are_paged_and_the_mark_moves_with_them(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_easy(database)
    assert await match(database) == [(0, 0)]
    jobs = [await add_job(database) for _ in range(5)]
    monkeypatch.setattr(auto_apply_sweep, "SECONDS_A_PAGE", 0.0)
    pages = await match(database, jobs_a_page=2)
    assert [page for page in pages if page != (0, 0)] == [(2, 2), (2, 2), (1, 1)]
    async with database.begin() as session:
        mark = await session.get_one(SweepMark, MARK)
    assert (mark.job_id, mark.at) == (jobs[-1].id, jobs[-1].created_at)


async def test_a_sweep_that_looks_back_and_stops_does_not_take_its_mark_back(database: Database) -> None:
    await add_easy(database)
    await add_job(database)
    last = await add_job(database)
    await match(database)
    page = await NewJobs(database, jobs_a_page=1).match(MatchCursor(), until=0)
    assert (page.jobs, page.next is not None) == (1, True)
    async with database.begin() as session:
        assert (await session.get_one(SweepMark, MARK)).job_id == last.id


async def test_a_job_that_becomes_visible_late_is_matched_and_none_twice(database: Database) -> None:
    person = await add_easy(database)
    late = new_id()
    await add_job(database)
    assert sum(matches for _, matches in await match(database)) == 1
    job = await add_job(database, id=late)
    assert sum(matches for _, matches in await match(database)) == 1
    assert job.id in await matches_of(database, person)


async def test_jobs_behind_the_mark_are_not_read_again(database: Database) -> None:
    long_ago = now() - timedelta(hours=3)
    old = await add_job(database, id=first_id_at(long_ago))
    async with database.begin() as session:
        session.add(SweepMark(name=MARK, at=now(), job_id=new_id()))
    person = await add_easy(database)
    await set_wishes(database, person, Preferences())
    await match(database)
    # had the job been read, it would have found this interest
    async with database.begin() as session:
        session.add(Interest(user_id=person, title="data", word="data", words=["data"]))
    assert await match(database) == [(0, 0)]
    assert old.id not in await matches_of(database, person)


async def test_a_full_page_of_pairs_is_gone_on_with(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await add_easy(database) for _ in range(4)]
    await match(database)
    for _ in range(3):
        await add_job(database)
    monkeypatch.setattr(pairs, "PAIRS_A_READ", 5)
    monkeypatch.setattr(pairs, "PAIRS_A_WRITE", 2)
    monkeypatch.setattr(auto_apply_sweep, "SECONDS_A_PAGE", 0.0)
    pages = await match(database)
    assert sum(matches for _, matches in pages) == 12
    assert sum(jobs for jobs, _ in pages) == 3
    assert [len(await matches_of(database, person)) for person in people] == [3] * 4


async def test_changed_wishes_match_recent_jobs_anew_and_keep_what_is_queued(database: Database) -> None:
    person = await add_easy(database)
    engineer, cook = await add_job(database), await add_job(database, "Cook")
    barred = await add_job(database, "Cook", country="fr")
    await sweep(database)
    assert set(await matches_of(database, person)) == {engineer.id}
    await set_wishes(database, person, Preferences(titles=["cook"], countries=["gb"]))
    await match(database)
    assert await verdict(database, person, engineer) == ("queued", None)
    assert await verdict(database, person, cook) == ("candidate", None)
    assert await verdict(database, person, barred) == ("skipped", "wrong_country")
    await set_wishes(database, person, Preferences(titles=["cook"], countries=["fr"]))
    await match(database)
    assert await verdict(database, person, cook) == ("skipped", "wrong_country")
    assert await verdict(database, person, barred) == ("candidate", None)
    await set_wishes(database, person, Preferences(titles=["nurse"]))
    await match(database)
    assert set(await matches_of(database, person)) == {engineer.id}
    async with database.begin() as session:
        left = await session.exec(select(Profile).where(col(Profile.wishes_changed_at).is_not(None)))
        assert left.all() == []
        interests = (await session.exec(select(Interest.title))).all()
    assert "nurse" in interests
    assert "cook" not in interests


async def test_a_lower_threshold_makes_candidates_of_what_was_skipped(database: Database) -> None:
    person = await add_person(database)
    job = await add_job(database)
    await match(database)
    assert await verdict(database, person, job) == ("skipped", "confidence_too_low")
    await set_rules(database, person, EASY)
    await match(database)
    assert await verdict(database, person, job) == ("candidate", None)


async def test_wishes_reach_back_as_far_as_the_person_allows(database: Database) -> None:
    old = await add_job(database, posted_at=now() - timedelta(days=20))
    week = await add_easy(database)
    month = await add_easy(database, rules=EASY.model_copy(update={"posted_within_days": 30}))
    async with database.begin() as session:
        session.add(SweepMark(name=MARK, at=now() + timedelta(hours=1), job_id=new_id()))
    await match(database)
    assert await verdict(database, week, old) is None
    assert await verdict(database, month, old) == ("candidate", None)
    # and where they want to work only: other countries' jobs would take the place of theirs
    await set_wishes(database, month, Preferences(titles=["Data Engineer"], countries=["fr"]))
    await match(database)
    assert await verdict(database, month, old) is None


async def test_many_people_with_changed_wishes_are_gone_through(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auto_apply_sweep, "SECONDS_A_PAGE", 0.0)
    job = await add_job(database)
    people = [await add_easy(database) for _ in range(4)]
    off = await add_easy(database, mode=AutomationMode.OFF)
    await match(database)
    for person in people:
        assert job.id in await matches_of(database, person)
    assert await verdict(database, off, job) == ("found", None)


async def test_preferences_that_nobody_can_read_stop_no_one_else(database: Database) -> None:
    broken, sound = await add_easy(database), await add_easy(database)
    await match(database)
    broken_again = update(Profile).where(col(Profile.user_id) == broken)
    async with database.begin() as session:
        await session.exec(broken_again.values(preferences={"titles": "not a list"}))
    job = await add_job(database)
    await match(database)
    assert await verdict(database, sound, job) == ("candidate", None)
    assert await verdict(database, broken, job) is None
    async with database.begin() as session:
        await session.exec(broken_again.values(wishes_changed_at=now()))
    assert await match(database) == [(1, 0)]


async def test_who_leaves_takes_their_matches_along(database: Database) -> None:
    person = await add_easy(database)
    await add_job(database)
    await match(database)
    async with database.begin() as session:
        connection = await session.connection()
        await connection.execute(text("DELETE FROM account WHERE id = :id"), {"id": person})
        assert (await session.exec(select(JobMatch))).all() == []
        assert (await session.exec(select(Interest))).all() == []
