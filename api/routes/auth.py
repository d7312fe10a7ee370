"""Accounts: log in, refresh, log out, and who am I."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.context import Context
from api.deps import ContextDep, DatabaseDep, Me, SessionDep
from api.described import problems
from api.security import digest_of, new_refresh_token
from models.account import (
    Account,
    AccountPublic,
    Login,
    Refresh,
    TokenPair,
    account_by_email,
)
from models.account_enums import SessionEnd
from models.base import now
from models.errors import UnauthenticatedError
from models.login_session import LoginSession, RefreshToken

router = APIRouter(prefix="/api/auth", tags=["accounts"])

WRONG_LOGIN = "The e-mail or the password is wrong."
WRONG_REFRESH = "The refresh token is not valid any more; log in again."


@router.post("/login", responses=problems(401))
async def login(body: Login, context: ContextDep, database: DatabaseDep) -> TokenPair:
    """Exchange e-mail and password for tokens."""
    async with database.begin() as session:
        account = (await session.exec(account_by_email(body.email))).first()
    # outside any transaction: nobody waits for a connection while a hash is made
    known = account.password_hash if account else None
    right, newer = await context.passwords.verify(body.password.get_secret_value(), known)
    if account is None or not right or account.locked_at is not None:
        raise UnauthenticatedError(WRONG_LOGIN)
    async with database.begin() as session:
        if newer is not None:
            account.password_hash = newer
            session.add(account)
        login_session = LoginSession(
            user_id=account.id, last_used_at=now(), expires_at=now() + context.tokens.refresh
        )
        session.add(login_session)
        await session.flush()
        return _issue(context, session, account, login_session.id)


@router.post("/refresh", responses=problems(401))
async def refresh(body: Refresh, context: ContextDep, database: DatabaseDep) -> TokenPair:
    """Exchange a refresh token for new tokens. It works once; a second use ends the whole login."""
    # not SessionDep: ending the login must be committed although the answer is a refusal
    async with database.begin() as session:
        pair = await _rotate(context, session, digest_of(body.refresh_token.get_secret_value()))
    if pair is None:
        raise UnauthenticatedError(WRONG_REFRESH)
    return pair


@router.post("/logout", status_code=204, responses=problems())
async def logout(body: Refresh, session: SessionDep) -> None:
    """End the login that the refresh token belongs to; one that is unknown is no error."""
    digest = digest_of(body.refresh_token.get_secret_value())
    token = await _locked(session, digest)
    if token is not None:
        await _end(session, token.family_id, SessionEnd.LOGOUT)


@router.get("/me", responses=problems(401))
async def read_me(me: Me, session: SessionDep) -> AccountPublic:
    """Show the account that is logged in."""
    account = await session.get(Account, me.id)
    if account is None:
        raise UnauthenticatedError("This account no longer exists.")
    return AccountPublic.of(account)


def _issue(context: Context, session: AsyncSession, account: Account, family_id: UUID) -> TokenPair:
    """Store a new refresh token of the family and return it with an access token."""
    refresh_token = new_refresh_token()
    lifetime: timedelta = context.tokens.refresh
    session.add(
        RefreshToken(
            user_id=account.id,
            family_id=family_id,
            token_hash=digest_of(refresh_token),
            expires_at=now() + lifetime,
        )
    )
    return TokenPair(
        access_token=context.tokens.issue(account.id, account.role, family_id),
        refresh_token=refresh_token,
        expires_in=int(context.tokens.access.total_seconds()),
    )


async def _rotate(context: Context, session: AsyncSession, digest: str) -> TokenPair | None:
    """Use a token up and issue the next; None, and the family revoked, when it was used before."""
    token = await _locked(session, digest)
    if token is None:
        return None
    if token.used_at is not None:
        await _end(session, token.family_id, SessionEnd.TOKEN_REUSED)
        return None
    account = await session.get_one(Account, token.user_id)
    login_session = await session.get_one(LoginSession, token.family_id)
    if login_session.ended_at is not None or token.expires_at <= now() or account.locked_at is not None:
        return None
    login_session.last_used_at, login_session.expires_at = now(), now() + context.tokens.refresh
    token.used_at = now()
    return _issue(context, session, account, token.family_id)


async def _locked(session: AsyncSession, digest: str) -> RefreshToken | None:
    """Read a token while nobody else changes any of the person's.

    The lock is on the account's row: one on the token's would let a revocation of its family overlook
    the successor that another transaction is just storing. FOR NO KEY UPDATE lets foreign keys pass.
    """
    query = select(RefreshToken).where(RefreshToken.token_hash == digest)
    token = (await session.exec(query)).first()
    if (
        token is None
        or await session.get(Account, token.user_id, with_for_update={"key_share": True}) is None
    ):
        return None
    await session.refresh(token)
    return token


async def _end(session: AsyncSession, session_id: UUID, reason: SessionEnd) -> None:
    ended = update(LoginSession).where(
        col(LoginSession.id) == session_id, col(LoginSession.ended_at).is_(None)
    )
    await session.exec(ended.values(ended_at=now(), ended_by=reason))
