"""Using up tokens that are good once: looked at first, and again under the lock of their account."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request
from sqlmodel.ext.asyncio.session import AsyncSession

from api.account_changes import Change, changing
from api.context import Context
from api.limiting import Limit
from models.account import Account
from models.account_enums import TokenPurpose
from models.base import now
from models.errors import UnprocessableError
from models.one_time_token import OneTimeToken, id_in
from models.sealed import KeyRing

NOT_GOOD = "This token is not whole, was used, or has expired: ask for a new one."


async def look_at(context: Context, request: Request, token: str, purpose: TokenPurpose) -> Account:
    """Return the account of a good token, and leave it unused; guesses count for the address that asks."""
    await context.limiter.take_address(Limit.LOGIN_ADDRESS, request)
    async with context.database.begin() as session:
        _, account = await read_token(session, context.keys, token, purpose)
    await context.limiter.give_back_address(Limit.LOGIN_ADDRESS, request)
    return account


@asynccontextmanager
async def redeemed(
    context: Context, account: Account, token: str, purpose: TokenPurpose
) -> AsyncIterator[tuple[Change, OneTimeToken]]:
    """Change an account by a token, which is used up where the block ends well.

    It fails as `read_token` and `changing` do; of many at once one wins, since each holds the account's lock.
    """
    async with changing(context, account.id) as change:
        row, _ = await read_token(change.session, context.keys, token, purpose)
        row.used_at = now()
        yield change, row


async def read_token(
    session: AsyncSession, keys: KeyRing, token: str, purpose: TokenPurpose
) -> tuple[OneTimeToken, Account]:
    """Return the row of a token and its account; UnprocessableError where it is not good for the purpose."""
    token_id = id_in(token)
    row = await session.get(OneTimeToken, token_id) if token_id else None
    account = await session.get(Account, row.user_id) if row else None
    if row is None or account is None or not row.is_good or row.purpose is not purpose:
        raise UnprocessableError(NOT_GOOD)
    if account.locked_at is not None or account.erasing_at is not None:
        raise UnprocessableError(NOT_GOOD)
    if not row.is_token(token, account.seal(keys)):
        raise UnprocessableError(NOT_GOOD)
    return row, account
