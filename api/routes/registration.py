"""Registering, and confirming that the e-mail is one's own."""

from fastapi import APIRouter, Request

from api.context import Context
from api.deps import ContextDep
from api.described import problems
from api.limiting import Limit
from api.padding import padded
from api.registering import begin_registration, mail_again
from models.account import AccountCreate
from models.account_requests import Accepted, EmailOnly

router = APIRouter(prefix="/api/auth", tags=["accounts"])


@router.post("/register", status_code=202, responses=problems(429))
async def register(body: AccountCreate, request: Request, context: ContextDep) -> Accepted:
    """Ask for an account. The e-mail is the login name; a mail to it says how to go on.

    The answer is the same whether or not there is an account with this e-mail.
    """
    await context.limiter.take_address(Limit.REGISTER_ADDRESS, request)
    await context.limiter.take(Limit.MAIL_ACCOUNT, body.email.lower())
    async with padded():
        hashed = await context.passwords.hash(body.password.get_secret_value())
        mail = await begin_registration(context, body.email, hashed)
        if mail is not None:
            context.flows.start_token_mail(mail)
    return Accepted()


@router.post("/confirm/resend", status_code=202, responses=problems(429))
async def resend(body: EmailOnly, request: Request, context: ContextDep) -> Accepted:
    """Ask for another mail to confirm an e-mail with; the tokens of earlier ones are void."""
    await may_mail(context, request, body.email)
    async with padded():
        mail = await mail_again(context, body.email)
        if mail is not None:
            context.flows.start_token_mail(mail)
    return Accepted()


async def may_mail(context: Context, request: Request, email: str) -> None:
    """Count a mail for who asks and for who gets it; RateLimitedError where either has had too many."""
    await context.limiter.take_address(Limit.MAIL_ADDRESS, request)
    await context.limiter.take(Limit.MAIL_ACCOUNT, email.lower())
