"""Approving one application: exactly what was shown, once, and answered by how it then stands."""

import asyncio
from uuid import UUID

from api.applications import Listed, own, ref_of
from api.context import Context
from models.application import BEHIND_FENCE
from models.database import seal_of
from models.enums import ApplicationState
from models.errors import ConflictError, StaleError, UnavailableError
from models.shown import load_shown

S = ApplicationState

APPROVED = BEHIND_FENCE | {S.APPROVED, S.SUBMITTED, S.UNKNOWN_OUTCOME}

AGAIN_SECONDS = (0.15, 0.3, 0.6, 1.2, 1.0)
"""The waits before each further try: the workflow may need a moment to see what its row has come to show."""

NOT_WAITING = "This application does not wait for approval."
CHANGED = "What you were shown has changed since; look at it again and approve that."
NOT_LAID_OUT = "The application is being looked at anew; approve it again in a few seconds."


async def approve_for_person(
    context: Context, user_id: UUID, application_id: UUID, shown_hash: str
) -> Listed:
    """Approve what the hash names and return the application as it then stands.

    Repeated, it changes nothing. Raises NotFoundError, ConflictError where it does not wait for approval,
    StaleError with the present hash, and UnavailableError while nobody can take the approval over.
    """
    for seconds in (*AGAIN_SECONDS, None):
        listed = await _approvable(context, user_id, application_id, shown_hash)
        if listed.application.state is not S.AWAITING_APPROVAL:
            return listed
        if seconds is None:
            break
        try:
            approved = await context.flows.approve(ref_of(listed.application), shown_hash)
        except ConflictError:
            approved = None
        except UnavailableError:
            # the answer may have been lost, and not the approval
            listed = await _approvable(context, user_id, application_id, shown_hash)
            if listed.application.state is S.AWAITING_APPROVAL:
                raise
            # the row was changed before the workflow's history: it may have to be told again
            context.flows.ring(user_id, listed.application.job_id)
            return listed
        if approved is None or approved.stale:
            # the row showed this very hash: the workflow has not laid it out yet, or it is being changed
            context.flows.ring(user_id, listed.application.job_id)
            await asyncio.sleep(seconds)
    raise UnavailableError(NOT_LAID_OUT)


async def _approvable(context: Context, user_id: UUID, application_id: UUID, shown_hash: str) -> Listed:
    """Return an application that waits for this approval, or has had it."""
    async with context.database.begin() as session:
        listed = await own(session, user_id, application_id)
        application = listed.application
        if application.state is S.AWAITING_APPROVAL:
            seal = await seal_of(session, context.keys, user_id)
            present = (await load_shown(session, application, seal)).hash(seal)
            if present != shown_hash:
                raise StaleError(CHANGED, shown_hash=present)
            return listed
    if application.state in APPROVED and application.approved_hash == shown_hash:
        return listed
    raise ConflictError(NOT_WAITING, state=application.state.value)
