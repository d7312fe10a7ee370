"""The ledger of calls: no window is ever passed, whoever reserves, and whatever becomes of a call."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from activities.job_fetch.ledger import Ledger, Refusal
from activities.job_fetch.pacing import PROBE_AFTER
from models.base import now
from models.database import Database
from models.enums import CallState, CallWindow, FetchFault
from models.errors import NotFoundError
from models.fetch_key import USAGE, CallLimits, FetchCall, FetchKey
from models.job_search import JobSearch, SearchTerms
from tests.activities.people import add_person

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
WIDE = CallLimits(minute=10_000, day=10_000, week=10_000, month=10_000)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with room for many connections."""
    database = Database(database_url, reader_pool_size=60)
    yield database
    await database.close()


async def add_key(database: Database, **values: Any) -> UUID:  # noqa: ANN401 -- any column
    """Store a key and return its id."""
    key = FetchKey(**values)
    async with database.begin() as session:
        session.add(key)
    return key.id


async def make(ledger: Ledger, key_id: UUID, at: datetime, state: CallState = CallState.MADE) -> None:
    """Reserve and settle a call."""
    call_id = await ledger.reserve(key_id, None, at)
    assert isinstance(call_id, UUID), call_id
    await ledger.settle(call_id, state, at)


async def refused(ledger: Ledger, key_id: UUID, at: datetime) -> tuple[CallWindow | None, timedelta]:
    """Return by which window a call is refused, and for how long."""
    refusal = await ledger.reserve(key_id, None, at)
    assert isinstance(refusal, Refusal), refusal
    return refusal.window, refusal.wait


async def test_of_fifty_at_once_as_many_are_let_through_as_the_limit_says(database: Database) -> None:
    key_id, ledger = await add_key(database), Ledger(database, CallLimits(minute=25))
    gate = asyncio.Barrier(50)

    async def reserve() -> UUID | Refusal:
        await gate.wait()
        return await ledger.reserve(key_id, None)

    outcomes = await asyncio.gather(*(reserve() for _ in range(50)))
    refusals = [each for each in outcomes if isinstance(each, Refusal)]
    assert len(refusals) == 25
    assert {each.window for each in refusals} == {CallWindow.MINUTE}
    async with database.begin() as session:
        assert len((await session.exec(select(FetchCall.id))).all()) == 25


@pytest.mark.parametrize(
    ("window", "span"),
    [
        (CallWindow.MINUTE, timedelta(minutes=1)),
        (CallWindow.DAY, timedelta(days=1)),
        (CallWindow.WEEK, timedelta(days=7)),
        (CallWindow.MONTH, timedelta(days=31)),
    ],
)
async def test_a_window_slides_from_call_to_call(
    database: Database, window: CallWindow, span: timedelta
) -> None:
    limits = CallLimits(**{**vars(WIDE), window.value: 3})
    key_id, ledger = await add_key(database), Ledger(database, limits)
    tenth = span / 10
    for number in range(3):
        await make(ledger, key_id, NOON + number * tenth)
    assert await refused(ledger, key_id, NOON + 3 * tenth) == (window, 7 * tenth)
    just_before = NOON + span - timedelta(microseconds=1)
    assert await refused(ledger, key_id, just_before) == (window, timedelta(microseconds=1))
    await make(ledger, key_id, NOON + span)
    assert await refused(ledger, key_id, NOON + span) == (window, tenth)


async def test_of_several_full_windows_the_one_counts_that_is_full_the_longest(database: Database) -> None:
    limits = CallLimits(minute=1, day=1, week=2, month=2)
    key_id, ledger = await add_key(database), Ledger(database, limits)
    await make(ledger, key_id, NOON)
    assert await refused(ledger, key_id, NOON) == (CallWindow.DAY, timedelta(days=1))
    await make(ledger, key_id, NOON + timedelta(days=1))
    assert await refused(ledger, key_id, NOON + timedelta(days=1)) == (CallWindow.MONTH, timedelta(days=30))


async def test_only_what_was_provably_not_made_counts_no_more(database: Database) -> None:
    key_id, ledger = await add_key(database), Ledger(database, CallLimits(minute=1))
    await make(ledger, key_id, NOON, CallState.RELEASED)
    lost = await ledger.reserve(key_id, None, NOON)
    assert isinstance(lost, UUID)
    # whoever reserved it may have died, and may have called before
    assert await refused(ledger, key_id, NOON) == (CallWindow.MINUTE, timedelta(minutes=2))
    await ledger.settle(lost, CallState.MADE, NOON + timedelta(seconds=5))
    await ledger.settle(lost, CallState.RELEASED, NOON + timedelta(seconds=6))
    at = NOON + timedelta(seconds=7)
    assert await refused(ledger, key_id, at) == (CallWindow.MINUTE, timedelta(seconds=58))


