"""Asking people who are logged in for their password or a code again, before what matters most."""

from uuid import UUID

from pydantic import SecretStr

from api.account_changes import GONE, WRONG_PASSWORD, Change
from api.context import Context
from api.limiting import Limit
from api.second_factor import check_code, check_totp
from models.account import Account
from models.errors import ForbiddenError, SecondFactorError, UnauthenticatedError

WRONG_CODE = "The code is wrong, or was used before; wait for the next one."
CODE_WANTED = "Send the code that your authenticator shows, or a recovery code, as `code`."


async def prove_password(context: Context, user_id: UUID, password: SecretStr) -> str:
    """Return the hash that the password is right for, to be given to `changing`.

    ForbiddenError where it is wrong, RateLimitedError after too many guesses: they count apart from those of
    the login, so that a stolen login cannot keep its person out.
    """
    guesses = f"password:{user_id}"
    await context.limiter.take(Limit.LOGIN_ACCOUNT, guesses)
    async with context.database.begin() as session:
        account = await session.get(Account, user_id)
    if account is None:
        raise UnauthenticatedError(GONE)
    # outside any transaction: nobody waits for a connection while a hash is made
    right, _ = await context.passwords.verify(password.get_secret_value(), account.password_hash)
    if not right:
        raise ForbiddenError(WRONG_PASSWORD)
    await context.limiter.give_back(Limit.LOGIN_ACCOUNT, guesses)
    return account.password_hash


async def prove_code(context: Context, change: Change, code: SecretStr | None) -> None:
    """Use a code up where the account has a second factor.

    SecondFactorError without one, ForbiddenError with a wrong one, RateLimitedError after too many.
    """
    if change.account.totp_confirmed_at is None:
        return
    if code is None:
        raise SecondFactorError(CODE_WANTED)
    await _guess(context, change, code, is_set_up=True)


async def prove_new_factor(context: Context, change: Change, code: SecretStr) -> None:
    """Use up a code of a secret that is not confirmed yet; it fails as above."""
    await _guess(context, change, code, is_set_up=False)


async def _guess(context: Context, change: Change, code: SecretStr, *, is_set_up: bool) -> None:
    guesses = f"code:{change.account.id}"
    await context.limiter.take(Limit.CODE_ACCOUNT, guesses)
    check = check_code if is_set_up else check_totp
    if not await check(change.session, change.account, change.seal, code.get_secret_value()):
        raise ForbiddenError(WRONG_CODE)
    await context.limiter.give_back(Limit.CODE_ACCOUNT, guesses)
