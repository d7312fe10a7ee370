"""Whose key fetches what, what becomes of a key that Adzuna refuses or limits, and who is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select, update
from temporalio.exceptions import ApplicationError

from activities.job_fetch import keys as marks
from activities.job_fetch.options import FetchOptions
from activities.job_fetch.pacing import PROBE_AFTER
from activities.vendors.adzuna import SearchQuery
from models.account import Account
from models.base import now
from models.enums import CallState, EventKind, FetchFault, NotificationKind, Role
from models.event import Event
from models.fetch_key import CallLimits, FetchCall, FetchKey
from models.integration import Integration
from models.job_search import SavedSearch, SearchTerms
from models.notification import Notification
from tests.activities.fetch_scene import FetchScene, bring_key, credentials, fetch_scene, save_search
from tests.activities.people import add_person

COOK = SearchTerms(country="gb", what="cook")
NURSE = SearchTerms(country="gb", what="nurse")


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[FetchScene]:
    """No searches but those that a test saves."""
    async with fetch_scene(database_url, options=FetchOptions([], attempts=2)) as scene:
        yield scene


async def key_of(scene: FetchScene, owner_id: UUID | None = None) -> FetchKey:
    """Read the ledger of a person's key, or of the installation's."""
    async with scene.database.begin() as session:
        return (await session.exec(select(FetchKey).where(FetchKey.owner_id == owner_id))).one()


async def told(scene: FetchScene) -> list[tuple[UUID, NotificationKind]]:
    """Return who was told what."""
    query = select(Notification.user_id, Notification.kind).order_by(col(Notification.id))
    async with scene.database.begin() as session:
        return [(user_id, NotificationKind(kind)) for user_id, kind in await session.exec(query)]


async def fault_of(scene: FetchScene) -> tuple[str | None, bool]:
    """Fetch what is planned first; return the failure's word, and whether it is final."""
    with pytest.raises(ApplicationError) as raised:
        await scene.page(await scene.plan())
    return raised.value.type, raised.value.non_retryable


async def test_an_own_key_fetches_what_its_owner_wants_from_its_own_ledger(scene: FetchScene) -> None:
    owner, other = await add_person(scene.database), await add_person(scene.database)
    await bring_key(scene.database, owner)
    await save_search(scene.database, COOK, owner, other)
    nurse = await save_search(scene.database, NURSE, other)
    await scene.fetch()
    asked = {request["query"]["what"]: request["query"]["app_id"] for request in await scene.requests()}
    assert (asked["cook"], asked["nurse"] != asked["cook"]) == ("own-app-id", True)
    async with scene.database.begin() as session:
        rows = (await session.exec(select(FetchCall.fetch_key_id, FetchCall.search_id))).all()
    installation = await key_of(scene)
    assert [search_id for key_id, search_id in rows if key_id == installation.id] == [nurse.id]
    assert len(rows) == 2


async def test_no_key_of_a_person_is_in_its_ledger(scene: FetchScene) -> None:
    owner = await add_person(scene.database)
    await bring_key(scene.database, owner)
    await scene.plan()
    key = await key_of(scene, owner)
    assert len(key.digest) == 64
    assert "own-app" not in str(key.model_dump())


async def test_a_refused_key_of_a_person_is_told_once_and_the_installations_goes_on(
    scene: FetchScene,
) -> None:
    owner = await add_person(scene.database)
    await bring_key(scene.database, owner, "a-wrong-key")
    await save_search(scene.database, COOK, owner)
    assert await fault_of(scene) == (FetchFault.CREDENTIALS_REFUSED, True)
    assert await told(scene) == [(owner, NotificationKind.ADZUNA_KEY_REFUSED)]
    refused = await key_of(scene, owner)
    assert refused.refused_at is not None
    # the next run asks by the installation's
    plan = await scene.plan()
    assert plan.key_ids == ((await key_of(scene)).id,)
    await scene.page(plan)
    assert (await key_of(scene, owner)).refused_at == refused.refused_at

    # a day later it is tried once more, and nobody is told again
    async with scene.database.begin() as session:
        await session.exec(update(FetchKey).values(refused_at=now() - PROBE_AFTER))
        await session.exec(update(FetchKey).where(col(FetchKey.owner_id).is_(None)).values(refused_at=None))
    assert await fault_of(scene) == (FetchFault.CREDENTIALS_REFUSED, True)
    assert len(await told(scene)) == 1


