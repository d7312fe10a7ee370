"""How a run may end other than by reaching its goal, as exceptions that carry what is told about it."""

from local.skyvern.browser.obstacles import Obstacle
from local.skyvern.run import Json, Status

REACH_MAX_STEPS = "REACH_MAX_STEPS"
REACH_MAX_RETRIES = "REACH_MAX_RETRIES"
_CONFIDENCE = 0.98


class RunEndedError(Exception):
    """The run ends here with `status`; `errors` is what the answer lists, `reason` says it in words."""

    def __init__(self, status: Status, reason: str, errors: list[Json]) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.errors = errors


class RunStoppedError(Exception):
    """Somebody ended the run while its browser was at work: nothing is left to tell."""


def terminated(obstacle: Obstacle, mapping: dict[str, str]) -> RunEndedError:
    """Return the end of a run that cannot succeed; its code is told only where the caller defined it."""
    errors: list[Json] = []
    if obstacle.code in mapping:
        errors = [
            {
                "error_code": obstacle.code,
                "reasoning": obstacle.reason,
                "confidence_float": _CONFIDENCE,
                "error_type": "USER_DEFINED_ERROR",
            }
        ]
    return RunEndedError(Status.TERMINATED, obstacle.reason, errors)


def failed(code: str, reason: str) -> RunEndedError:
    """Return the end of a run that the system itself could not carry on."""
    error = {"error_code": code, "reasoning": reason, "error_type": "SYSTEM_DEFINED_ERROR"}
    return RunEndedError(Status.FAILED, reason, [error])


def timed_out() -> RunEndedError:
    """Return the end of a run that took longer than it may."""
    return RunEndedError(Status.TIMED_OUT, "The run exceeded the maximum elapsed time.", [])
