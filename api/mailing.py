"""How often somebody may have mails sent, and may be sent them."""

from fastapi import Request

from api.context import Context
from api.limiting import Limit
from models.account_enums import TokenPurpose


async def may_mail(context: Context, request: Request, purpose: TokenPurpose, email: str) -> None:
    """Count a mail for the address that asks and for the e-mail; RateLimitedError beyond the rate of either.

    Each purpose counts for itself: whoever registers with another's e-mail again and again cannot keep them
    from resetting their password.
    """
    by_address = Limit.REGISTER_ADDRESS if purpose is TokenPurpose.CONFIRM_EMAIL else Limit.MAIL_ADDRESS
    await context.limiter.take_address(by_address, request)
    await context.limiter.take(Limit.MAIL_ACCOUNT, f"{purpose}:{email.lower()}")
