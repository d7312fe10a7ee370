"""The sweep: who applies to what by itself, never twice and never beyond the cap."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select
from temporalio.testing import ActivityEnvironment

from activities.auto_apply_sweep import AutoApplySweepActivities
from models.account import Account
from models.application import Application, Transition
from models.base import now
from models.database import Database
from models.enums import Actor, ApplicationState, AttemptState, AutomationMode, Origin
from models.event import Event
from models.profile import Preferences, Profile, WorkAuthorisation
from tests.activities.people import ENGINEER, add_application, add_job, add_person
from workflows.messages import SweepCursor, SweepPage

S = ApplicationState


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database of our own."""
    database = Database(database_url)
    yield database
    await database.close()


async def sweep(database: Database, after: UUID | None = None, people_a_page: int = 50) -> SweepPage:
    """Run one step of the sweep."""
    steps = AutoApplySweepActivities(database, people_a_page)
    return await ActivityEnvironment().run(steps.queue_matches, SweepCursor(after_user=after))


async def applications(database: Database, user_id: UUID) -> list[Application]:
    """Return a person's applications, the oldest first."""
    query = select(Application).where(Application.user_id == user_id).order_by(col(Application.id))
    async with database.begin() as session:
        return list(await session.exec(query))


async def test_a_match_is_queued_with_its_transition_and_event(database: Database) -> None:
    person, job = await add_person(database), await add_job(database)
    page = await sweep(database)
    (queued,) = await applications(database, person)
    assert [(ref.application_id, ref.user_id, ref.job_id) for ref in page.applications] == [
        (queued.id, person, job.id)
    ]
    assert (queued.state, queued.origin, page.next_user) == (S.QUEUED, Origin.SWEEP, None)
    async with database.begin() as session:
        transition = (await session.exec(select(Transition))).one()
        event = (await session.exec(select(Event))).one()
    assert (transition.to_state, transition.actor) == (S.QUEUED, Actor.SYSTEM)
    assert (event.subject_id, event.data) == (queued.id, {"state": "queued", "reason": None})


async def test_a_repeated_call_names_the_same_applications_and_queues_no_more(database: Database) -> None:
    person = await add_person(database)
    await add_job(database)
    assert await sweep(database) == await sweep(database)
    assert len(await applications(database, person)) == 1


