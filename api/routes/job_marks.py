"""Saving jobs, and hiding them from the lists; for every ad of the same content, in whatever town."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import TextClause
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.deps import Me, SessionDep
from api.described import problems
from models.base import now
from models.errors import NotFoundError
from models.job import Job
from models.job_mark import HIDDEN, SAVED

router = APIRouter(prefix="/api/jobs", tags=["jobs"])

DONE = 204


@router.put("/{job_id}/saved", status_code=DONE, responses=problems(401, 404))
async def save_job(job_id: UUID, me: Me, session: SessionDep) -> None:
    """Save a job. Saving it again changes nothing."""
    await _mark(session, me.id, job_id, SAVED.put)


@router.delete("/{job_id}/saved", status_code=DONE, responses=problems(401, 404))
async def unsave_job(job_id: UUID, me: Me, session: SessionDep) -> None:
    """Take a job from the saved ones, where it is one."""
    await _mark(session, me.id, job_id, SAVED.take)


@router.put("/{job_id}/hidden", status_code=DONE, responses=problems(401, 404))
async def hide_job(job_id: UUID, me: Me, session: SessionDep) -> None:
    """Hide a job from the lists. Hiding it again changes nothing."""
    await _mark(session, me.id, job_id, HIDDEN.put)


@router.delete("/{job_id}/hidden", status_code=DONE, responses=problems(401, 404))
async def unhide_job(job_id: UUID, me: Me, session: SessionDep) -> None:
    """Show a hidden job again."""
    await _mark(session, me.id, job_id, HIDDEN.take)


async def _mark(session: AsyncSession, user_id: UUID, job_id: UUID, statements: Sequence[TextClause]) -> None:
    key = (await session.exec(select(Job.content_key).where(Job.id == job_id))).first()
    if key is None:
        raise NotFoundError("There is no job with this id.")
    connection = await session.connection()
    for statement in statements:
        await connection.execute(statement, {"user_id": user_id, "job_id": job_id, "key": key, "at": now()})
