"""What a person decides about one application: to decline it, to take it back, to try it again."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from api.announcing import announce
from api.applications import Listed, changed, own, own_locked
from models.application import NEVER_SENT
from models.application_public import ApplicationCreate
from models.enums import Actor, ApplicationState, EndReason
from models.errors import ConflictError

S = ApplicationState

IN_THE_WAY = {
    S.UNKNOWN_OUTCOME: "Nobody knows whether this application went through; say so first with `settle`.",
    S.SUBMITTED: "This application was submitted; the employer has it.",
}
STILL_GOES_ON = "This application still goes on; cancel it first, or wait for its end."


async def cancel_for_person(session: AsyncSession, user_id: UUID, application_id: UUID) -> Listed:
    """Cancel an application before its fence, and announce it; its workflow is to be rung after the commit.

    Raises TooLateError behind the fence and IllegalMoveError where it has ended.
    """
    application = await own_locked(session, user_id, application_id)
    session.add(application.cancel())
    listed = await own(session, user_id, application_id)
    await announce(session, changed(application))
    return listed


async def decline_for_person(session: AsyncSession, user_id: UUID, application_id: UUID) -> Listed:
    """Decline an application that awaits approval, as `cancel_for_person` cancels one."""
    application = await own_locked(session, user_id, application_id)
    session.add(application.move(S.DECLINED, Actor.USER, EndReason.DECLINED_BY_USER))
    listed = await own(session, user_id, application_id)
    await announce(session, changed(application))
    return listed


def repeatable(listed: Listed) -> ApplicationCreate:
    """Return what asks for the same application anew; ConflictError while it may be with the employer."""
    application = listed.application
    if application.state not in NEVER_SENT:
        said = IN_THE_WAY.get(application.state, STILL_GOES_ON)
        raise ConflictError(said, state=application.state.value)
    return ApplicationCreate(job_id=application.job_id, mode=application.mode)
