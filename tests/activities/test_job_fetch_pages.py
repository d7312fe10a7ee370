"""What a fetch asks Adzuna for: the terms, no more days and pages than there is news, and who hears of it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI, Request
from sqlmodel import col, select, update

from activities.job_fetch.options import FetchOptions
from activities.job_fetch.searching import days_since
from activities.vendors.adzuna import SearchQuery
from models.base import now
from models.countries import COUNTRIES
from models.enums import ContractTime, ContractType, EventKind
from models.event import Event
from models.fetch_key import CallLimits
from models.job_search import JobSearch, SavedSearch, SearchTerms
from tests.activities.fetch_scene import FetchScene, fetch_scene, raw_ad, save_search
from tests.activities.people import add_person
from workflows.job_messages import SearchError

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
OPTIONS = FetchOptions([], results_per_page=2, pages_per_search=3, attempts=1)


class Newest(FastAPI):
    """Answers with pages of ads that were posted a day apart, the newest first."""

    def __init__(self, days: int) -> None:
        super().__init__()
        self.days = days
        self.get("/v1/api/jobs/{country}/search/{page}")(self.search)

    async def search(self, request: Request, page: int) -> dict[str, Any]:
        """Show a page."""
        size = int(request.query_params["results_per_page"])
        found = range(self.days - size * (page - 1), max(self.days - size * page, 0), -1)
        ads = [raw_ad(id=str(day), created=(MARCH + timedelta(day)).isoformat()) for day in found]
        return {"count": self.days, "results": ads}


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[FetchScene]:
    """No searches but those that a test saves."""
    async with fetch_scene(database_url, options=FetchOptions([], attempts=1)) as scene:
        yield scene


async def pages_of(scene: FetchScene) -> int:
    """Fetch the one search as the workflow does; return how many pages it took."""
    plan, window = await scene.plan(), None
    for number in range(1, plan.page_limits[0] + 1):
        result = await scene.page(plan, number, window=window)
        window = result.window
        if result.last:
            break
    return number


async def events(scene: FetchScene, user_id: UUID) -> list[tuple[str, UUID, dict[str, Any]]]:
    """Return what a person's client heard."""
    query = select(Event).where(Event.user_id == user_id).order_by(col(Event.number))
    async with scene.database.begin() as session:
        return [(event.kind, event.subject_id, event.data) for event in await session.exec(query)]


async def test_pages_behind_are_had_only_as_far_as_there_is_news(database_url: str) -> None:
    vendor = Newest(days=6)
    async with fetch_scene(database_url, app=vendor, options=OPTIONS) as scene:
        await save_search(scene.database, SearchTerms(country="gb"), await add_person(scene.database))
        assert await pages_of(scene) == 3
        assert len(await scene.jobs()) == 6
        for more, pages in ((0, 1), (1, 1), (2, 2), (3, 2), (9, 3)):
            vendor.days += more
            assert await pages_of(scene) == pages, more
        (search,) = await scene.searches()
    assert search.newest_posted_at == MARCH + timedelta(vendor.days)


async def test_a_page_that_did_not_come_is_asked_for_by_the_next_fetch(database_url: str) -> None:
    options = FetchOptions([], results_per_page=2, pages_per_search=3, attempts=1)
    async with fetch_scene(database_url, app=Newest(days=4), options=options) as scene:
        await save_search(scene.database, SearchTerms(country="gb"), await add_person(scene.database))
        first = await scene.page(await scene.plan())
        assert not first.last
        assert (await scene.searches())[0].newest_posted_at is None
        assert await pages_of(scene) == 2
        assert (await scene.searches())[0].newest_posted_at == MARCH + timedelta(days=4)


async def test_without_calls_to_spare_there_is_no_second_page(database_url: str) -> None:
    options = FetchOptions([], results_per_page=2, pages_per_search=3, limits=CallLimits(day=1))
    async with fetch_scene(database_url, app=Newest(days=6), options=options) as scene:
        await save_search(scene.database, SearchTerms(country="gb"), await add_person(scene.database))
        assert (await scene.plan()).page_limits == (1,)


@pytest.mark.parametrize(
    ("hours", "days"), [(None, 30), (0, 2), (0.5, 2), (24, 2), (25, 3), (24 * 13, 14), (24 * 40, 30)]
)
def test_ads_are_asked_for_since_the_last_fetch_and_for_a_month_at_most(
    hours: float | None, days: int
) -> None:
    fetched_at = None if hours is None else MARCH - timedelta(hours=hours)
    assert days_since(fetched_at, MARCH) == days


