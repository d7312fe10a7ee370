"""How a vendor's error becomes the failure of a step: which word the workflow reads, and whether to go on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from temporalio.exceptions import ApplicationError

from activities.vendors.client import (
    CredentialsRefusedError,
    RateLimitedError,
    RefusedError,
    VendorError,
)
from models.enums import EndReason


def final_failure(reason: EndReason, message: str) -> ApplicationError:
    """Return a failure that no repetition mends, with its reason; the message is fixed words."""
    return ApplicationError(message, type=reason.value, non_retryable=True)


@contextmanager
def vendor_failures(*, refusals_pass: bool = False) -> Iterator[None]:
    """Raise a vendor's errors as failures of the step.

    `refusals_pass` says that even a refused request may be accepted later, as with a search that timed out.
    """
    try:
        yield
    except CredentialsRefusedError as error:
        raise final_failure(EndReason.CREDENTIALS_REFUSED, str(error)) from None
    except RateLimitedError as error:
        wait = None if error.retry_after is None else timedelta(seconds=error.retry_after)
        raise ApplicationError(
            str(error), type=EndReason.QUOTA_EXHAUSTED.value, next_retry_delay=wait
        ) from None
    except RefusedError as error:
        if not refusals_pass:
            raise final_failure(EndReason.PROVIDER_ERROR, str(error)) from None
        raise ApplicationError(str(error), type=EndReason.PROVIDER_ERROR.value) from None
    except VendorError as error:
        raise ApplicationError(str(error), type=EndReason.PROVIDER_ERROR.value) from None
