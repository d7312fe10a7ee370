"""Refresh tokens: each is good once, and a second use ends the login that it belongs to."""

from fastapi import Request
from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.announcing import announce
from api.context import Context
from api.logins import issue, whereabouts_of
from api.telling import tell
from models import event
from models.account import Account, TokenPair
from models.account_enums import SessionEnd
from models.base import now
from models.enums import EventKind, NotificationKind
from models.login_session import LoginSession, RefreshToken
from workflows.messages import NotificationRef


async def rotate(context: Context, request: Request, digest: str) -> TokenPair | None:
    """Use a token up and return the next ones.

    None where it does not hold. A token that was used before ends its login, and its person is told, whether
    a thief shows it or the rightful owner after a thief: nobody can say which of them it is.
    """
    notice: NotificationRef | None = None
    tokens: TokenPair | None = None
    async with context.database.begin() as session:
        found = await _locked(session, digest)
        if found is None:
            return None
        token, login, account = found
        if token.used_at is not None:
            notice = await _end_reused(session, context, login)
        elif token.expires_at > now():
            token.used_at = login.last_used_at = now()
            login.expires_at = now() + context.tokens.refresh
            login.used_from(whereabouts_of(request), account.seal(context.keys))
            tokens = issue(session, context, account, login)
    if notice is not None:
        context.flows.start_notify(notice)
    return tokens


async def end_login_of(context: Context, digest: str) -> None:
    """End the login of a refresh token, used or not; one that is unknown or has ended is left alone."""
    async with context.database.begin() as session:
        found = await _locked(session, digest)
        if found is not None:
            await end_login(session, context, found[1], SessionEnd.LOGOUT)


async def end_login(session: AsyncSession, context: Context, login: LoginSession, reason: SessionEnd) -> None:
    """End a login that has not ended, at once and in every process; the account's row is locked."""
    ended = update(LoginSession).where(col(LoginSession.id) == login.id, col(LoginSession.ended_at).is_(None))
    await session.exec(ended.values(ended_at=now(), ended_by=reason))
    changed = event.record(login.user_id, EventKind.SESSION_CHANGED, login.id, ended_by=reason.value)
    await announce(session, changed)
    await context.standing.changed(session, login.user_id)


async def _end_reused(session: AsyncSession, context: Context, login: LoginSession) -> NotificationRef:
    await end_login(session, context, login, SessionEnd.TOKEN_REUSED)
    return await tell(session, login.user_id, NotificationKind.LOGIN_TOKEN_REUSED)


async def _locked(session: AsyncSession, digest: str) -> tuple[RefreshToken, LoginSession, Account] | None:
    """Read a token, its login and its account while nobody else changes any of the person's.

    None where the login has ended, or the account is locked or being erased. The lock is on the account's
    row: one on the token's would let the end of its login overlook the successor that another transaction is
    just storing. FOR NO KEY UPDATE lets foreign keys pass.
    """
    query = select(RefreshToken).where(RefreshToken.token_hash == digest)
    token = (await session.exec(query)).first()
    if token is None:
        return None
    account = await session.get(Account, token.user_id, with_for_update={"key_share": True})
    login = await session.get(LoginSession, token.family_id)
    if account is None or login is None or login.ended_at is not None:
        return None
    if account.locked_at is not None or account.erasing_at is not None:
        return None
    await session.refresh(token)
    return token, login, account
