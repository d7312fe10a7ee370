"""The plan of a run against PostgreSQL: what is wanted and by how many, what is left out, and who is next."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select, update
from temporalio.exceptions import ApplicationError

from activities.job_fetch.options import FetchOptions
from activities.vendors.adzuna import SearchQuery
from models.account import Account
from models.base import now
from models.enums import CallState, FetchFault
from models.fetch_key import CallLimits, FetchCall, FetchKey
from models.job_search import FetchRun, JobSearch, SearchTerms
from tests.activities.fetch_scene import FetchScene, fetch_scene, save_search
from tests.activities.people import add_person
from workflows.job_messages import FetchPlan, FetchRunRef

HOUR = timedelta(hours=1)


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[FetchScene]:
    """One call a run, and no searches but those that a test saves."""
    options = FetchOptions([], limits=CallLimits(day=1, week=9, month=30))
    async with fetch_scene(database_url, options=options) as scene:
        yield scene


def terms(what: str) -> SearchTerms:
    """Return a search for some word."""
    return SearchTerms(country="gb", what=what)


async def change(scene: FetchScene, search: JobSearch, **values: Any) -> None:  # noqa: ANN401 -- any column
    """Change a search's row."""
    async with scene.database.begin() as session:
        await session.exec(update(JobSearch).where(col(JobSearch.id) == search.id).values(**values))


async def aged(scene: FetchScene, what: str, hours: float, *people: UUID) -> JobSearch:
    """Store a search that was fetched so many hours ago."""
    search = await save_search(scene.database, terms(what), *people)
    await change(scene, search, fetched_at=now() - hours * HOUR)
    return search


async def of(scene: FetchScene, search: JobSearch) -> JobSearch:
    """Read a search anew."""
    async with scene.database.begin() as session:
        return await session.get_one(JobSearch, search.id)


async def run_of(scene: FetchScene, plan: FetchPlan) -> FetchRun:
    """Read a run."""
    async with scene.database.begin() as session:
        return await session.get_one(FetchRun, plan.fetch_run_id)


async def test_everybody_has_one_vote_and_shares_it_among_their_searches(scene: FetchScene) -> None:
    hoarder, one, two = [await add_person(scene.database) for _ in range(3)]
    many = [await aged(scene, f"hoarded {number}", 12, hoarder) for number in range(10)]
    shared = await aged(scene, "shared", 10, one, two)
    assert (await scene.plan()).search_ids == [shared.id]
    await change(scene, shared, fetched_at=now())
    assert (await scene.plan()).search_ids[0] in {search.id for search in many}


async def test_a_default_search_has_a_vote_of_its_own(database_url: str) -> None:
    options = FetchOptions([SearchQuery("gb", "default")], limits=CallLimits(day=1, week=9, month=30))
    async with fetch_scene(database_url, options=options) as scene:
        person = await add_person(scene.database)
        await scene.plan()
        (default,) = await scene.searches()
        for number in range(5):
            await aged(scene, f"other {number}", 4, person)
        await change(scene, default, fetched_at=now() - 3 * HOUR)
        assert (await scene.plan()).search_ids == [default.id]


async def test_what_nobody_wants_any_more_is_not_fetched(scene: FetchScene) -> None:
    search = await aged(scene, "cook", 99, person := await add_person(scene.database))
    assert (await scene.plan()).search_ids == [search.id]
    async with scene.database.begin() as session:
        await session.delete(await session.get_one(Account, person))
    plan = await scene.plan()
    assert (plan.search_ids, (await run_of(scene, plan)).left_out) == ([], 0)


async def test_a_new_search_counts_as_a_day_old(scene: FetchScene) -> None:
    person = await add_person(scene.database)
    await aged(scene, "cook", 23, person)
    new = await save_search(scene.database, terms("nurse"), person)
    assert (await scene.plan()).search_ids == [new.id]
    await aged(scene, "clerk", 25, person)
    assert (await scene.plan()).search_ids != [new.id]


