"""Changing and resetting the password, and changing the e-mail."""

from fastapi import APIRouter, Request

from api.account_changes import changing_own
from api.deps import ContextDep, LoggedIn
from api.described import problems
from api.limiting import Limit
from api.mailing import may_mail
from api.padding import padded
from api.proving import prove_password
from api.recovering import begin_new_email, begin_reset, set_email, set_password
from api.redeeming import look_at, redeemed
from models.account_enums import TokenPurpose
from models.account_requests import (
    Accepted,
    ChangeEmail,
    ChangePassword,
    EmailOnly,
    ResetPassword,
    TokenOnly,
)
from models.audit import Deed
from models.base import now

router = APIRouter(prefix="/api/auth", tags=["accounts"])

RESET = TokenPurpose.RESET_PASSWORD
NEW_EMAIL = TokenPurpose.CHANGE_EMAIL


@router.post("/password", status_code=204, responses=problems(401, 403, 429))
async def change_password(body: ChangePassword, me: LoggedIn, context: ContextDep) -> None:
    """Replace the password. All other logins end, and tokens in mails are void."""
    known = await prove_password(context, me.id, body.current)
    hashed = await context.passwords.hash(body.new.get_secret_value())
    async with changing_own(context, me, known) as change:
        await set_password(change, hashed, Deed.PASSWORD_CHANGED, me.session_id)


@router.post("/password/forgot", status_code=202, responses=problems(429))
async def forget_password(body: EmailOnly, request: Request, context: ContextDep) -> Accepted:
    """Ask for a mail to reset the password with; the answer is the same for every e-mail."""
    await may_mail(context, request, RESET, body.email)
    async with padded():
        mail = await begin_reset(context, body.email)
        if mail is not None:
            context.flows.start_token_mail(mail)
    return Accepted()


@router.post("/password/reset", status_code=204, responses=problems(401, 429))
async def reset_password(body: ResetPassword, request: Request, context: ContextDep) -> None:
    """Replace a forgotten password by the token of the mail, which is good once. All logins end.

    A second factor stays: it is asked for at the next login. Wrong guesses at the password count no longer.
    """
    token = body.token.get_secret_value()
    account = await look_at(context, request, token, RESET)
    hashed = await context.passwords.hash(body.password.get_secret_value())
    async with redeemed(context, account, token, RESET) as (change, _):
        change.account.email_confirmed_at = change.account.email_confirmed_at or now()
        await set_password(change, hashed, Deed.PASSWORD_RESET)
    # whoever guesses at the account all the time keeps its person out of the login, but not of their mail
    await context.limiter.forgive(Limit.LOGIN_ACCOUNT, account.email)


@router.post("/email", status_code=202, responses=problems(401, 403, 429))
async def change_email(body: ChangeEmail, me: LoggedIn, request: Request, context: ContextDep) -> Accepted:
    """Ask for another e-mail: a mail to it has the token that makes it the account's.

    The answer is the same whether or not another account has it.
    """
    known = await prove_password(context, me.id, body.password)
    await may_mail(context, request, NEW_EMAIL, body.email)
    async with padded(), changing_own(context, me, known) as change:
        await begin_new_email(context, change, body.email, me.session_id)
    return Accepted()


@router.post("/email/confirm", status_code=204, responses=problems(401, 409, 429))
async def confirm_new_email(body: TokenOnly, request: Request, context: ContextDep) -> None:
    """Make the e-mail the account's by the token of the mail to it. Logins but the one that asked end."""
    token = body.token.get_secret_value()
    account = await look_at(context, request, token, NEW_EMAIL)
    async with redeemed(context, account, token, NEW_EMAIL) as (change, row):
        await set_email(change, row)
