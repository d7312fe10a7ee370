"""Using up tokens that are good once."""

from sqlmodel.ext.asyncio.session import AsyncSession

from models.account import Account
from models.account_enums import TokenPurpose
from models.errors import UnprocessableError
from models.one_time_token import OneTimeToken, id_in
from models.sealed import KeyRing

NOT_GOOD = "This token is not whole, was used, or has expired: ask for a new one."


async def read_token(
    session: AsyncSession, keys: KeyRing, token: str, purpose: TokenPurpose
) -> tuple[OneTimeToken, Account]:
    """Return the row of a token and its account; UnprocessableError where it is not good for the purpose.

    Read under the account's lock it is still unused when the transaction uses it up.
    """
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