@pytest.mark.parametrize(
    ("wanted", "job", "fits"),
    [
        ({"titles": ["data engineer"]}, {"title": "Senior Data Engineer (m/f/d)"}, True),
        ({"titles": ["Senior Data Engineer"]}, {"title": "DATA-ENGINEER"}, True),
        ({"titles": ["data engineer"]}, {"title": "Engineer, Data Platform"}, True),
        ({"titles": ["data engineer"]}, {"title": "Data Engineering Manager"}, False),
        ({"titles": ["data engineer"]}, {"title": "Database Engineer"}, False),
        ({"titles": ["cook", "data engineer"]}, {"title": "Data Engineer"}, True),
        ({"titles": []}, {}, False),
        ({"titles": ["C++ developer"]}, {"title": "C++ Developer"}, True),
        ({"titles": ["C developer"]}, {"title": "C++ Developer"}, False),
        ({"titles": ["C developer"]}, {"title": "C# Developer"}, False),
        ({"titles": ["ingenieur"]}, {"title": "Ingénieur systèmes"}, True),
        ({"titles": ["Główny księgowy"]}, {"title": "GŁÓWNY KSIĘGOWY"}, True),
        ({"titles": ["(.*)", "%"]}, {}, False),
        ({"titles": ["engineer"], "excluded_words": ["data"]}, {}, False),
        ({"titles": ["engineer"], "excluded_words": ["dat", "vice president"]}, {}, True),
        (
            {"titles": ["engineer"], "excluded_words": ["night shift"]},
            {"title": "Engineer, Night-Shift"},
            False,
        ),
        ({"titles": ["engineer"], "countries": ["fr", "gb"]}, {}, True),
        ({"titles": ["engineer"], "countries": ["fr"]}, {}, False),
        ({"titles": ["engineer"], "remote_only": True}, {}, False),
        ({"titles": ["engineer"], "remote_only": True}, {"remote": True}, True),
        ({"titles": ["engineer"], "locations": ["London"]}, {}, False),
        ({"titles": ["engineer"], "locations": ["london", "leeds"]}, {}, True),
        ({"titles": ["engineer"], "locations": ["UK"]}, {}, True),
        ({"titles": ["engineer"], "locations": ["London"]}, {"remote": True}, True),
        ({"titles": ["engineer"], "salary_floor": 50000}, {}, True),
        ({"titles": ["engineer"], "salary_floor": 50000}, {"salary_min": 30000, "salary_max": 60000}, True),
        ({"titles": ["engineer"], "salary_floor": 50000}, {"salary_min": 30000, "salary_max": 40000}, False),
        ({"titles": ["engineer"], "salary_floor": 50000}, {"salary_min": 30000}, False),
        (
            {"titles": ["engineer"], "salary_floor": 50000},
            {"salary_min": 30000, "salary_max": 30000, "salary_predicted": True},
            True,
        ),
        ({"titles": ["engineer"], "blocked_companies": ["Evil Ltd"]}, {"company": "EVIL"}, False),
        ({"titles": ["engineer"], "blocked_companies": ["evil"]}, {"company": "Evil Corporation UK"}, False),
        ({"titles": ["engineer"], "blocked_companies": ["evil"]}, {"company": "Medieval Ltd"}, True),
        ({"titles": ["engineer"], "blocked_companies": ["evil"]}, {"company": None}, True),
        ({"titles": ["engineer"]}, {"posted_at": now() - timedelta(days=8)}, False),
        ({"titles": ["engineer"]}, {"expired_at": now()}, False),
    ],
)
async def test_preferences_decide(
    database: Database, wanted: dict[str, Any], job: dict[str, Any], fits: bool
) -> None:
    await add_person(database, Preferences.model_validate(wanted))
    await add_job(database, **job)
    assert len((await sweep(database)).applications) == fits


@pytest.mark.parametrize(("country", "fits"), [("gb", False), ("fr", True)])
async def test_a_country_where_the_person_may_not_work_is_left_out(
    database: Database, country: str, fits: bool
) -> None:
    barred = WorkAuthorisation(country="gb", authorised=False, needs_sponsorship=False)
    await add_person(database, Preferences(titles=["data engineer"], work_authorisations=[barred]))
    await add_job(database, country=country)
    assert len((await sweep(database)).applications) == fits


@pytest.mark.parametrize(
    "lacking",
    [{"mode": AutomationMode.OFF}, {"identity": False}, {"resume": False}, {"cap": 0}],
)
async def test_who_lacks_something_is_left_out(database: Database, lacking: dict[str, Any]) -> None:
    await add_person(database, **lacking)
    await add_job(database)
    assert (await sweep(database)).applications == []


async def test_a_locked_account_is_left_out(database: Database) -> None:
    person = await add_person(database)
    await add_job(database)
    async with database.begin() as session:
        (await session.get_one(Account, person)).locked_at = now()
    assert (await sweep(database)).applications == []


async def test_preferences_that_nobody_can_read_stop_no_one_else(database: Database) -> None:
    broken, sound = await add_person(database), await add_person(database)
    await add_job(database)
    async with database.begin() as session:
        profile = (await session.exec(select(Profile).where(Profile.user_id == broken))).one()
        profile.preferences = {"titles": "not a list"}
    assert [ref.user_id for ref in (await sweep(database)).applications] == [sound]


