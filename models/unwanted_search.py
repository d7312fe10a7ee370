"""Searches that nobody wants any more: what somebody typed goes with their wish for it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import CursorResult
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.job_search import JobSearch, SavedSearch


async def forget_unwanted(session: AsyncSession, ids: Iterable[UUID]) -> int:
    """Delete those of these searches that nobody has saved and no setting names; return how many.

    Call it behind the deletion of what was saved. They are locked in the order in which all lock them, and
    looked at behind the lock: somebody may be saving one at this moment.
    """
    given = col(JobSearch.id).in_(list(ids))
    locked = select(JobSearch.id).where(given).order_by(JobSearch.key).with_for_update()
    found = (await session.exec(locked)).all()
    wanted = select(SavedSearch.id).where(SavedSearch.search_id == JobSearch.id).exists()
    unwanted = delete(JobSearch).where(
        col(JobSearch.id).in_(found), col(JobSearch.is_default).is_(False), ~wanted
    )
    deleted: CursorResult[object] = await session.exec(unwanted)
    return deleted.rowcount
