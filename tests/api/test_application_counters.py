"""The figures of a person's applications: by state, board column and day, and who has replied."""

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from models.application import ACTIVE
from models.base import now
from models.board import Column, column_of
from models.counters import days_until
from models.enums import ApplicationState, Outcome, Stage
from models.interview import Interview
from tests.api.applied import put
from tests.api.client import Api, assert_problem, store

S = ApplicationState


async def test_nothing_applied_for_is_all_noughts(api: Api) -> None:
    person = await api.person()
    counted = (await person.get("/api/applications/counters")).json()
    assert (counted["total"], counted["needs_me"], counted["reply_rate"]) == (0, 0, None)
    assert counted["by_state"] == dict.fromkeys(S, 0)
    assert counted["by_column"] == dict.fromkeys(Column, 0)
    assert [each["created"] for each in counted["by_day"]] == [0] * 30
    assert (counted["interviews_ahead"], counted["next_interview_at"]) == (0, None)


async def test_each_application_is_counted_in_its_state_and_its_column(api: Api) -> None:
    person, other = await api.person(), await api.person()
    for state in (S.QUEUED, S.NEEDS_INPUT, S.UNKNOWN_OUTCOME, S.FAILED, S.FAILED, S.CANCELLED, S.SUBMITTED):
        await put(api.database, person.id, state)
    await put(api.database, person.id, S.SUBMITTED, stage=Stage.ONSITE)
    await put(api.database, person.id, S.SUBMITTED, stage=Stage.APPLIED, outcome=Outcome.REJECTED)
    await put(api.database, other.id, S.SUBMITTED)
    counted = (await person.get("/api/applications/counters")).json()
    assert (counted["total"], counted["needs_me"]) == (9, 2)
    assert {state: count for state, count in counted["by_state"].items() if count} == {
        "queued": 1,
        "needs_input": 1,
        "unknown_outcome": 1,
        "failed": 2,
        "cancelled": 1,
        "submitted": 3,
    }
    assert counted["by_column"] == {
        "pending": 3,
        "applied": 1,
        "interview": 1,
        "offer": 0,
        "rejected": 1,
        "withdrawn": 1,
    }
    assert counted["off_board"] == 2


def test_only_an_employers_no_is_a_rejection() -> None:
    everything = product(S, [None, *Stage], [None, *Outcome])
    rejected = {each for each in everything if column_of(*each) is Column.REJECTED}
    assert rejected
    assert {outcome for _, _, outcome in rejected} == {Outcome.REJECTED}
    assert {state for state in S if column_of(state, None, None) is Column.PENDING} == {
        *ACTIVE,
        S.UNKNOWN_OUTCOME,
    }
    assert column_of(S.FAILED, None, None) is None


async def test_replies_are_what_the_employer_said_and_nothing_else(api: Api) -> None:
    person = await api.person()
    answered = [(Stage.RECRUITER_SCREEN, None), (Stage.APPLIED, Outcome.REJECTED)]
    silent = [(Stage.APPLIED, None), (Stage.APPLIED, Outcome.GHOSTED), (Stage.APPLIED, Outcome.WITHDRAWN)]
    for stage, outcome in [*answered, *silent]:
        await put(api.database, person.id, S.SUBMITTED, stage=stage, outcome=outcome)
    await put(api.database, person.id, S.FAILED)
    counted = (await person.get("/api/applications/counters")).json()
    assert (counted["submitted"], counted["replied"], counted["reply_rate"]) == (5, 2, 0.4)


async def test_days_are_those_of_the_persons_own_clock(api: Api) -> None:
    person, zone = await api.person(), ZoneInfo("Pacific/Kiritimati")
    await person.patch("/api/profile/", json={"automation": {"time_zone": zone.key}})
    midnight = now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    await put(api.database, person.id, created_at=midnight.astimezone(UTC))
    before = midnight.astimezone(UTC) - timedelta(microseconds=1)
    await put(api.database, person.id, S.SUBMITTED, created_at=before, submitted_at=midnight.astimezone(UTC))
    await put(api.database, person.id, created_at=before - timedelta(days=3))
    answer = await person.get("/api/applications/counters", params={"days": 3})
    days = answer.json()["by_day"]
    assert answer.json()["time_zone"] == zone.key
    assert [each["day"] for each in days] == [
        (midnight.date() - timedelta(days=back)).isoformat() for back in (2, 1, 0)
    ]
    assert [(each["created"], each["submitted"]) for each in days] == [(0, 0), (1, 0), (1, 1)]


def test_a_day_on_which_clocks_change_has_its_own_length() -> None:
    zone = ZoneInfo("Europe/Paris")
    saturday, sunday, monday = days_until(datetime(2026, 3, 30, 12, tzinfo=UTC), zone, 3)
    assert sunday.astimezone(UTC) - saturday.astimezone(UTC) == timedelta(hours=24)
    assert monday.astimezone(UTC) - sunday.astimezone(UTC) == timedelta(hours=23)


async def test_interviews_ahead_are_those_to_come(api: Api) -> None:
    person, other, moment = await api.person(), await api.person(), now()
    application = await put(api.database, person.id, S.SUBMITTED)
    for days in (-1, 2, 5):
        at = moment + timedelta(days=days)
        row = Interview(application_id=application.id, user_id=person.id, at=at, stage=Stage.ONSITE)
        await store(api.database, row)
    counted = (await person.get("/api/applications/counters")).json()
    assert counted["interviews_ahead"] == 2
    assert datetime.fromisoformat(counted["next_interview_at"]) == moment + timedelta(days=2)
    assert (await other.get("/api/applications/counters")).json()["interviews_ahead"] == 0


@pytest.mark.parametrize("days", ["0", "367", "many"])
async def test_a_number_of_days_that_makes_no_sense_is_refused(api: Api, days: str) -> None:
    person = await api.person()
    answer = await person.get("/api/applications/counters", params={"days": days})
    assert_problem(answer, 422, "invalid")
