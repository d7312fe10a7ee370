"""For administrators: the audit log. Reading it is told in it as well."""

from operator import attrgetter
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.acting import Why, required
from api.auditing import record
from api.deps import Admin, KeysDep, SessionDep
from api.described import problems
from api.pages import LIMIT_DEFAULT, Cursor, Limit, Page, before, page_of
from models.account import Account
from models.audit import AuditEntry, AuditEntryPublic, Deed
from models.sealed import KeyRing, Seal

router = APIRouter(prefix="/api/admin/audit", tags=["admin"])


class EntryFilters(BaseModel, extra="forbid"):
    """Which entries: with whose data, by whom."""

    subject_id: UUID | None = None
    actor_id: UUID | None = None
    limit: Limit = LIMIT_DEFAULT
    cursor: Cursor = None


@router.get("", responses=problems(401, 403))
async def list_entries(
    filters: Annotated[EntryFilters, Query()], me: Admin, session: SessionDep, keys: KeysDep, why: Why
) -> Page[AuditEntryPublic]:
    """List what was done, the newest first: with one person's data, by one person, or all of it.

    Reasons are shown of one person's (`subject_id`), and until their erasure: the person's key opens them.
    Whoever reads these says why in the header X-Reason.
    """
    query, subject_id = select(AuditEntry), filters.subject_id
    if subject_id is not None:
        query = query.where(AuditEntry.subject_id == subject_id)
    if filters.actor_id is not None:
        query = query.where(AuditEntry.actor_id == filters.actor_id)
    query = before(query, col(AuditEntry.id), filters.limit, filters.cursor)
    entries, seal = (await session.exec(query)).all(), await _seal_of(session, keys, subject_id)
    entry = AuditEntry.by_admin(me.id, Deed.AUDIT_READ, subject_id, filters.actor_id)
    # nothing is sealed for whoever is erased
    await record(session, keys, entry, required(why) if seal else None)
    return page_of(entries, filters.limit, lambda entry: AuditEntryPublic.of(entry, seal), attrgetter("id"))


async def _seal_of(session: AsyncSession, keys: KeyRing, subject_id: UUID | None) -> Seal | None:
    """Return what opens the reasons of one person's entries; None of many people's, or once it is erased."""
    subject = await session.get(Account, subject_id) if subject_id else None
    return subject.seal(keys) if subject else None