async def test_the_days_asked_for_are_the_same_for_all_pages_of_a_fetch(scene: FetchScene) -> None:
    search = await save_search(scene.database, SearchTerms(country="gb"), await add_person(scene.database))
    async with scene.database.begin() as session:
        await session.exec(update(JobSearch).values(fetched_at=now() - timedelta(days=9, hours=1)))
    plan = await scene.plan()
    first = await scene.page(plan)
    await scene.page(plan, 2, window=first.window)
    assert [request["query"]["max_days_old"] for request in await scene.requests()] == ["11", "11"]
    await scene.page(await scene.plan())
    assert (await scene.requests())[-1]["query"]["max_days_old"] == "2"
    assert (await scene.searches())[0].id == search.id


async def test_all_terms_are_asked_for_as_adzuna_calls_them(scene: FetchScene) -> None:
    terms = SearchTerms(
        country="de",
        what="data engineer",
        where="Berlin",
        distance_km=25,
        salary_min=50_000,
        contract_type=ContractType.PERMANENT,
        contract_time=ContractTime.FULL_TIME,
        category="it-jobs",
        remote=True,
    )
    await save_search(scene.database, terms, await add_person(scene.database))
    await scene.fetch()
    (request,) = await scene.requests()
    asked = {name: value for name, value in request["query"].items() if not name.startswith("app_")}
    assert asked == {
        "what": "data engineer",
        "what_or": "remote homeoffice telearbeit fernarbeit",
        "where": "berlin",
        "distance": "25",
        "salary_min": "50000",
        "permanent": "1",
        "full_time": "1",
        "category": "it-jobs",
        "max_days_old": "30",
        "sort_by": "date",
        "results_per_page": "50",
    }
    assert (await scene.searches())[0].last_error is None


def test_a_distance_without_a_place_and_flags_that_nobody_set_are_not_asked_for() -> None:
    assert SearchQuery("gb", distance_km=10).parameters() == {}
    assert SearchQuery("gb", contract_type=ContractType.CONTRACT).parameters() == {"contract": "1"}
    assert SearchQuery("gb", contract_time=ContractTime.PART_TIME).parameters() == {"part_time": "1"}


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_remote_is_asked_for_in_words_of_every_country(country: str) -> None:
    words = SearchQuery(country, remote=True).parameters()["what_or"].split()
    assert {"remote"} < set(words)
    assert len(words) == len(set(words))


async def test_a_search_says_what_it_brought(database_url: str) -> None:
    vendor = Newest(days=5)
    async with fetch_scene(database_url, app=vendor, options=OPTIONS) as scene:
        await save_search(scene.database, SearchTerms(country="gb"), await add_person(scene.database))
        before = now()
        await pages_of(scene)
        (first,) = await scene.searches()
        assert (first.ads_brought, first.ads_last, first.last_error) == (5, 5, None)
        assert first.fetched_at is not None
        assert first.tried_at is not None
        assert before < first.fetched_at
        vendor.days = 6
        await pages_of(scene)
        (second,) = await scene.searches()
    assert (second.ads_brought, second.ads_last) == (6, 2)


async def test_everybody_who_wants_a_search_hears_what_it_brought_and_that_it_failed(
    scene: FetchScene,
) -> None:
    one, two, other = [await add_person(scene.database) for _ in range(3)]
    search = await save_search(scene.database, SearchTerms(country="gb"), one, two)
    plan = await scene.fetch()
    async with scene.database.begin() as session:
        rows = (await session.exec(select(SavedSearch).where(SavedSearch.search_id == search.id))).all()
    own = {row.user_id: row.id for row in rows}
    kind = EventKind.SEARCH_CHANGED.value
    heard = {user_id: [(kind, saved_id, {"new": 50})] for user_id, saved_id in own.items()}
    assert {each: await events(scene, each) for each in (one, two, other)} == {**heard, other: []}
    await scene.fetch()
    assert await events(scene, one) == heard[one]
    error = SearchError(fetch_run_id=plan.fetch_run_id, search_id=search.id, error="garbage")
    for _ in range(2):
        await scene.environment.run(scene.activities.record_error, error)
    assert await events(scene, two) == [*heard[two], (kind, own[two], {"error": "garbage"})]
