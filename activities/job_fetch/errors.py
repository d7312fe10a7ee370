"""The failures of a step, each a word of a closed set: what is asked again, and after how long."""

from datetime import timedelta

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from models.enums import FetchFault

NEVER_AGAIN = frozenset(
    {FetchFault.CREDENTIALS_REFUSED, FetchFault.UNSUPPORTED_COUNTRY, FetchFault.BAD_REQUEST}
)
"""Asking again would only cost a call: the answer is about us, not about the moment."""

LONGEST_WAIT = timedelta(minutes=5)
"""What takes longer is left to a later run."""


def failure(fault: FetchFault, *, last: bool = False, wait: timedelta | None = None) -> ApplicationError:
    """Return the failure that ends a try: the last one, or one that is repeated after a wait.

    To wait for a turn is nothing that an operator is to be warned of.
    """
    too_long = wait is not None and wait > LONGEST_WAIT
    is_turn = fault is FetchFault.BUDGET_SPENT
    return ApplicationError(
        "the search could not be brought",
        type=fault,
        non_retryable=last or too_long or fault in NEVER_AGAIN,
        next_retry_delay=wait,
        category=ApplicationErrorCategory.BENIGN if is_turn else ApplicationErrorCategory.UNSPECIFIED,
    )
