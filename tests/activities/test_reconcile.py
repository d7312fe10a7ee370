"""What stands still is found, and what moves is left alone."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import update
from temporalio.testing import ActivityEnvironment

from activities import reconcile
from activities.reconcile import ReconcileActivities
from models.account import Account
from models.account_enums import TokenPurpose
from models.application import Application
from models.base import now
from models.chat import ChatMessage
from models.database import Database
from models.enums import ApplicationState, ChatRole, ChatState, NotificationKind, Outcome, Stage
from models.job import Job
from models.notification import Notification
from models.one_time_token import OneTimeToken
from tests.activities.people import add_application, add_job, add_person
from workflows.messages import ApplicationRef
from workflows.stranded import Stranded

S = ApplicationState
ASKED = timedelta(hours=1)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database of our own."""
    database = Database(database_url)
    yield database
    await database.close()


async def find(database: Database, *, mails: bool = True) -> Stranded:
    """Run the step."""
    return await ActivityEnvironment().run(ReconcileActivities(database, mails).find_stranded)


@pytest.mark.parametrize(
    ("state", "age", "found"),
    [
        (S.PREPARING, timedelta(minutes=14), False),
        (S.PREPARING, timedelta(minutes=16), True),
        (S.APPROVED, timedelta(minutes=16), True),
        (S.SUBMITTING, timedelta(minutes=119), False),
        (S.SUBMITTING, timedelta(minutes=121), True),
        (S.CONFIRMING, timedelta(minutes=121), True),
        *((state, timedelta(days=30), False) for state in (S.SUBMITTED, S.SKIPPED, S.CANCELLED, S.FAILED)),
        (S.UNKNOWN_OUTCOME, timedelta(days=30), False),
        (S.NOT_SUBMITTED, timedelta(days=30), False),
    ],
)
async def test_an_application_that_stands_still_is_found(
    database: Database, state: ApplicationState, age: timedelta, found: bool
) -> None:
    person, job = await add_person(database), await add_job(database)
    application = await add_application(database, person, job, state, at=now() - age)
    stranded = (await find(database)).applications
    found_ids = [(ref.application_id, ref.user_id, ref.job_id) for ref in stranded]
    assert found_ids == ([(application.id, person, job.id)] if found else [])


@pytest.mark.parametrize(
    ("state", "age", "found"),
    [
        (ChatState.QUEUED, timedelta(seconds=20), False),
        (ChatState.QUEUED, timedelta(seconds=40), True),
        (ChatState.STREAMING, timedelta(minutes=14), False),
        (ChatState.STREAMING, timedelta(minutes=16), True),
        (ChatState.DONE, timedelta(days=1), False),
        (ChatState.FAILED, timedelta(days=1), False),
        (ChatState.CANCELLED, timedelta(days=1), False),
    ],
)
async def test_an_answer_that_stands_still_is_found(
    database: Database, state: ChatState, age: timedelta, found: bool
) -> None:
    person = await add_person(database)
    answer = ChatMessage(user_id=person, role=ChatRole.ASSISTANT, state=state, created_at=now() - age)
    async with database.begin() as session:
        session.add(answer)
    turns = (await find(database)).chat_turns
    assert [(turn.message_id, turn.user_id) for turn in turns] == ([(answer.id, person)] if found else [])


async def add_notification(database: Database, age: timedelta, *, mailed: bool = False) -> UUID:
    """Store a notification of a new person."""
    person, job = await add_person(database), await add_job(database)
    application = await add_application(database, person, job)
    told = Notification(
        user_id=person,
        application_id=application.id,
        kind=NotificationKind.APPLICATION_SUBMITTED,
        created_at=now() - age,
        mailed_at=now() if mailed else None,
    )
    async with database.begin() as session:
        session.add(told)
    return told.id


async def test_news_that_nobody_was_mailed_are_found_while_they_are_news(database: Database) -> None:
    await add_notification(database, timedelta(minutes=9))
    overdue = await add_notification(database, timedelta(minutes=11))
    await add_notification(database, timedelta(hours=1), mailed=True)
    await add_notification(database, timedelta(days=3))
    assert [each.notification_id for each in (await find(database)).notifications] == [overdue]