async def test_a_replaced_key_is_used_at_once_and_its_refusal_told_anew(scene: FetchScene) -> None:
    owner = await add_person(scene.database)
    await bring_key(scene.database, owner, "a-wrong-key")
    await save_search(scene.database, COOK, owner)
    await fault_of(scene)
    await bring_key(scene.database, owner, "another-wrong-key")
    await fault_of(scene)
    assert await told(scene) == [(owner, NotificationKind.ADZUNA_KEY_REFUSED)] * 2
    await bring_key(scene.database, owner)
    await scene.page(await scene.plan())
    key = await key_of(scene, owner)
    assert (key.refused_at, key.told_at) == (None, None)


async def test_a_refusal_counts_only_against_the_key_that_it_was(scene: FetchScene) -> None:
    owner = await add_person(scene.database)
    await bring_key(scene.database, owner, "a-wrong-key")
    await save_search(scene.database, COOK, owner)
    plan = await scene.plan()
    async with scene.database.begin() as session:
        await session.exec(update(FetchKey).values(digest="of a newer one"))
    with pytest.raises(ApplicationError):
        await scene.page(plan)
    assert ((await key_of(scene, owner)).refused_at, await told(scene)) == (None, [])


async def test_of_the_installations_refused_key_every_admin_is_told_once(scene: FetchScene) -> None:
    first, second, person = [await add_person(scene.database) for _ in range(3)]
    async with scene.database.begin() as session:
        await session.exec(
            update(Account).where(col(Account.id).in_([first, second])).values(role=Role.ADMIN)
        )
    await save_search(scene.database, COOK, person)
    scene.activities.credentials = credentials(scene.database, app_key="a-wrong-key")
    await fault_of(scene)
    assert {user_id for user_id, _ in await told(scene)} == {first, second}
    plan = await scene.plan()
    assert (plan.search_ids, len(await told(scene))) == ([], 2)
    async with scene.database.begin() as session:
        events = (await session.exec(select(Event).where(Event.kind == EventKind.NOTIFICATION_ADDED))).all()
    assert {event.user_id for event in events} == {first, second}


async def test_a_key_that_was_taken_away_is_asked_no_more(scene: FetchScene) -> None:
    owner = await add_person(scene.database)
    await bring_key(scene.database, owner)
    await save_search(scene.database, COOK, owner)
    plan = await scene.plan()
    async with scene.database.begin() as session:
        await session.delete((await session.exec(select(Integration))).one())
    with pytest.raises(ApplicationError) as raised:
        await scene.page(plan)
    assert (raised.value.type, await scene.requests()) == (FetchFault.CREDENTIALS_REFUSED, [])
    assert (await scene.plan()).key_ids == ((await key_of(scene)).id,)


async def test_a_key_whose_seal_does_not_open_is_refused_and_told(scene: FetchScene) -> None:
    owner = await add_person(scene.database)
    await bring_key(scene.database, owner)
    await save_search(scene.database, COOK, owner)
    async with scene.database.begin() as session:
        await session.exec(update(Integration).values(credentials_sealed=b"garbage"))
    assert await fault_of(scene) == (FetchFault.CREDENTIALS_REFUSED, True)
    assert (len(await told(scene)), await scene.requests(), await scene.calls()) == (1, [], {})


