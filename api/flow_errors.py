"""What a call to Temporal fails by, as our errors: it is away, or a workflow has refused an update."""

import structlog
from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from models.errors import (
    BadAnswerError,
    ConflictError,
    JobrakerError,
    SealError,
    StaleError,
    UnavailableError,
)
from workflows.desk import BAD_ANSWER, NOT_OPEN, STALE

# the client tells that it cannot connect by a RuntimeError; the last two come from the keys of payloads
AWAY = (
    RPCError,
    RuntimeError,
    TimeoutError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    UnavailableError,
    SealError,
)

REFUSALS: dict[str, type[JobrakerError]] = {
    NOT_OPEN: ConflictError,
    BAD_ANSWER: BadAnswerError,
    STALE: StaleError,
}
"""Which error each failure type of a refused update stands for."""

NOT_NOW = "This cannot be taken over at the moment; try again in a few seconds."

log = structlog.get_logger()


def refusal_of(error: WorkflowUpdateFailedError, name: str) -> JobrakerError:
    """Return the error that a refused update stands for; what a step of it fails by is not the person's."""
    cause = error.cause
    if not isinstance(cause, ApplicationError) or cause.type not in REFUSALS:
        log.warning("temporal.update_failed", call=name, error=type(cause).__name__)
        return UnavailableError(NOT_NOW)
    if cause.type == BAD_ANSWER and cause.details:
        return BadAnswerError.of([(cause.details[0], cause.message)])
    return REFUSALS[cause.type](f"{cause.message}.")