async def test_a_call_that_took_its_time_counts_from_when_it_was_made(database: Database) -> None:
    key_id, ledger = await add_key(database), Ledger(database, CallLimits(minute=1))
    call_id = await ledger.reserve(key_id, None, NOON)
    assert isinstance(call_id, UUID)
    await ledger.settle(call_id, CallState.MADE, NOON + timedelta(seconds=20))
    at = NOON + timedelta(seconds=70)
    assert await refused(ledger, key_id, at) == (CallWindow.MINUTE, timedelta(seconds=10))


async def test_without_a_time_the_databases_clock_counts(database: Database) -> None:
    key_id, ledger = await add_key(database), Ledger(database, WIDE)
    before = now()
    call_id = await ledger.reserve(key_id, None)
    assert isinstance(call_id, UUID)
    await ledger.settle(call_id, CallState.MADE)
    async with database.begin() as session:
        call = await session.get_one(FetchCall, call_id)
    assert call.settled_at is not None
    assert before - timedelta(minutes=1) < call.created_at < call.settled_at < now() + timedelta(minutes=1)


async def test_each_key_has_a_ledger_of_its_own(database: Database) -> None:
    first, ledger = await add_key(database), Ledger(database, CallLimits(minute=1))
    second = await add_key(database, owner_id=await add_person(database))
    await make(ledger, first, NOON)
    assert (await refused(ledger, first, NOON))[0] is CallWindow.MINUTE
    await make(ledger, second, NOON)
    with pytest.raises(NotFoundError):
        await ledger.reserve(UUID(int=1), None, NOON)


async def test_a_key_that_adzuna_refused_or_limited_is_left_alone(database: Database) -> None:
    ledger = Ledger(database, WIDE)
    key_id = await add_key(database, blocked_until=NOON + timedelta(minutes=9))
    blocked = await ledger.reserve(key_id, None, NOON)
    assert blocked == Refusal(FetchFault.RATE_LIMITED, timedelta(minutes=9))
    await make(ledger, key_id, NOON + timedelta(minutes=9))
    async with database.begin() as session:
        (await session.get_one(FetchKey, key_id)).refused_at = NOON
    gone = await ledger.reserve(key_id, None, NOON + timedelta(hours=1))
    assert gone == Refusal(FetchFault.CREDENTIALS_REFUSED, PROBE_AFTER - timedelta(hours=1))
    await make(ledger, key_id, NOON + PROBE_AFTER)


async def test_a_search_was_tried_when_a_call_for_it_was_made(database: Database) -> None:
    key_id, ledger = await add_key(database), Ledger(database, WIDE)
    search = JobSearch.of(SearchTerms(country="gb"))
    async with database.begin() as session:
        session.add(search)
    for state, tried_at in ((CallState.RELEASED, None), (CallState.MADE, NOON)):
        call_id = await ledger.reserve(key_id, search.id, NOON)
        assert isinstance(call_id, UUID)
        await ledger.settle(call_id, state, NOON)
        async with database.begin() as session:
            assert (await session.get_one(JobSearch, search.id)).tried_at == tried_at


async def test_usage_counts_each_window_and_the_level_of_the_bucket(database: Database) -> None:
    key_id, ledger = await add_key(database), Ledger(database, WIDE)
    ago = [timedelta(seconds=s) for s in (0, 30, 3600, 86_399, 86_400, 600_000, 2_600_000, 2_678_400)]
    for each in sorted(ago, reverse=True):
        await make(ledger, key_id, NOON - each)
    await make(ledger, key_id, NOON, CallState.RELEASED)
    (row,) = await database.rows(USAGE, {"at": NOON, "rate": 1 / 1800})
    assert (row["id"], row["minute"], row["day"], row["week"], row["month"]) == (key_id, 2, 4, 6, 7)
    # two came within half a minute, and of all before nothing is left
    assert row["level"] == pytest.approx(2 - 30 / 1800)
    await add_key(database, owner_id=await add_person(database))
    first, second = await database.rows(USAGE, {"at": NOON, "rate": 0})
    assert (first["owner_id"], first["level"], second["month"], second["level"]) == (None, 7, 0, 0)
