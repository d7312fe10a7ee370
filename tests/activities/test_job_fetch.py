"""The steps of the job fetch against PostgreSQL and the Adzuna stand-in: what is stored, and counted once."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import col, delete

from activities.job_fetch.options import FetchOptions
from activities.vendors.adzuna import SearchQuery
from models.job import Job
from models.job_search import JobSearch
from tests.activities.fetch_scene import FetchScene, fetch_scene, raw_ad
from workflows.job_messages import FetchRunRef, FetchWindow, PlanFetch, SearchError

EXCERPT = "... builds <strong>pipelines</strong> for ... and many more"


class Pages(FastAPI):
    """Answers every search with the ads that a test sets."""

    def __init__(self) -> None:
        super().__init__()
        self.ads: list[Any] = []
        self.count: object = 1000
        self.get("/v1/api/jobs/{country}/search/{page}")(self.search)

    async def search(self) -> dict[str, Any]:
        """Show the ads, whatever was asked."""
        return {"count": self.count, "results": self.ads}


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[FetchScene]:
    """The stand-in with its generated ads."""
    async with fetch_scene(database_url) as scene:
        yield scene


@pytest.fixture
def pages() -> Pages:
    """Ads that a test sets."""
    return Pages()


@pytest.fixture
async def told(database_url: str, pages: Pages) -> AsyncIterator[FetchScene]:
    """A vendor that shows what a test tells it to."""
    options = FetchOptions([SearchQuery("gb")], attempts=1)
    async with fetch_scene(database_url, app=pages, options=options) as scene:
        yield scene


def content(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """Return jobs without the one column that every fetch moves."""
    return [job.model_dump(exclude={"seen_at"}) for job in jobs]


async def test_a_page_becomes_jobs_and_is_counted(scene: FetchScene) -> None:
    plan = await scene.plan()
    result = await scene.page(plan)
    jobs = await scene.jobs()
    assert (result.ads, result.last, len(jobs)) == (50, False, 50)
    assert await scene.counts(plan) == (1, 50, 0, 0, 0, 0)
    assert all(
        job.country == "gb" and job.currency == "GBP" and job.seen_at >= job.created_at for job in jobs
    )


async def test_the_last_page_says_so(scene: FetchScene) -> None:
    plan = await scene.plan()
    first = await scene.page(plan)
    pages = [first, *[await scene.page(plan, number, window=first.window) for number in (2, 3, 4)]]
    assert [page.last for page in pages] == [False, False, True, True]
    assert len(await scene.jobs()) == sum(page.ads for page in pages)


async def test_fetching_again_changes_nothing_but_when_a_job_was_seen(scene: FetchScene) -> None:
    await scene.fetch()
    before = await scene.jobs()
    plan = await scene.fetch(whole=True)
    after = await scene.jobs()
    assert await scene.counts(plan) == (1, 0, 0, 50, 0, 0)
    assert content(after) == content(before)
    assert all(new.seen_at > old.seen_at for new, old in zip(after, before, strict=True))


async def test_a_repeated_try_of_a_page_counts_once(scene: FetchScene) -> None:
    plan = await scene.plan()
    for _ in range(2):
        assert (await scene.page(plan, window=FetchWindow())).ads == 50
    assert await scene.counts(plan) == (1, 50, 0, 0, 0, 0)


async def test_a_repeated_plan_is_the_same_run(scene: FetchScene) -> None:
    request = PlanFetch(workflow_run_id="run")
    first = await scene.environment.run(scene.activities.plan, request)
    assert await scene.environment.run(scene.activities.plan, request) == first


async def test_an_ad_that_changed_is_stored_and_counted_as_changed(told: FetchScene, pages: Pages) -> None:
    pages.ads = [raw_ad(), raw_ad(id="2")]
    await told.fetch()
    first = await told.jobs()
    pages.ads = [raw_ad(title="Data Engineer (m/f)", salary_min=5.0), raw_ad(id="2")]
    plan = await told.fetch()
    jobs = await told.jobs()
    assert await told.counts(plan) == (1, 0, 1, 1, 0, 0)
    changed, same = sorted(jobs, key=lambda job: job.source_id, reverse=True)
    assert (changed.title, changed.salary_min, same.title) == ("Data Engineer (m/f)", 5.0, "Data Engineer")
    assert {job.id for job in jobs} == {job.id for job in first}


async def test_unreadable_ads_are_counted_and_never_stored(told: FetchScene, pages: Pages) -> None:
    pages.ads = [raw_ad(), {"id": "2"}, None, raw_ad(id="3", title=None), "text"]
    plan = await told.fetch()
    assert await told.counts(plan) == (1, 1, 0, 0, 4, 0)
    assert [job.source_id for job in await told.jobs()] == ["4711"]


async def test_an_ad_twice_in_a_page_is_one_job(told: FetchScene, pages: Pages) -> None:
    pages.ads = [raw_ad(), raw_ad(), raw_ad(id=4711)]
    plan = await told.fetch()
    assert len(await told.jobs()) == 1
    assert await told.counts(plan) == (1, 1, 0, 2, 0, 0)


async def test_hostile_text_is_stored_as_text(told: FetchScene, pages: Pages) -> None:
    title = 'Robert\'); DROP TABLE job;-- \\N \\. \t {"a",b} %s $1'
    area = ['quo"te', "back\\slash", "comma, brace}", "NULL", "日本"]
    pages.ads = [raw_ad(title=title, location={"area": area, "display_name": "\\."})]
    await told.fetch()
    (job,) = await told.jobs()
    assert job.title == title.replace("\t", " ")
    assert (job.area, job.location) == (area, "\\.")


async def test_an_excerpt_of_another_search_changes_nothing_and_a_longer_one_stays(
    told: FetchScene, pages: Pages
) -> None:
    longer = f"{EXCERPT}, as was said ..."
    seen: list[Job] = []
    for description in (EXCERPT, longer, EXCERPT, "... other words"):
        pages.ads = [raw_ad(description=description)]
        await told.fetch()
        seen += await told.jobs()
    texts = [job.description for job in seen]
    assert texts == [_plain(EXCERPT), _plain(longer), _plain(longer), _plain(longer)]
    assert seen[1].content_key == seen[3].content_key != seen[0].content_key


async def test_a_whole_description_replaces_an_excerpt_and_not_the_other_way_round(
    told: FetchScene, pages: Pages
) -> None:
    for description in (EXCERPT, "The whole text.", EXCERPT, "The whole new text."):
        pages.ads = [raw_ad(description=description)]
        await told.fetch()
    (job,) = await told.jobs()
    assert job.description == "The whole new text."


async def test_an_expired_job_that_is_posted_anew_is_alive_again(told: FetchScene, pages: Pages) -> None:
    pages.ads = [raw_ad()]
    await told.fetch()
    async with told.database.begin() as session:
        job = await session.get_one(Job, (await told.jobs())[0].id)
        job.expired_at = job.seen_at
    await told.fetch()
    assert (await told.jobs())[0].expired_at is not None
    pages.ads = [raw_ad(created="2026-02-02T00:00:00Z")]
    await told.fetch()
    assert (await told.jobs())[0].expired_at is None


@pytest.mark.parametrize("count", [None, "many", True, 0, -1, 10**30])
async def test_a_count_of_any_kind_is_survived(told: FetchScene, pages: Pages, count: object) -> None:
    pages.ads, pages.count = [raw_ad()], count
    assert (await told.page(await told.plan())).last


async def test_searches_follow_the_settings(database_url: str) -> None:
    many = FetchOptions([SearchQuery("GB", " cook "), SearchQuery("fr"), SearchQuery("gb", "cook")])
    async with fetch_scene(database_url, options=many) as scene:
        assert len((await scene.plan()).search_ids) == 2
        kept = (await scene.searches())[1]
        assert (kept.country, kept.what) == ("gb", "cook")
    async with fetch_scene(database_url, options=FetchOptions([SearchQuery("gb", "cook")])) as scene:
        assert (await scene.plan()).search_ids == [kept.id]
        assert [(each.country, each.is_default) for each in await scene.searches()] == [
            ("fr", False),
            ("gb", True),
        ]
    async with fetch_scene(database_url, options=FetchOptions([])) as scene:
        assert (await scene.plan()).search_ids == []
    async with fetch_scene(database_url, options=many) as scene:
        assert kept.id in (await scene.plan()).search_ids


async def test_the_stalest_search_comes_first(database_url: str) -> None:
    options = FetchOptions([SearchQuery("gb"), SearchQuery("fr")])
    async with fetch_scene(database_url, options=options) as scene:
        first = await scene.plan()
        await scene.page(first, search=0)
        second = await scene.plan()
    assert second.search_ids == list(reversed(first.search_ids))


async def test_what_was_searched_is_what_was_asked(database_url: str) -> None:
    options = FetchOptions([SearchQuery("gb", "data engineer", "Leeds")], results_per_page=20)
    async with fetch_scene(database_url, options=options) as scene:
        await scene.page(await scene.plan(), page=2)
        (request,) = await scene.requests()
    asked = {"results_per_page": "20", "sort_by": "date", "what": "data engineer", "where": "leeds"}
    assert request["path"] == "/v1/api/jobs/gb/search/2"
    assert {**request["query"], **asked} == request["query"]


async def test_finishing_and_recording_an_error_again_change_nothing(scene: FetchScene) -> None:
    plan = await scene.plan()
    error = SearchError(fetch_run_id=plan.fetch_run_id, search_id=plan.search_ids[0], error="rate_limited")
    run = FetchRunRef(fetch_run_id=plan.fetch_run_id)
    for _ in range(2):
        await scene.environment.run(scene.activities.record_error, error)
        await scene.environment.run(scene.activities.finish, run)
    assert (await scene.counts(plan))[-1] == 1
    assert [search.last_error for search in await scene.searches()] == ["rate_limited"]


async def test_an_error_of_a_search_that_is_gone_is_noted_nowhere(scene: FetchScene) -> None:
    plan = await scene.plan()
    async with scene.database.begin() as session:
        await session.exec(delete(JobSearch).where(col(JobSearch.id) == plan.search_ids[0]))
    error = SearchError(fetch_run_id=plan.fetch_run_id, search_id=plan.search_ids[0], error="internal")
    await scene.environment.run(scene.activities.record_error, error)
    assert (await scene.counts(plan))[-1] == 0


def _plain(text: str) -> str:
    return text.replace("<strong>", "").replace("</strong>", "")