async def test_without_a_mail_server_no_news_are_overdue(database: Database) -> None:
    await add_notification(database, timedelta(minutes=11))
    assert (await find(database, mails=False)).notifications == []


async def test_the_many_are_drawn_by_lot(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "MOST_OF_A_KIND", 2)
    person = await add_person(database)
    everybody: set[UUID] = set()
    for _ in range(4):
        job = await add_job(database)
        at = now() - timedelta(hours=1)
        application: Application = await add_application(database, person, job, S.APPROVED, at=at)
        everybody.add(application.id)
    seen: set[UUID] = set()
    for _ in range(100):
        found = (await find(database)).applications
        assert len(found) == 2
        seen |= {ref.application_id for ref in found}
        if seen == everybody:
            break
    assert seen == everybody


async def add_waiting(
    database: Database,
    state: ApplicationState,
    age: timedelta,
    **columns: Any,  # noqa: ANN401 -- any column
) -> Application:
    """Store an application of a new person, changed as asked for."""
    person, job = await add_person(database), await add_job(database)
    application = await add_application(database, person, job, state, at=now() - age)
    async with database.begin() as session:
        row = await session.get_one(Application, application.id)
        for name, value in columns.items():
            setattr(row, name, value)
    return application


def ids(refs: list[ApplicationRef]) -> list[UUID]:
    """Return the ids of applications."""
    return [ref.application_id for ref in refs]


@pytest.mark.parametrize(
    ("state", "age", "found"),
    [
        (S.QUEUED, timedelta(seconds=20), False),
        (S.QUEUED, timedelta(seconds=40), True),
        (S.QUEUED, timedelta(days=40), True),
        (S.CANCELLED, timedelta(seconds=20), False),
        (S.CANCELLED, timedelta(minutes=5), True),
        (S.CANCELLED, timedelta(minutes=11), False),
        (S.DECLINED, timedelta(minutes=5), True),
        (S.NEEDS_INPUT, timedelta(minutes=5), False),
        (S.AWAITING_APPROVAL, timedelta(minutes=5), False),
        (S.FAILED, timedelta(minutes=5), False),
    ],
)
async def test_what_a_workflow_may_not_have_heard_of_is_rung(
    database: Database, state: ApplicationState, age: timedelta, found: bool
) -> None:
    application = await add_waiting(database, state, age)
    stranded = await find(database)
    assert ids(stranded.rings) == ([application.id] if found else [])
    assert stranded.applications == []


@pytest.mark.parametrize(
    ("state", "undo", "found"),
    [
        (S.APPROVED, None, True),
        (S.APPROVED, timedelta(minutes=-4), True),
        (S.APPROVED, timedelta(minutes=1), False),
        (S.PREPARING, None, True),
    ],
)
async def test_what_a_person_has_decided_is_rung_since_the_news_of_it_may_be_lost(
    database: Database, state: ApplicationState, undo: timedelta | None, found: bool
) -> None:
    moment = now()
    application = await add_waiting(
        database,
        state,
        timedelta(minutes=9),
        scouted_at=moment - timedelta(minutes=20),
        asked_at=moment - timedelta(minutes=19),
        undo_until=None if undo is None else moment + undo,
    )
    assert ids((await find(database)).rings) == ([application.id] if found else [])


async def test_an_undo_window_as_long_as_the_watch_for_lost_news_is_no_gap(database: Database) -> None:
    moment = now()
    application = await add_waiting(
        database, S.APPROVED, timedelta(minutes=11), undo_until=moment - timedelta(minutes=1)
    )
    assert ids((await find(database)).rings) == [application.id]


async def test_a_form_that_is_just_being_read_is_left_alone(database: Database) -> None:
    await add_waiting(database, S.PREPARING, timedelta(minutes=5))
    assert (await find(database)).rings == []


@pytest.mark.parametrize("state", [S.NEEDS_INPUT, S.AWAITING_APPROVAL])
async def test_a_wait_that_is_over_is_rung(database: Database, state: ApplicationState) -> None:
    five = timedelta(minutes=5)
    overdue = await add_waiting(database, state, five, deadline_at=now() - timedelta(minutes=2))
    await add_waiting(database, state, five, deadline_at=now() + timedelta(minutes=2))
    closed = await add_waiting(database, state, five, deadline_at=now() + timedelta(days=2))
    async with database.begin() as session:
        (await session.get_one(Job, closed.job_id)).expired_at = now()
    assert set(ids((await find(database)).rings)) == {overdue.id, closed.id}


