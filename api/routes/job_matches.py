"""Jobs as they fit the person who asks: the best of those that were found, and one with its breakdown."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ValidationError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.deps import DatabaseDep, Me, SessionDep
from api.described import problems
from models.base import now
from models.errors import NotFoundError
from models.job import Attribution, Job, JobPublic
from models.job_query import attribution_for
from models.match.score import SCORER_VERSION, Component, Match, match
from models.match_words import why
from models.profile import Profile, profile_of
from models.recommended import (
    JobMatchPublic,
    RecommendedCursor,
    RecommendedFilters,
    RecommendedJob,
    RecommendedPage,
    recommended_query,
)
from models.skipped import SENTENCES

router = APIRouter(prefix="/api/jobs", tags=["jobs"])

TITLES = ["titles"]


@router.get("/recommended", responses=problems(401))
async def list_recommended(
    filters: Annotated[RecommendedFilters, Query()], me: Me, session: SessionDep, database: DatabaseDep
) -> RecommendedPage:
    """List the jobs that fit best: open, not hidden, not applied to, and not older than the person allows.

    A job in several towns is listed once. Scores are made in the background, for who looks for such titles.
    """
    profile = await _profile(session, me.id)
    if not profile.read_preferences().titles:
        return RecommendedPage(items=[], next_cursor=None, missing=TITLES)
    since = now() - timedelta(days=profile.read_automation().posted_within_days)
    sql, parameters = recommended_query(me.id, since, filters)
    rows = await database.rows(sql, parameters)
    shown = rows[: filters.limit]
    is_last = len(rows) <= len(shown)
    return RecommendedPage(
        items=await _items(session, shown),
        next_cursor=None if is_last else str(RecommendedCursor(shown[-1]["score"], shown[-1]["job_id"])),
        recomputing=profile.wishes_changed_at is not None or profile.matched_version < SCORER_VERSION,
    )


@router.get("/{job_id}/match", responses=problems(401, 404))
async def match_job(job_id: UUID, me: Me, session: SessionDep) -> JobMatchPublic:
    """Compute how well a job fits the person, part by part, by what both say now."""
    job = await session.get(Job, job_id)
    if job is None:
        raise NotFoundError("There is no job with this id.")
    profile = await _profile(session, me.id)
    found = match(profile.read_preferences(), profile.read_automation(), job, now())
    return _shown(job_id, found, [] if profile.read_preferences().titles else TITLES)


async def _profile(session: AsyncSession, user_id: UUID) -> Profile:
    return (await session.exec(profile_of(user_id))).first() or Profile(user_id=user_id)


async def _items(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> list[RecommendedJob]:
    ids = [row["job_id"] for row in rows]
    jobs = {job.id: job for job in await session.exec(select(Job).where(col(Job.id).in_(ids)))}
    return [_item(jobs[row["job_id"]], row) for row in rows if row["job_id"] in jobs]


def _item(job: Job, row: dict[str, Any]) -> RecommendedJob:
    components = _components(row["breakdown"])
    values = job.model_dump(include=set(JobPublic.model_fields))
    return RecommendedJob(
        **values,
        salary_is_estimate=job.salary_predicted,
        attribution=Attribution(**attribution_for(job.country)),
        score=row["score"],
        confidence=row["confidence"],
        components=components,
        scorer_version=row["scorer_version"],
        why=why(components),
    )


def _components(breakdown: dict[str, Any]) -> list[Component]:
    """Return what a match was explained by; nothing where an earlier version wrote it otherwise."""
    try:
        return [Component.model_validate(each) for each in breakdown.get("components", [])]
    except ValidationError:
        return []


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
