"""Where the vendor's browser may be sent: to the public web, and nowhere else."""

from activities.auto_apply.context import Context
from activities.auto_apply.failures import final_failure
from models.enums import EndReason
from models.public_url import why_not_public


def is_safe(context: Context, url: str) -> bool:
    """Tell whether the browser may open an address; stand-ins on this machine are for settings to allow."""
    return context.allow_private_urls or why_not_public(url) is None


def require_safe(context: Context, *urls: str) -> None:
    """Fail for good where one of these is no address that the browser may open; "" is none at all."""
    if not all(is_safe(context, url) for url in urls if url):
        raise final_failure(EndReason.UNSAFE_REQUEST, "the address is not on the public web")
