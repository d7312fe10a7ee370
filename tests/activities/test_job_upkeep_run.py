"""One run of the upkeep with its real steps: what nobody needs goes, and what somebody wants stays."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from sqlmodel import col, select

from activities.job_upkeep.activities import JobUpkeepActivities
from activities.job_upkeep.expiry import Ages
from models.base import now
from models.database import Database
from models.job_search import JobSearch, SavedSearch, SearchTerms
from tests.activities.people import add_job, add_person
from tests.workflows.running import HANG, worker_with
from workflows.ids import TASK_QUEUE
from workflows.job_messages import UpkeepPlace
from workflows.job_upkeep import PIECES, JobUpkeep

LONG_AGO = timedelta(days=400)


async def add_search(database: Database, what: str, *, is_default: bool = False) -> JobSearch:
    """Store a search that was last looked at long ago."""
    search = JobSearch.of(SearchTerms(country="gb", what=what), is_default=is_default)
    search.created_at = now() - LONG_AGO
    async with database.begin() as session:
        session.add(search)
    return search


async def test_every_piece_is_done_and_only_what_nobody_needs_goes(
    database_url: str, temporal_server: str
) -> None:
    database = Database(database_url)
    try:
        person, job = await add_person(database), await add_job(database)
        kept, _ = await add_search(database, "kept"), await add_search(database, "of nobody")
        await add_search(database, "of the settings", is_default=True)
        async with database.begin() as session:
            session.add(SavedSearch(user_id=person, search_id=kept.id))
        steps = JobUpkeepActivities(database, Ages(unseen_days=14, old_days=45))
        async with worker_with(temporal_server, steps) as client, asyncio.timeout(HANG):
            handle = await client.start_workflow(
                JobUpkeep.run, UpkeepPlace(), id=f"job-upkeep-{uuid4()}", task_queue=TASK_QUEUE
            )
            assert await handle.result() >= 1
            events = (await handle.fetch_history()).events
        done = [each for each in events if each.HasField("activity_task_completed_event_attributes")]
        assert len(done) == len(PIECES)
        async with database.begin() as session:
            left = await session.exec(select(JobSearch.what).order_by(col(JobSearch.what)))
            assert left.all() == ["kept", "of the settings"]
            assert (await session.get_one(type(job), job.id)).expired_at is None
    finally:
        await database.close()
