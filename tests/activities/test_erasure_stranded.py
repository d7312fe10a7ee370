"""An erasure whose workflow was lost is found, and nothing else is begun for whoever is being erased."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import update
from temporalio.testing import ActivityEnvironment

from activities.reconcile import ReconcileActivities
from models.base import now
from models.chat import ChatMessage
from models.enums import ApplicationState, ChatRole, ChatState, NotificationKind
from models.erasure import Erasure
from models.notification import Notification
from tests.activities.erasure_scene import Erasing, erasing
from tests.activities.people import add_application, add_job, add_person
from workflows.stranded import Stranded

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[Erasing]:
    """The steps over a database of our own."""
    async with erasing(database_url) as scene:
        yield scene


async def find(scene: Erasing) -> Stranded:
    """Run the reconciliation's step."""
    return await ActivityEnvironment().run(ReconcileActivities(scene.database, mails=True).find_stranded)


async def age(scene: Erasing, **times: timedelta) -> None:
    """Have moments of every erasure been so long ago."""
    async with scene.database.begin() as session:
        values = {name: now() - ago for name, ago in times.items()}
        await session.exec(update(Erasure).values(**values))


@pytest.mark.parametrize(
    ("asked", "due_in", "found"),
    [
        (timedelta(seconds=5), DAY, False),
        (timedelta(minutes=1), DAY, True),
        (HOUR, DAY, False),
        (DAY, timedelta(0), False),
        (DAY, -timedelta(minutes=2), True),
    ],
)
async def test_what_was_asked_for_lately_or_is_overdue_is_started(
    scene: Erasing, asked: timedelta, due_in: timedelta, found: bool
) -> None:
    ref = await scene.ask(await add_person(scene.database), DAY)
    await age(scene, created_at=asked, due_at=-due_in)
    assert (await find(scene)).erasures == ([ref] if found else [])


@pytest.mark.parametrize(("ago", "found"), [(timedelta(minutes=1), False), (HOUR, True)])
async def test_what_goes_on_for_long_is_started_again(scene: Erasing, ago: timedelta, found: bool) -> None:
    ref = await scene.begun(await add_person(scene.database))
    await age(scene, began_at=ago, created_at=DAY)
    assert (await find(scene)).erasures == ([ref] if found else [])


@pytest.mark.parametrize("undone", [True, False])
async def test_what_is_over_is_left_alone(scene: Erasing, undone: bool) -> None:
    person = await add_person(scene.database)
    ref = await scene.ask(person)
    async with scene.database.begin() as session:
        erasure = await session.get_one(Erasure, ref.erasure_id)
        if undone:
            erasure.undo()
        else:
            erasure.begin()
            erasure.close()
    await age(scene, created_at=DAY, due_at=HOUR)
    assert (await find(scene)).erasures == []


async def test_nothing_is_begun_for_whoever_is_being_erased(scene: Erasing) -> None:
    people = [await add_person(scene.database) for _ in range(2)]
    for person in people:
        job = await add_job(scene.database)
        await add_application(scene.database, person, job, ApplicationState.CONFIRMING, at=now() - DAY)
        question = ChatMessage(
            user_id=person, role=ChatRole.ASSISTANT, state=ChatState.STREAMING, created_at=now() - HOUR
        )
        told = Notification(user_id=person, kind=NotificationKind.NEW_LOGIN, created_at=now() - HOUR)
        async with scene.database.begin() as session:
            session.add_all([question, told])
    gone, other = people
    await scene.begun(gone)
    found = await find(scene)
    for refs in (found.applications, found.chat_turns, found.notifications):
        assert {each.user_id for each in refs} == {other}
