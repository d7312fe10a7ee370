"""Pages become jobs: counted exactly whoever brings them, priced, revived, and marked for matching anew."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from activities.adverts.reading import JobRow, read_page
from activities.job_intake import Intake, take_in
from models.base import new_id, now
from models.database import Database
from models.job import Job
from models.job_mark import JobMark
from models.job_search import FetchRun, JobSearch, SearchTerms
from tests.activities.fetch_scene import raw_ad
from tests.activities.people import add_person
from workflows.job_messages import PageRef

AT = datetime(2026, 3, 1, tzinfo=UTC)
YEAR = {"salary_min": 40000, "salary_max": 50000}


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator["Desk"]:
    """A database with a search, and runs to count in."""
    database = Database(database_url)
    search = JobSearch.of(SearchTerms(country="gb"))
    async with database.begin() as session:
        session.add(search)
    yield Desk(database, search)
    await database.close()


class Desk:
    """Takes pages in, and reads what came of them."""

    def __init__(self, database: Database, search: JobSearch) -> None:
        self.database = database
        self.search = search

    async def run(self) -> FetchRun:
        """Begin a run."""
        run = FetchRun(workflow_run_id=str(new_id()))
        async with self.database.begin() as session:
            session.add(run)
        return run

    async def page(
        self, run: FetchRun, ads: list[dict[str, Any]], number: int = 1, at: datetime = AT
    ) -> None:
        """Take one page of British ads in."""
        read = read_page(ads, "gb", at)
        ref = PageRef(fetch_run_id=run.id, search_id=self.search.id, page=number)
        intake = Intake(ref, read.rows, len(ads) - read.unreadable, read.unreadable)
        async with self.database.bulk() as connection:
            await take_in(connection, intake, at)

    async def bring(self, *ads: dict[str, Any], at: datetime = AT) -> tuple[int, int, int]:
        """Take a page in by a run of its own, and return how many were new, changed and seen again."""
        run = await self.run()
        await self.page(run, list(ads), at=at)
        return (await self.counts(run))[1:]

    async def counts(self, run: FetchRun) -> tuple[int, int, int, int]:
        """Return pages, and new, changed and unchanged ads of a run."""
        async with self.database.begin() as session:
            row = await session.get_one(FetchRun, run.id)
        return row.pages, row.ads_new, row.ads_changed, row.ads_unchanged

    async def jobs(self) -> list[Job]:
        """Return all jobs by source id."""
        async with self.database.begin() as session:
            return list(await session.exec(select(Job).order_by(col(Job.source_id))))

    async def job(self) -> Job:
        """Return the only job."""
        (job,) = await self.jobs()
        return job

    async def expire(self, at: datetime) -> None:
        """Expire the only job, which was matched before."""
        job = await self.job()
        async with self.database.begin() as session:
            row = await session.get_one(Job, job.id)
            row.expired_at, row.rematch = at, False


def numbered(*ids: int, **changes: object) -> list[dict[str, Any]]:
    """Return ads with these ids."""
    return [raw_ad(id=str(each), **changes) for each in ids]


async def test_new_changed_and_seen_again_are_counted(desk: Desk) -> None:
    assert await desk.bring(*numbered(1, 2, 3)) == (3, 0, 0)
    assert await desk.bring(*numbered(2), *numbered(3, title="Nurse"), *numbered(4)) == (1, 1, 1)
    assert [job.title for job in await desk.jobs()] == ["Data Engineer"] * 2 + ["Nurse", "Data Engineer"]


async def test_two_workers_that_bring_the_same_page_at_once_count_each_ad_once(desk: Desk) -> None:
    runs = [await desk.run() for _ in range(4)]
    ads = numbered(*range(40))
    # the others read theirs in another order, as Adzuna's pages move while they are read
    orders = [ads, list(reversed(ads)), ads[20:] + ads[:20], ads]
    await asyncio.gather(*(desk.page(run, order) for run, order in zip(runs, orders, strict=True)))
    counts = [await desk.counts(run) for run in runs]
    assert sum(new for _, new, _, _ in counts) == len(await desk.jobs()) == 40
    assert sum(changed for _, _, changed, _ in counts) == 0
    assert sum(same for _, _, _, same in counts) == 3 * 40


async def test_the_same_page_of_one_run_brought_by_two_tries_at_once_is_counted_once(desk: Desk) -> None:
    run = await desk.run()
    await asyncio.gather(*(desk.page(run, numbered(*range(40))) for _ in range(4)))
    assert await desk.counts(run) == (1, 40, 0, 0)
    await desk.page(run, numbered(*range(40)))
    assert await desk.counts(run) == (1, 40, 0, 0)


async def test_pages_that_overlap_count_what_they_share_as_seen_again(desk: Desk) -> None:
    run = await desk.run()
    await desk.page(run, numbered(*range(50)), number=1)
    await desk.page(run, numbered(*range(45, 95)), number=2)
    assert await desk.counts(run) == (2, 95, 0, 5)


async def test_only_a_years_pay_that_the_employer_names_is_priced(desk: Desk) -> None:
    await desk.bring(
        raw_ad(id="1", **YEAR),
        raw_ad(id="2", salary_min=41459),
        raw_ad(id="3", salary_is_predicted="1", **YEAR),
        raw_ad(id="4", salary_min=12, salary_max=14),
        raw_ad(id="5"),
    )
    jobs = await desk.jobs()
    assert [job.salary_eur for job in jobs] == [
        pytest.approx(50000 / 0.82918),
        pytest.approx(50000.0),
        None,
        None,
        None,
    ]
    assert [job.salary_period for job in jobs] == ["year", "year", "year", "hour", None]
    assert [job.salary_predicted for job in jobs] == [False, False, True, False, False]


async def test_pay_that_changed_is_priced_anew(desk: Desk) -> None:
    await desk.bring(raw_ad(**YEAR))
    await desk.bring(raw_ad(salary_min=82918))
    assert (await desk.job()).salary_eur == pytest.approx(100000.0)
    await desk.bring(raw_ad())
    assert ((await desk.job()).salary_eur, (await desk.job()).salary_min) == (None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Nurse"},
        {"description": "Other words."},
        {"company": {"display_name": "Other"}},
        {"location": {"area": ["UK"], "display_name": "UK"}},
        {"latitude": 51.0, "longitude": 0.1},
        {"salary_min": 30000},
        {"contract_time": "part_time"},
        {"category": {"tag": "nursing-jobs", "label": "Nursing"}},
        {"description": "We build pipelines. Remote."},
    ],
)
async def test_what_a_match_is_made_of_and_changed_is_matched_anew(
    desk: Desk, changes: dict[str, Any]
) -> None:
    await desk.bring(raw_ad())
    assert not (await desk.job()).rematch
    assert await desk.bring(raw_ad(**changes)) == (0, 1, 0)
    assert (await desk.job()).rematch
    # until it was matched
    assert await desk.bring(raw_ad(**changes)) == (0, 0, 1)
    assert (await desk.job()).rematch


@pytest.mark.parametrize(
    "changes",
    [
        {"created": "2026-01-03T03:04:05Z"},
        {"redirect_url": "https://www.adzuna.co.uk/jobs/land/ad/4711?v=2"},
        {"category": {"tag": "it-jobs", "label": "Jobs in IT"}},
    ],
)
async def test_other_changes_are_stored_and_leave_matches_as_they_are(
    desk: Desk, changes: dict[str, Any]
) -> None:
    await desk.bring(raw_ad())
    assert await desk.bring(raw_ad(**changes)) == (0, 1, 0)
    assert not (await desk.job()).rematch


async def test_a_job_that_expired_unseen_is_back_as_soon_as_it_is_seen(desk: Desk) -> None:
    await desk.bring(raw_ad())
    await desk.expire(AT + timedelta(days=15))
    assert await desk.bring(raw_ad(), at=AT + timedelta(days=16)) == (0, 0, 1)
    job = await desk.job()
    assert (job.expired_at, job.rematch, job.seen_at) == (None, True, AT + timedelta(days=16))


async def test_a_job_that_expired_unseen_and_comes_back_changed_is_back(desk: Desk) -> None:
    await desk.bring(raw_ad())
    await desk.expire(AT + timedelta(days=15))
    assert await desk.bring(raw_ad(category={"tag": "it-jobs"}), at=AT + timedelta(days=16)) == (0, 1, 0)
    assert ((await desk.job()).expired_at, (await desk.job()).rematch) == (None, True)


async def test_a_job_that_expired_while_it_was_advertised_is_back_when_it_is_posted_anew(desk: Desk) -> None:
    await desk.bring(raw_ad())
    await desk.expire(AT)
    later = AT + timedelta(days=1)
    assert await desk.bring(raw_ad(), at=later) == (0, 0, 1)
    assert await desk.bring(raw_ad(category={"tag": "it-jobs"}), at=later) == (0, 1, 0)
    assert ((await desk.job()).expired_at, (await desk.job()).rematch) == (AT, False)
    again = raw_ad(category={"tag": "it-jobs"}, created="2026-03-01T00:00:00Z")
    assert await desk.bring(again, at=later) == (0, 1, 0)
    assert ((await desk.job()).expired_at, (await desk.job()).rematch) == (None, True)


async def test_a_page_that_cannot_be_stored_leaves_nothing_and_is_not_counted(desk: Desk) -> None:
    run = await desk.run()
    good = read_page(numbered(1, 2), "gb", AT).rows
    broken: JobRow = good[1]._replace(salary_min=2.0, salary_max=1.0)
    ref = PageRef(fetch_run_id=run.id, search_id=desk.search.id, page=1)
    with pytest.raises(Exception, match="ck_job_salary"):
        async with desk.database.bulk() as connection:
            await take_in(connection, Intake(ref, [good[0], broken], 2, 0), now())
    assert (await desk.jobs(), await desk.counts(run)) == ([], (0, 0, 0, 0))


async def test_hostile_text_comes_out_of_the_table_as_it_went_in(desk: Desk) -> None:
    title = 'Nul\x00 \ud800 \\u0000 "quote" \\N {a,b} %s $1 \u202e مهندس 👩\u200d💻'
    await desk.bring(raw_ad(title=title))
    assert (await desk.job()).title == 'Nul  \\u0000 "quote" \\N {a,b} %s $1  مهندس 👩\u200d💻'


async def test_a_saved_job_stays_saved_when_its_ad_is_rewritten(desk: Desk) -> None:
    await desk.bring(*numbered(1))
    job = await desk.job()
    person = await add_person(desk.database)
    async with desk.database.begin() as session:
        session.add(JobMark(user_id=person, job_id=job.id, content_key=job.content_key, saved_at=AT))
    assert await desk.bring(*numbered(1, title="Another title")) == (0, 1, 0)
    async with desk.database.begin() as session:
        mark = await session.get_one(JobMark, (person, job.id))
    assert mark.content_key == (await desk.job()).content_key != job.content_key