@pytest.mark.parametrize(
    ("fault", "is_behind"),
    [
        (FetchFault.VENDOR_ERROR, True),
        (FetchFault.GARBAGE, True),
        (FetchFault.BAD_REQUEST, True),
        (FetchFault.RATE_LIMITED, False),
        (FetchFault.CREDENTIALS_REFUSED, False),
    ],
)
async def test_a_search_that_fails_by_itself_goes_behind_the_others_and_blocks_nobody(
    scene: FetchScene, fault: FetchFault, is_behind: bool
) -> None:
    person = await add_person(scene.database)
    failing, sound = await aged(scene, "failing", 9, person), await aged(scene, "sound", 8, person)
    await change(scene, failing, tried_at=now() - HOUR, last_error=fault)
    first = sound if is_behind else failing
    assert (await scene.plan()).search_ids == [first.id]


async def test_a_run_says_what_it_left_out_and_each_search_when_it_is_next(scene: FetchScene) -> None:
    person = await add_person(scene.database)
    searches = [await aged(scene, f"trade {number}", 9 - number, person) for number in range(4)]
    before = now()
    plan = await scene.plan()
    assert plan.search_ids == [searches[0].id]
    assert (await run_of(scene, plan)).left_out == 3
    told = [(await of(scene, search)).next_at for search in searches]
    waits = [at - before for at in told if at is not None]
    assert len(waits) == 4
    assert waits[1] < waits[2] < waits[3]
    # what is brought now comes behind all others again
    assert waits[0] > waits[1]
    # a run that could not do all of its plan says so as well, once
    for _ in range(2):
        await scene.environment.run(
            scene.activities.finish, FetchRunRef(fetch_run_id=plan.fetch_run_id, left_out=1)
        )
    assert (await run_of(scene, plan)).left_out == 4


async def test_a_scheduled_run_is_paced_and_one_that_is_asked_for_is_not(database_url: str) -> None:
    async with fetch_scene(database_url, options=FetchOptions([SearchQuery("gb")])) as scene:
        await scene.plan()
        await spend(scene, 150, now() - HOUR)
        assert (await scene.plan(paced=True)).search_ids == []
        assert len((await scene.plan()).search_ids) == 1
        await spend(scene, 100, now() - HOUR)
        assert (await scene.plan()).search_ids == []


async def spend(scene: FetchScene, calls: int, at: datetime) -> None:
    """Record calls that were made at a time."""
    async with scene.database.begin() as session:
        key = (await session.exec(select(FetchKey))).one()
        session.add_all(
            FetchCall(fetch_key_id=key.id, created_at=at, settled_at=at, state=CallState.MADE)
            for _ in range(calls)
        )


async def test_a_full_day_ends_the_run_before_the_call_and_costs_none(scene: FetchScene) -> None:
    await aged(scene, "cook", 9, await add_person(scene.database))
    plan = await scene.plan()
    await spend(scene, 1, now() - HOUR)
    with pytest.raises(ApplicationError) as raised:
        await scene.page(plan)
    assert (raised.value.type, raised.value.non_retryable) == (FetchFault.BUDGET_SPENT, True)
    assert (await scene.requests(), await scene.calls()) == ([], {CallState.MADE: 1})


async def test_a_full_minute_is_waited_for(database_url: str) -> None:
    options = FetchOptions([SearchQuery("gb")], limits=CallLimits(minute=1))
    async with fetch_scene(database_url, options=options) as scene:
        plan = await scene.plan()
        await scene.page(plan)
        with pytest.raises(ApplicationError) as raised:
            await scene.page(plan)
        wait = raised.value.next_retry_delay or timedelta(0)
        assert timedelta(seconds=30) < wait <= timedelta(minutes=1)
        assert (raised.value.non_retryable, len(await scene.requests())) == (False, 1)
