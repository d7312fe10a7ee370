"""What can go wrong, by name; the API maps each class to a status in one table.

JobrakerError
├── NotFoundError           nothing with that id belongs to the person
├── ConflictError           the present state forbids it
│   ├── IllegalMoveError    an application cannot go from this state to that one
│   ├── TooLateError        the submission fence was passed, so it cannot be taken back
│   ├── JobExpiredError     the job is no longer advertised
│   ├── UnderWayError       the same thing is being done right now
│   ├── CapReachedError     the person allows no more of it for now
│   ├── StaleError          what was shown has changed since
│   └── AlreadyExistsError  the same thing is there already
├── UnauthenticatedError    no credentials, or none that are valid
│   └── SecondFactorError   the password is right, and a code is wanted beside it
├── ForbiddenError          valid credentials that do not suffice
│   ├── UnconfirmedError    the e-mail was never confirmed
│   └── FactorUnsetError    administrators must switch a second factor on first
├── UnprocessableError      the content cannot be used as what it claims to be
│   ├── BadAnswerError      an answer does not fit its question
│   └── IncompleteError     something must be filled in first
├── TooLargeError           the content is over a limit
├── TooManyError            more at once than one person may have
│   └── RateLimitedError    more often than is allowed; it says when to come again
├── UnavailableError        something that we depend on is away for the moment
└── SealError               a sealed value does not open: wrong place, changed bytes or a missing key
"""

from collections.abc import Sequence
from typing import Self


class JobrakerError(Exception):
    """The root; `detail` is a sentence for the caller that says what to do, `members` are facts beside it."""

    def __init__(self, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members


class NotFoundError(JobrakerError):
    """Nothing with that id belongs to the person."""


class ConflictError(JobrakerError):
    """The present state forbids it."""


class IllegalMoveError(ConflictError):
    """An application cannot go from this state to that one."""


class TooLateError(ConflictError):
    """The submission fence was passed, so it cannot be taken back."""


class JobExpiredError(ConflictError):
    """The job is no longer advertised."""


class UnderWayError(ConflictError):
    """The same thing is being done right now."""


class CapReachedError(ConflictError):
    """The person allows no more of it for now; `cap` names the limit, `free_at` when it allows one again."""


class StaleError(ConflictError):
    """What was shown has changed since; `shown_hash` names what is shown by now."""


class AlreadyExistsError(ConflictError):
    """The same thing is there already."""


class UnauthenticatedError(JobrakerError):
    """No credentials, or none that are valid."""


class ForbiddenError(JobrakerError):
    """Valid credentials that do not suffice."""


class SecondFactorError(UnauthenticatedError):
    """The password is right, and a code of the second factor is wanted beside it."""


class UnconfirmedError(ForbiddenError):
    """The account's e-mail was never confirmed."""


class FactorUnsetError(ForbiddenError):
    """An administrator must switch a second factor on before anything else."""


class UnprocessableError(JobrakerError):
    """The content cannot be used as what it claims to be."""


class BadAnswerError(UnprocessableError):
    """An answer does not fit its question; `errors` names each with its `question_id`."""

    @classmethod
    def of(cls, faults: Sequence[tuple[object, str]]) -> Self:
        """Return the refusal of answers, each named by its question's id and what is wrong with it."""
        count = len(faults)
        said = "1 answer does not fit its question" if count == 1 else f"{count} answers do not fit"
        shown = [{"question_id": str(question_id), "msg": fault} for question_id, fault in faults]
        return cls(f"{said}; see `errors`.", errors=shown)


class IncompleteError(UnprocessableError):
    """Something must be filled in first."""


class TooLargeError(JobrakerError):
    """The content is over a limit."""


class TooManyError(JobrakerError):
    """More at once than one person may have."""


class RateLimitedError(TooManyError):
    """More often than is allowed; `retry_after` says in how many seconds it is allowed again."""

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.retry_after = retry_after


class UnavailableError(JobrakerError):
    """Something that we depend on is away for the moment."""


class SealError(JobrakerError):
    """A sealed value does not open: wrong place, changed bytes or a missing key."""
