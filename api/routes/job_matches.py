"""Jobs as they fit the person who asks: the best of those that were found, and one with its breakdown."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from api.deps import DatabaseDep, Flows, Me, SessionDep
from api.described import problems
from models.base import now
from models.database import Database
from models.errors import NotFoundError
from models.job import Job
from models.match.score import SCORER_VERSION, Match, score
from models.match.sides import advert_of
from models.match_words import why
from models.match_world import read_world
from models.profile import Profile, profile_of
from models.recommended import (
    JobMatchPublic,
    RecommendedFilters,
    RecommendedPage,
    page_of,
    recommended_query,
)
from models.skipped import SENTENCES

router = APIRouter(prefix="/api/jobs", tags=["jobs"])

TITLES = ["titles"]


@router.get("/recommended", responses=problems(401))
async def list_recommended(
    filters: Annotated[RecommendedFilters, Query()], me: Me, database: DatabaseDep, flows: Flows
) -> RecommendedPage:
    """List the jobs that fit best: open, not hidden, not applied to, and not older than the person allows.

    A job in several towns is listed once. Scores are made in the background, for who looks for such titles.
    """
    async with database.begin() as session:
        profile = await _profile(session, me.id)
    if not profile.read_preferences().titles:
        return RecommendedPage(items=[], next_cursor=None, missing=TITLES)
    if profile.matched_version < 0:
        # nothing was matched with them while they were away
        await _wake(database, me.id)
        profile.wishes_changed_at = now()
        flows.start_match_person(me.id)
    since = now() - timedelta(days=profile.read_automation().posted_within_days)
    sql, parameters = recommended_query(me.id, since, filters)
    is_outdated = profile.wishes_changed_at is not None or profile.matched_version < SCORER_VERSION
    return page_of(await database.rows(sql, parameters), filters.limit, recomputing=is_outdated)


@router.get("/{job_id}/match", responses=problems(401, 404))
async def match_job(job_id: UUID, me: Me, session: SessionDep) -> JobMatchPublic:
    """Compute how well a job fits the person, part by part, by what both say now."""
    job = await session.get(Job, job_id)
    if job is None:
        raise NotFoundError("There is no job with this id.")
    profile = await _profile(session, me.id)
    preferences = profile.read_preferences()
    world = await read_world(session, [preferences])
    found = score(world.wanted(preferences, profile.read_automation()), advert_of(job), now())
    return _shown(job_id, found, [] if preferences.titles else TITLES)


async def _wake(database: Database, user_id: UUID) -> None:
    async with database.begin() as session:
        asleep = update(Profile).where(col(Profile.user_id) == user_id, col(Profile.matched_version) < 0)
        await session.exec(asleep.values(matched_version=0, wishes_changed_at=now()))


async def _profile(session: AsyncSession, user_id: UUID) -> Profile:
    return (await session.exec(profile_of(user_id))).first() or Profile(user_id=user_id)


def _shown(job_id: UUID, found: Match, missing: list[str]) -> JobMatchPublic:
    return JobMatchPublic(
        job_id=job_id,
        eligible=found.eligible,
        gate=found.gate,
        gate_text=SENTENCES[found.gate] if found.gate else None,
        score=found.score,
        confidence=found.confidence,
        components=found.components,
        scorer_version=found.version,
        why=why(found.components),
        missing=missing,
    )
