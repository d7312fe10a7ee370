"""What an ended run proves about an application. Nothing is taken for submitted without a confirmation."""

from dataclasses import dataclass, field

from activities.vendors.skyvern_apply import NOTHING_SENT, PERHAPS_SENT
from activities.vendors.skyvern_runs import CANCELED, COMPLETED, TIMED_OUT, Confirmation, Run
from models.enums import ApplicationState, EndReason

STEPS_USED_UP = frozenset({"REACH_MAX_STEPS", "REACH_MAX_RETRIES"})
AGENT_SPEAKS = frozenset({"terminated", "failed"})
"""How a run ends in which the agent itself says why."""

MAY_BE_MENDED = frozenset({EndReason.MISSING_ANSWER})
"""What may go better in a new application: its form is read again, and its person may tell more by then."""


@dataclass(frozen=True)
class Verdict:
    """Where an application goes; `failed` only where nothing was sent. The confirmation is personal."""

    state: ApplicationState
    reason: EndReason | None = None
    retryable: bool = False
    confirmation: str | None = field(default=None, repr=False)


def unknown(reason: EndReason) -> Verdict:
    """Return the verdict that only the person can find out."""
    return Verdict(ApplicationState.UNKNOWN_OUTCOME, reason)


def judge(run: Run) -> Verdict:
    """Return what a final run proves."""
    if run.status == COMPLETED:
        return _judge_completed(run.confirmation)
    if not run.was_started:
        return Verdict(ApplicationState.FAILED, EndReason.PROVIDER_ERROR, retryable=True)
    said = _said_by_agent(run)
    if said is not None and said in NOTHING_SENT and not _is_confirmed(run.confirmation):
        return Verdict(ApplicationState.FAILED, said, retryable=said in MAY_BE_MENDED)
    return unknown(said or _reason_of(run))


def judge_stopped(run: Run | None) -> Verdict:
    """Return what a run proves that we cancelled at our deadline; None where it did not even end."""
    if run is None:
        return unknown(EndReason.TIMEOUT)
    verdict = judge(run)
    if run.status != CANCELED:
        return verdict
    return Verdict(verdict.state, EndReason.TIMEOUT, verdict.retryable)


def _judge_completed(confirmation: Confirmation | None) -> Verdict:
    if confirmation is None or not _is_confirmed(confirmation):
        return unknown(EndReason.NO_CONFIRMATION)
    text = confirmation.confirmation_id or confirmation.text
    return Verdict(ApplicationState.SUBMITTED, confirmation=text)


def _is_confirmed(confirmation: Confirmation | None) -> bool:
    """Tell whether the last page confirmed: in so many words, or by an id that nothing contradicts."""
    if confirmation is None or confirmation.submitted is False:
        return False
    return bool(confirmation.submitted or confirmation.confirmation_id)


def _said_by_agent(run: Run) -> EndReason | None:
    """Return the code of ours that the agent chose; one that proves nothing outweighs the others."""
    if run.status not in AGENT_SPEAKS:
        return None
    codes = {error.code for error in run.errors if error.by_caller}
    return next((code for code in (*PERHAPS_SENT, *NOTHING_SENT) if code.value in codes), None)


def _reason_of(run: Run) -> EndReason:
    if run.status == TIMED_OUT:
        return EndReason.TIMEOUT
    if run.status == "terminated" or any(error.code in STEPS_USED_UP for error in run.errors):
        return EndReason.STUCK
    return EndReason.PROVIDER_ERROR
