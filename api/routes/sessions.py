"""Logins: where somebody is logged in, and ending one or all."""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col

from api.account_changes import changing_own
from api.deps import ContextDep, LoggedIn, SessionDep
from api.described import problems
from api.pages import LIMIT_DEFAULT, Cursor, Limit, Page, before, page_of
from api.refreshing import end_login
from models.account_enums import SessionEnd
from models.audit import AuditEntry, Deed
from models.database import seal_of
from models.errors import NotFoundError
from models.login_session import LoginSession, LoginSessionPublic, sessions_of

router = APIRouter(prefix="/api/auth", tags=["accounts"])

NO_LOGIN = "You have no login with this id, or it has ended."


@router.get("/sessions", responses=problems(401, 403))
async def list_sessions(
    me: LoggedIn,
    context: ContextDep,
    session: SessionDep,
    limit: Limit = LIMIT_DEFAULT,
    cursor: Cursor = None,
) -> Page[LoginSessionPublic]:
    """List the logins that have not ended, the newest first, with the device and address of their last use.

    A login is used when it begins and at each refresh.
    """
    seal = await seal_of(session, context.keys, me.id)
    logins = (await session.exec(before(sessions_of(me.id), col(LoginSession.id), limit, cursor))).all()
    return page_of(
        logins,
        limit,
        lambda login: LoginSessionPublic.of(login, seal, me.session_id),
        lambda login: login.id,
    )


@router.delete("/sessions/{session_id}", status_code=204, responses=problems(401, 403, 404))
async def end_session(session_id: UUID, me: LoggedIn, context: ContextDep) -> None:
    """End one login: its access tokens let nobody in any more, and its open streams end."""
    async with changing_own(context, me) as change:
        session = change.session
        login = (await session.exec(sessions_of(me.id).where(LoginSession.id == session_id))).first()
        if login is None:
            raise NotFoundError(NO_LOGIN)
        session.add(AuditEntry.by_person(me.id, Deed.SESSION_ENDED, session_id))
        await end_login(session, context, login, SessionEnd.LOGOUT)


@router.post("/logout-all", status_code=204, responses=problems(401, 403))
async def end_all_sessions(me: LoggedIn, context: ContextDep) -> None:
    """End every login, this one as well. API keys are no logins: revoke those one by one."""
    async with changing_own(context, me) as change:
        await change.end_sessions(SessionEnd.LOGOUT_OF_ALL)
        await change.tell(Deed.SESSIONS_ENDED)
