"""Writing the audit log, in the transaction of what it tells of."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from api.security import Claims
from models.audit import AuditEntry
from models.database import seal_of
from models.sealed import KeyRing


def deed_of(me: Claims, action: str, object_id: UUID | None = None) -> AuditEntry:
    """Return an entry of what is done with the data of the person that the claims are about.

    It names who really did it: the person, or the administrator who acts for them.
    """
    if me.actor_id is not None:
        return AuditEntry.by_admin(me.actor_id, action, me.id, object_id)
    return AuditEntry.by_person(me.id, action, object_id)


async def record(session: AsyncSession, keys: KeyRing, entry: AuditEntry, reason: str | None = None) -> None:
    """Store an entry, with its reason sealed under the subject's key.

    NotFoundError where there is a reason and the subject has no account any more.
    """
    if reason is not None and entry.subject_id is not None:
        entry.explain(reason, await seal_of(session, keys, entry.subject_id))
    session.add(entry)
