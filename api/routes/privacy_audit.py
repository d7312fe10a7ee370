"""What was done with one's own data: by oneself, by administrators and by the system."""

from fastapi import APIRouter
from sqlmodel import col

from api.deps import KeysDep, Me, SessionDep
from api.described import problems
from api.pages import LIMIT_DEFAULT, Cursor, Limit, Page, before, page_of
from models.audit import AuditEntry, AuditEntryPublic, audit_about
from models.database import seal_of

router = APIRouter(prefix="/api/privacy", tags=["privacy"])


@router.get("/audit", responses=problems(401, 403))
async def list_own_entries(
    me: Me, session: SessionDep, keys: KeysDep, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Page[AuditEntryPublic]:
    """List who did what with the person's data, and why, the newest first."""
    query = before(audit_about(me.id), col(AuditEntry.id), limit, cursor)
    entries, seal = (await session.exec(query)).all(), await seal_of(session, keys, me.id)
    return page_of(entries, limit, lambda entry: AuditEntryPublic.of(entry, seal), lambda entry: entry.id)