@pytest.mark.parametrize("state", list(ApplicationState))
async def test_whatever_became_of_an_application_its_job_is_not_tried_again(
    database: Database, state: ApplicationState
) -> None:
    person, job = await add_person(database), await add_job(database)
    await add_application(database, person, job, state)
    assert (await sweep(database)).applications == []


async def test_the_same_job_under_another_id_or_in_another_town_is_applied_to_once(
    database: Database,
) -> None:
    person = await add_person(database)
    same = {"company": "Example", "description": "The same text."}
    await add_job(database, **same)
    await add_job(database, **same)
    await add_job(database, **same, location="York", posted_at=now() - timedelta(hours=2))
    reworded = {"company": "Example", "description": "Another text, the same job."}
    await add_job(database, **reworded, posted_at=now() - timedelta(hours=3))
    assert len((await sweep(database)).applications) == 1
    async with database.begin() as session:
        (await session.exec(select(Application))).one().state = S.SUBMITTED
    assert (await sweep(database)).applications == []
    assert len(await applications(database, person)) == 1


async def test_the_newest_are_taken_up_to_the_cap(database: Database) -> None:
    person = await add_person(database, cap=2)
    for hours in (3, 1, 2):
        await add_job(database, description=str(hours), posted_at=now() - timedelta(hours=hours))
    newest = [ref.job_id for ref in (await sweep(database)).applications]
    async with database.begin() as session:
        jobs = [
            (await session.get_one(Application, each.id)).job_id
            for each in await applications(database, person)
        ]
    assert len(jobs) == 2
    assert newest == jobs
    assert len((await sweep(database)).applications) == 2


@pytest.mark.parametrize(
    ("state", "attempt", "hours", "counts"),
    [
        (S.SUBMITTED, None, 1, True),
        (S.SUBMITTED, None, 25, False),
        (S.UNKNOWN_OUTCOME, AttemptState.RUNNING, 1, True),
        (S.QUEUED, None, 1, True),
        (S.CANCELLED, None, 1, False),
        (S.SKIPPED, None, 1, False),
        (S.FAILED, None, 1, False),
        (S.FAILED, AttemptState.REFUSED, 1, False),
        (S.FAILED, AttemptState.ABSENT, 1, False),
        (S.FAILED, AttemptState.ENDED, 1, True),
        (S.NOT_SUBMITTED, AttemptState.ENDED, 1, True),
    ],
)
async def test_the_cap_counts_what_may_have_reached_an_employer_within_a_day(
    database: Database, state: ApplicationState, attempt: AttemptState | None, hours: int, counts: bool
) -> None:
    person = await add_person(database, cap=1)
    earlier = await add_job(database, title="Cook")
    at = now() - timedelta(hours=hours)
    await add_application(database, person, earlier, state, at=at, attempt=attempt)
    await add_job(database)
    assert len((await sweep(database)).applications) == (0 if counts else 1)


async def test_sweeps_at_the_same_time_keep_the_cap(database: Database) -> None:
    person = await add_person(database, cap=3)
    for _ in range(12):
        await add_job(database)
    pages = await asyncio.gather(*(sweep(database) for _ in range(4)))
    assert len(await applications(database, person)) == 3
    assert max(len(page.applications) for page in pages) == 3


async def test_people_are_gone_through_page_by_page(database: Database) -> None:
    people = sorted([await add_person(database) for _ in range(5)])
    await add_job(database)
    seen: list[UUID] = []
    after = None
    for _ in range(3):
        page = await sweep(database, after, people_a_page=2)
        seen += [ref.user_id for ref in page.applications]
        after = page.next_user
    assert (seen, after) == (people, None)


async def test_one_person_may_leave_while_the_sweep_runs(database: Database) -> None:
    await add_person(database, ENGINEER)
    await add_job(database)
    page = await sweep(database, people_a_page=1)
    assert page.next_user is not None
    assert await sweep(database, page.next_user, people_a_page=1) == SweepPage(
        applications=[], next_user=None
    )