async def test_of_those_that_wait_a_few_are_drawn_lest_a_lost_workflow_leaves_one_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "WAITING_SAMPLE", 2)
    for _ in range(4):
        await add_waiting(database, S.NEEDS_INPUT, timedelta(hours=1), deadline_at=now() + timedelta(days=6))
    stranded = await find(database)
    assert (len(stranded.applications), stranded.rings) == (2, [])


@pytest.mark.parametrize(("hours", "found"), [(1, False), (-1, True)])
async def test_what_may_still_be_undone_does_not_stand_still(
    database: Database, hours: int, found: bool
) -> None:
    application = await add_waiting(
        database, S.APPROVED, timedelta(hours=3), undo_until=now() + timedelta(hours=hours)
    )
    assert ids((await find(database)).applications) == ([application.id] if found else [])


@pytest.mark.parametrize(
    ("age", "told", "changes", "found"),
    [
        (timedelta(days=6), False, {}, False),
        (timedelta(days=7, minutes=30), False, {}, False),
        (timedelta(days=7, hours=2), False, {}, True),
        (timedelta(days=7, hours=2), True, {}, False),
        (timedelta(days=12), False, {}, False),
        (timedelta(days=30, hours=2), True, {}, True),
        (timedelta(days=55), True, {}, True),
        (timedelta(days=400), True, {}, False),
        (timedelta(days=31), True, {"ghosted_proposed_at": now()}, False),
        (timedelta(days=31), True, {"outcome": Outcome.REJECTED}, False),
        (timedelta(days=31), True, {"stage": Stage.ONSITE}, False),
        (timedelta(days=31), True, {"state": S.UNKNOWN_OUTCOME}, False),
    ],
)
async def test_a_lost_follow_up_is_found(
    database: Database, age: timedelta, told: bool, changes: dict[str, Any], found: bool
) -> None:
    values = {"stage": Stage.APPLIED, "submitted_at": now() - age, **changes}
    values.pop("state", None)
    state = changes.get("state", S.SUBMITTED)
    application = await add_waiting(database, state, age, **values)
    if told:
        async with database.begin() as session:
            session.add(
                Notification(
                    user_id=application.user_id,
                    application_id=application.id,
                    kind=NotificationKind.FOLLOW_UP_DUE,
                    mailed_at=now(),
                )
            )
    assert ids((await find(database)).follow_ups) == ([application.id] if found else [])


async def add_mail(database: Database, purpose: TokenPurpose, **values: Any) -> UUID:  # noqa: ANN401 -- any column
    """Store a mail about a new person's account that was asked for a minute ago; return its id."""
    token = OneTimeToken.by_mail_for(await add_person(database), purpose, ASKED)
    token.created_at = now() - timedelta(minutes=1)
    for name, value in values.items():
        setattr(token, name, value)
    async with database.begin() as session:
        session.add(token)
    return token.id


async def test_a_mail_about_an_account_that_nobody_sends_is_found(database: Database) -> None:
    reset = TokenPurpose.RESET_PASSWORD
    waiting = await add_mail(database, reset)
    for values in (
        {"mailed_at": now()},
        {"used_at": now()},
        {"expires_at": now()},
        {"by_mail": False},
        {"created_at": now() - timedelta(seconds=20)},
    ):
        await add_mail(database, reset, **values)
    assert [each.token_id for each in (await find(database)).token_mails] == [waiting]
    assert (await find(database, mails=False)).token_mails == []


async def test_of_who_is_locked_out_only_news_are_found(database: Database) -> None:
    await add_mail(database, TokenPurpose.RESET_PASSWORD)
    news = await add_mail(database, TokenPurpose.EMAIL_LEFT)
    async with database.begin() as session:
        await session.exec(update(Account).values(locked_at=now()))
    assert [each.token_id for each in (await find(database)).token_mails] == [news]
