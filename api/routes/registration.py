"""Registering, and confirming that the e-mail is one's own."""

from fastapi import APIRouter, Request

from api.deps import ContextDep
from api.described import problems
from api.limiting import Limit
from api.logins import begin_login
from api.mailing import may_mail
from api.padding import padded
from api.redeeming import NOT_GOOD, look_at, redeemed
from api.registering import begin_registration, mail_again
from models.account import AccountCreate, TokenPair
from models.account_enums import TokenPurpose
from models.account_requests import Accepted, ConfirmEmail, EmailOnly
from models.base import now
from models.errors import UnauthenticatedError, UnprocessableError

router = APIRouter(prefix="/api/auth", tags=["accounts"])

CONFIRM = TokenPurpose.CONFIRM_EMAIL
WRONG = "The password is not that of the registration; register again with one that you know."


@router.post("/register", status_code=202, responses=problems(429))
async def register(body: AccountCreate, request: Request, context: ContextDep) -> Accepted:
    """Ask for an account. The e-mail is the login name; a mail to it says how to go on.

    The answer is the same whether or not there is an account with this e-mail.
    """
    await may_mail(context, request, CONFIRM, body.email)
    async with padded():
        hashed = await context.passwords.hash(body.password.get_secret_value())
        mail = await begin_registration(context, body.email, hashed)
        if mail is not None:
            context.flows.start_token_mail(mail)
    return Accepted()


@router.post("/confirm", responses=problems(401, 429))
async def confirm(body: ConfirmEmail, request: Request, context: ContextDep) -> TokenPair:
    """Confirm the e-mail by the token of the mail and the password of the registration, and log in.

    Whoever registered somebody else's e-mail lacks the token, and whoever gets such a mail the password.
    """
    token = body.token.get_secret_value()
    account = await look_at(context, request, token, CONFIRM)
    guesses = f"password:{account.id}"
    await context.limiter.take(Limit.LOGIN_ACCOUNT, guesses)
    right, _ = await context.passwords.verify(body.password.get_secret_value(), account.password_hash)
    if not right:
        raise UnauthenticatedError(WRONG)
    await context.limiter.give_back(Limit.LOGIN_ACCOUNT, guesses)
    async with redeemed(context, account, token, CONFIRM) as (change, _):
        if change.account.email_confirmed_at is not None:
            # by another mail: from then on only a login lets in, with its second factor
            raise UnprocessableError(NOT_GOOD)
        change.account.email_confirmed_at = now()
        begun = await begin_login(change.session, context, change.account, request)
        change.notices += [begun.notice] if begun.notice else []
    return begun.tokens


@router.post("/confirm/resend", status_code=202, responses=problems(429))
async def resend(body: EmailOnly, request: Request, context: ContextDep) -> Accepted:
    """Ask for another mail to confirm an e-mail with."""
    await may_mail(context, request, CONFIRM, body.email)
    async with padded():
        mail = await mail_again(context, body.email)
        if mail is not None:
            context.flows.start_token_mail(mail)
    return Accepted()
