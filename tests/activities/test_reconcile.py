"""What stands still is found, and what moves is left alone."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from temporalio.testing import ActivityEnvironment

from activities import reconcile
from activities.reconcile import ReconcileActivities
from models.application import Application
from models.base import now
from models.chat import ChatMessage
from models.database import Database
from models.enums import ApplicationState, ChatRole, ChatState, NotificationKind
from models.notification import Notification
from tests.activities.people import add_application, add_job, add_person
from workflows.messages import Stranded

S = ApplicationState


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
        (S.QUEUED, timedelta(seconds=20), False),
        (S.QUEUED, timedelta(seconds=40), True),
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
    ids = [(ref.application_id, ref.user_id, ref.job_id) for ref in stranded]
    assert ids == ([(application.id, person, job.id)] if found else [])


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
        application: Application = await add_application(database, person, job, S.QUEUED, at=at)
        everybody.add(application.id)
    seen: set[UUID] = set()
    for _ in range(100):
        found = (await find(database)).applications
        assert len(found) == 2
        seen |= {ref.application_id for ref in found}
        if seen == everybody:
            break
    assert seen == everybody