async def test_a_limit_without_a_time_is_waited_for_longer_each_time(scene: FetchScene) -> None:
    await save_search(scene.database, COOK, await add_person(scene.database))
    await scene.arm(kind="status", status=429)
    for minutes in (1, 2, 4, 8):
        await scene.forgive()
        before = now()
        await fault_of(scene)
        blocked = (await key_of(scene)).blocked_until
        assert blocked is not None
        assert timedelta(0) <= blocked - before - timedelta(minutes=minutes) < timedelta(seconds=30)
    # while it lasts nothing is planned, and nothing that was planned is asked
    asked = len(await scene.requests())
    assert (await scene.plan()).search_ids == []
    await scene.vendor.delete("/_control/faults")
    await scene.forgive()
    await scene.fetch()
    key = await key_of(scene)
    assert (len(await scene.requests()), key.blocked_times, key.blocked_until) == (asked + 1, 0, None)


async def test_an_answer_that_was_under_way_ends_no_wait_that_began_meanwhile(scene: FetchScene) -> None:
    await scene.plan()
    key, until = await key_of(scene), now() + timedelta(minutes=2)
    async with scene.database.begin() as session:
        await session.exec(update(FetchKey).values(blocked_until=until, blocked_times=1))
    async with scene.database.begin() as session:
        await marks.answered(session, key.id)
    key = await key_of(scene)
    assert (key.blocked_until, key.blocked_times) == (until, 1)


async def test_what_was_planned_before_a_limit_is_left_alone_meanwhile(scene: FetchScene) -> None:
    await save_search(scene.database, COOK, await add_person(scene.database))
    plan = await scene.plan()
    async with scene.database.begin() as session:
        await session.exec(update(FetchKey).values(blocked_until=now() + timedelta(minutes=2)))
    with pytest.raises(ApplicationError) as raised:
        await scene.page(plan)
    wait = raised.value.next_retry_delay or timedelta(0)
    assert (raised.value.type, raised.value.non_retryable) == (FetchFault.RATE_LIMITED, False)
    assert timedelta(minutes=1) < wait <= timedelta(minutes=2)
    assert (await scene.requests(), await scene.calls()) == ([], {})


async def test_doubled_steps_of_many_searches_never_pass_the_limit(database_url: str) -> None:
    options = FetchOptions([SearchQuery("gb", f"trade {n}") for n in range(6)], limits=CallLimits(minute=4))
    async with fetch_scene(database_url, options=options) as scene:
        await scene.vendor.put("/_control/limits", json={"per_minute": 4})
        plan = await scene.plan()
        pages = [scene.page(plan, search=number) for number in (*range(6), *range(6))]
        outcomes = await asyncio.gather(*pages, return_exceptions=True)
        refused = [each.type for each in outcomes if isinstance(each, ApplicationError)]
        assert refused == [FetchFault.BUDGET_SPENT] * 8
        assert (len(await scene.requests()), await scene.calls()) == (4, {CallState.MADE: 4})


async def test_a_call_whose_worker_died_counts_as_made(database_url: str) -> None:
    options = FetchOptions([SearchQuery("gb")], limits=CallLimits(minute=1))
    async with fetch_scene(database_url, options=options) as scene:
        plan = await scene.plan()
        await scene.arm(kind="slow", seconds=60)
        dying = asyncio.create_task(scene.page(plan))
        async with asyncio.timeout(60):
            while not await scene.calls():  # noqa: ASYNC110 -- told by a row
                await asyncio.sleep(0.01)
        dying.cancel()
        with suppress(asyncio.CancelledError):
            await dying
        assert await scene.calls() == {CallState.RESERVED: 1}
        with pytest.raises(ApplicationError) as raised:
            await scene.page(plan)
        assert (raised.value.type, raised.value.non_retryable) == (FetchFault.BUDGET_SPENT, False)


async def test_a_person_who_leaves_takes_their_ledger_along(scene: FetchScene) -> None:
    owner = await add_person(scene.database)
    await bring_key(scene.database, owner)
    await save_search(scene.database, COOK, owner)
    await scene.fetch()
    async with scene.database.begin() as session:
        await session.delete(await session.get_one(Account, owner))
    async with scene.database.begin() as session:
        assert (await session.exec(select(SavedSearch))).all() == []
        assert [key.owner_id for key in await session.exec(select(FetchKey))] == [None]
        assert (await session.exec(select(FetchCall))).all() == []
