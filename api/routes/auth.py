"""Logging in, going on with a login, ending it, and who am I."""

from fastapi import APIRouter, Request

from api.context import Context
from api.deps import ContextDep, Me, SessionDep
from api.described import problems
from api.limiting import Limit
from api.logins import begin_login
from api.proving import CODE_WANTED, WRONG_CODE
from api.refreshing import end_login_of, rotate
from api.second_factor import check_code
from api.security import digest_of
from models.account import Account, AccountPublic, Login, Refresh, TokenPair, account_by_email
from models.errors import SecondFactorError, UnauthenticatedError, UnconfirmedError

router = APIRouter(prefix="/api/auth", tags=["accounts"])

WRONG_LOGIN = "The e-mail or the password is wrong."
UNCONFIRMED = "Confirm the e-mail first: follow the mail, or ask for another at /api/auth/confirm/resend."
WRONG_REFRESH = "The refresh token is not valid any more; log in again."


@router.post("/login", responses=problems(401, 403, 429))
async def login(body: Login, request: Request, context: ContextDep) -> TokenPair:
    """Exchange e-mail and password, and a code where a second factor is switched on, for tokens."""
    account = await _whose_password(body, request, context)
    if account.email_confirmed_at is None:
        raise UnconfirmedError(UNCONFIRMED)
    if account.totp_confirmed_at is not None:
        await _check_second_factor(body, context, account)
    async with context.database.begin() as session:
        # whoever locks the account or changes the password waits for the login, or the login for them
        current = await session.get(Account, account.id, with_for_update={"key_share": True})
        if current is None or not _may_log_in(current) or current.password_hash != account.password_hash:
            raise UnauthenticatedError(WRONG_LOGIN)
        begun = await begin_login(session, context, current, request)
    if begun.notice is not None:
        context.flows.start_notify(begun.notice)
    return begun.tokens


@router.post("/refresh", responses=problems(401, 429))
async def refresh(body: Refresh, request: Request, context: ContextDep) -> TokenPair:
    """Exchange a refresh token for new tokens. It works once; a second use ends the whole login."""
    await context.limiter.take_address(Limit.REFRESH_ADDRESS, request)
    rotated = await rotate(context, request, digest_of(body.refresh_token.get_secret_value()))
    if rotated is None:
        raise UnauthenticatedError(WRONG_REFRESH)
    return rotated


@router.post("/logout", status_code=204, responses=problems())
async def logout(body: Refresh, context: ContextDep) -> None:
    """End the login that the refresh token belongs to; one that is unknown is no error."""
    await end_login_of(context, digest_of(body.refresh_token.get_secret_value()))


@router.get("/me", responses=problems(401, 403))
async def read_me(me: Me, session: SessionDep) -> AccountPublic:
    """Show the account that is logged in."""
    account = await session.get(Account, me.id)
    if account is None:
        raise UnauthenticatedError("This account no longer exists.")
    return AccountPublic.of(account)


async def _whose_password(body: Login, request: Request, context: Context) -> Account:
    """Return the account that the password is right for; UnauthenticatedError after as long where it is not.

    A guess counts before it is looked at, and a right one is uncounted.
    """
    email, limiter = body.email.lower(), context.limiter
    await limiter.take_address(Limit.LOGIN_ADDRESS, request)
    await limiter.take(Limit.LOGIN_ACCOUNT, email)
    async with context.database.begin() as session:
        account = (await session.exec(account_by_email(email))).first()
    # outside any transaction: nobody waits for a connection while a hash is made
    known = account.password_hash if account else None
    right, newer = await context.passwords.verify(body.password.get_secret_value(), known)
    if account is None or not right or not _may_log_in(account):
        raise UnauthenticatedError(WRONG_LOGIN)
    await limiter.give_back_address(Limit.LOGIN_ADDRESS, request)
    await limiter.give_back(Limit.LOGIN_ACCOUNT, email)
    if newer is not None:
        await _store_hash(context, account, newer)
    return account


async def _store_hash(context: Context, account: Account, newer: str) -> None:
    """Keep the same password by the parameters of today, unless it was changed meanwhile."""
    async with context.database.begin() as session:
        current = await session.get(Account, account.id, with_for_update={"key_share": True})
        if current is not None and current.password_hash == account.password_hash:
            current.password_hash = account.password_hash = newer


async def _check_second_factor(body: Login, context: Context, account: Account) -> None:
    """SecondFactorError without a code, UnauthenticatedError with a wrong one."""
    if body.code is None:
        raise SecondFactorError(CODE_WANTED)
    await context.limiter.take(Limit.CODE_ACCOUNT, account.id)
    # a transaction of its own: the code is used up whatever comes after
    async with context.database.begin() as session:
        seal = account.seal(context.keys)
        right = await check_code(session, account, seal, body.code.get_secret_value())
    if not right:
        raise UnauthenticatedError(WRONG_CODE)
    await context.limiter.give_back(Limit.CODE_ACCOUNT, account.id)


def _may_log_in(account: Account) -> bool:
    return account.locked_at is None and account.erasing_at is None
