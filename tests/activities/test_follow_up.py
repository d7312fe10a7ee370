"""A month after it was sent: reminded once, proposed once, and nothing more once something was heard."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select
from temporalio.testing import ActivityEnvironment

from activities.follow_up import FollowUpActivities, FollowUpDays
from models.application import Application, application_locked
from models.base import now
from models.database import Database
from models.enums import ApplicationState, NotificationKind, Outcome, Stage
from models.notification import Notification
from tests.activities.people import add_application, add_job, add_person
from workflows.messages import ApplicationRef, FollowUpPlan, Told

DAYS = FollowUpDays(remind=7, ghosted=30)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database of our own."""
    database = Database(database_url)
    yield database
    await database.close()


async def submitted(database: Database, ago: timedelta = timedelta(0), **columns: Any) -> Application:  # noqa: ANN401 -- any column
    """Store an application that was submitted so long ago."""
    person, job = await add_person(database), await add_job(database)
    application = await add_application(database, person, job)
    return await change(database, application, stage=Stage.APPLIED, submitted_at=now() - ago, **columns)


async def change(database: Database, application: Application, **columns: Any) -> Application:  # noqa: ANN401 -- as above
    """Change an application's row."""
    async with database.begin() as session:
        row = (await session.exec(application_locked(application.id))).one()
        for name, value in columns.items():
            setattr(row, name, value)
    return row


def ref_of(application: Application) -> ApplicationRef:
    """Return the message that names an application."""
    return ApplicationRef(
        application_id=application.id, user_id=application.user_id, job_id=application.job_id
    )


async def plan(database: Database, application: Application) -> FollowUpPlan:
    """Plan."""
    steps = FollowUpActivities(database, DAYS)
    return await ActivityEnvironment().run(steps.plan_follow_up, ref_of(application))


async def remind(database: Database, application: Application) -> Told:
    """Remind."""
    steps = FollowUpActivities(database, DAYS)
    return await ActivityEnvironment().run(steps.remind_to_follow_up, ref_of(application))


async def propose(database: Database, application: Application) -> Told:
    """Propose."""
    steps = FollowUpActivities(database, DAYS)
    return await ActivityEnvironment().run(steps.propose_ghosted, ref_of(application))


def at(application: Application, days: int) -> datetime:
    """Return the moment so many days after an application was submitted."""
    assert application.submitted_at is not None
    return application.submitted_at + timedelta(days=days)


async def test_a_week_and_a_month_are_planned(database: Database) -> None:
    application = await submitted(database)
    assert await plan(database, application) == FollowUpPlan(
        remind_at=at(application, 7), ghosted_at=at(application, 30)
    )


async def test_the_reminder_comes_once_and_the_proposal_ends_it(database: Database) -> None:
    application = await submitted(database)
    assert (await remind(database, application)).notification_id is not None
    assert (await remind(database, application)).notification_id is None
    assert await plan(database, application) == FollowUpPlan(ghosted_at=at(application, 30))
    assert (await propose(database, application)).notification_id is not None
    assert (await propose(database, application)).notification_id is None
    assert await plan(database, application) == FollowUpPlan()
    async with database.begin() as session:
        kinds = (await session.exec(select(Notification.kind).order_by(col(Notification.id)))).all()
        row = await session.get_one(Application, application.id)
    assert kinds == [NotificationKind.FOLLOW_UP_DUE, NotificationKind.GHOSTED_PROPOSED]
    # only the person says what the outcome is
    assert (row.outcome, row.ghosted_proposed_at is not None) == (None, True)


async def test_who_is_late_by_a_month_is_not_reminded_as_well(database: Database) -> None:
    application = await submitted(database, timedelta(days=31))
    assert await plan(database, application) == FollowUpPlan(ghosted_at=at(application, 30))


@pytest.mark.parametrize(
    "change_",
    [
        {"stage": Stage.RECRUITER_SCREEN},
        {"stage": Stage.CLOSED},
        {"outcome": Outcome.REJECTED},
        {"state": ApplicationState.NOT_SUBMITTED},
    ],
    ids=str,
)
async def test_nothing_is_told_once_something_was_heard(database: Database, change_: dict[str, Any]) -> None:
    application = await submitted(database)
    await change(database, application, **change_)
    assert await plan(database, application) == FollowUpPlan()
    assert await remind(database, application) == Told()
    assert await propose(database, application) == Told()


async def test_an_application_that_is_gone_is_not_followed(database: Database) -> None:
    application = await submitted(database)
    async with database.begin() as session:
        await session.delete(await session.get_one(Application, application.id))
    assert await plan(database, application) == FollowUpPlan()
    assert await remind(database, application) == Told()
