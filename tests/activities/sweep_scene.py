"""What tests of the sweep share: its steps, run as an activity runs, and people with rules of their own."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update
from temporalio.testing import ActivityEnvironment

from activities.auto_apply_sweep import AutoApplySweepActivities
from models.application import Application
from models.automation import Automation
from models.base import now
from models.database import Database
from models.job import Job
from models.match_row import JobMatch
from models.profile import Preferences, Profile
from tests.activities.people import ENGINEER, add_person
from workflows.job_messages import MatchCursor, SweepCursor, SweepPage

EASY = Automation(min_score=0, min_confidence=0)
"""Rules that let every job pass that no gate stops."""


async def set_rules(database: Database, user_id: UUID, rules: Automation) -> None:
    """Change a person's rules, and have their jobs matched anew, as the API does it."""
    async with database.begin() as session:
        profile = (await session.exec(select(Profile).where(Profile.user_id == user_id))).one()
        profile.automation, profile.wishes_changed_at = rules.model_dump(mode="json"), now()


async def set_wishes(database: Database, user_id: UUID, wanted: Preferences) -> None:
    """Change what a person looks for, as the API does it."""
    async with database.begin() as session:
        profile = (await session.exec(select(Profile).where(Profile.user_id == user_id))).one()
        profile.preferences, profile.wishes_changed_at = wanted.model_dump(mode="json"), now()


async def add_easy(
    database: Database,
    wanted: Preferences = ENGINEER,
    rules: Automation = EASY,
    **options: Any,  # noqa: ANN401 -- those of add_person
) -> UUID:
    """Store a person for whom no threshold stops a job."""
    user_id = await add_person(database, wanted, **options)
    await set_rules(database, user_id, rules)
    return user_id


async def match(database: Database, jobs_a_page: int = 100) -> list[tuple[int, int]]:
    """Match all that is new; return each page's jobs and matches."""
    steps = AutoApplySweepActivities(database, jobs_a_page=jobs_a_page)
    cursor: MatchCursor | None = MatchCursor()
    pages = []
    while cursor is not None:
        page = await ActivityEnvironment().run(steps.match_jobs, cursor)
        pages.append((page.jobs, page.matches))
        cursor = page.next
    return pages


async def queue(database: Database, after: UUID | None = None, people_a_page: int = 50) -> SweepPage:
    """Queue for a page of people."""
    steps = AutoApplySweepActivities(database, people_a_page)
    return await ActivityEnvironment().run(steps.queue_matches, SweepCursor(after_user=after))


async def sweep(database: Database) -> SweepPage:
    """Match all that is new and queue for the first page of people."""
    await match(database)
    return await queue(database)


async def applications(database: Database, user_id: UUID) -> list[Application]:
    """Return a person's applications, the oldest first."""
    query = select(Application).where(Application.user_id == user_id).order_by(col(Application.id))
    async with database.begin() as session:
        return list(await session.exec(query))


async def matches_of(database: Database, user_id: UUID) -> dict[UUID, JobMatch]:
    """Return what became of a person's matches, by job."""
    async with database.begin() as session:
        found = await session.exec(select(JobMatch).where(JobMatch.user_id == user_id))
        return {each.job_id: each for each in found}


async def verdict(database: Database, user_id: UUID, job: Job) -> tuple[str, str | None] | None:
    """Return the state and the reason of a match, None where there is none."""
    found = (await matches_of(database, user_id)).get(job.id)
    return None if found is None else (found.state.value, found.reason.value if found.reason else None)


async def age(database: Database, job: Job, days: float) -> None:
    """Have a job been posted so many days ago."""
    async with database.begin() as session:
        posted = now() - timedelta(days=days)
        await session.exec(update(Job).where(col(Job.id) == job.id).values(posted_at=posted))
