"""What an ended run proves, by rule; every ending that the contract names."""

from dataclasses import replace

import pytest

from activities.auto_apply.judging import Verdict, judge, judge_stopped
from activities.vendors.skyvern_apply import NOTHING_SENT, PERHAPS_SENT
from activities.vendors.skyvern_runs import Confirmation, Run, RunError
from models.enums import ApplicationState, EndReason

S = ApplicationState
R = EndReason


def run(status: str, *codes: str, confirmation: Confirmation | None = None, by_caller: bool = True) -> Run:
    """Return an ended run that was started."""
    errors = tuple(RunError(code, by_caller) for code in codes)
    return Run("wr_1", status, True, "key", errors, confirmation)


def read(
    *, submitted: bool | None = None, number: str | None = None, text: str | None = None
) -> Confirmation:
    """Return what was read off the last page."""
    return Confirmation(submitted, number, text)


@pytest.mark.parametrize(
    ("confirmation", "state", "told"),
    [
        (read(submitted=True, number="CONF-1", text="Received."), S.SUBMITTED, "CONF-1"),
        (read(submitted=True, text="Received."), S.SUBMITTED, "Received."),
        (read(submitted=True), S.SUBMITTED, None),
        (read(number="CONF-1"), S.SUBMITTED, "CONF-1"),
        (read(submitted=False, number="CONF-1"), S.UNKNOWN_OUTCOME, None),
        (read(submitted=False), S.UNKNOWN_OUTCOME, None),
        (read(text="Received."), S.UNKNOWN_OUTCOME, None),
        (read(), S.UNKNOWN_OUTCOME, None),
        (None, S.UNKNOWN_OUTCOME, None),
    ],
)
def test_completed_is_submitted_only_with_a_confirmation(
    confirmation: Confirmation | None, state: ApplicationState, told: str | None
) -> None:
    verdict = judge(run("completed", confirmation=confirmation))
    assert (verdict.state, verdict.confirmation) == (state, told)
    assert verdict.reason is (R.NO_CONFIRMATION if state is S.UNKNOWN_OUTCOME else None)


@pytest.mark.parametrize("code", NOTHING_SENT)
@pytest.mark.parametrize("status", ["terminated", "failed"])
def test_a_code_of_ours_from_before_submitting_fails_the_application(code: EndReason, status: str) -> None:
    retryable = code is R.MISSING_ANSWER
    assert judge(run(status, code.value)) == Verdict(S.FAILED, code, retryable)


@pytest.mark.parametrize("code", PERHAPS_SENT)
def test_a_code_that_proves_nothing_leaves_the_outcome_open(code: EndReason) -> None:
    assert judge(run("terminated", code.value)) == Verdict(S.UNKNOWN_OUTCOME, code)
    assert judge(run("terminated", "job_closed", code.value)) == Verdict(S.UNKNOWN_OUTCOME, code)


@pytest.mark.parametrize("status", ["canceled", "timed_out"])
def test_a_run_that_was_ended_from_outside_is_not_believed_its_codes(status: str) -> None:
    assert judge(run(status, "job_closed")).state is S.UNKNOWN_OUTCOME


def test_a_confirmed_run_is_not_believed_that_nothing_was_sent() -> None:
    confirmed = run("failed", "captcha", confirmation=read(submitted=True))
    assert judge(confirmed).state is S.UNKNOWN_OUTCOME


@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        (run("failed", "REACH_MAX_STEPS", by_caller=False), R.STUCK),
        (run("failed", "REACH_MAX_RETRIES", by_caller=False), R.STUCK),
        (run("failed", "OTP_TIMEOUT", by_caller=False), R.PROVIDER_ERROR),
        (run("failed"), R.PROVIDER_ERROR),
        (run("failed", "job_closed", by_caller=False), R.PROVIDER_ERROR),
        (run("terminated"), R.STUCK),
        (run("terminated", "a_code_of_somebody_else"), R.STUCK),
        (run("timed_out"), R.TIMEOUT),
        (run("canceled"), R.PROVIDER_ERROR),
    ],
)
def test_every_other_ending_leaves_the_outcome_open(ended: Run, reason: EndReason) -> None:
    assert judge(ended) == Verdict(S.UNKNOWN_OUTCOME, reason)


@pytest.mark.parametrize("status", ["failed", "terminated", "canceled", "timed_out"])
def test_a_run_that_never_started_sent_nothing_and_may_be_tried_again(status: str) -> None:
    never = replace(run(status), was_started=False)
    assert judge(never) == Verdict(S.FAILED, R.PROVIDER_ERROR, retryable=True)


def test_what_a_run_proves_that_we_stopped() -> None:
    assert judge_stopped(None) == Verdict(S.UNKNOWN_OUTCOME, R.TIMEOUT)
    assert judge_stopped(run("canceled")) == Verdict(S.UNKNOWN_OUTCOME, R.TIMEOUT)
    never = replace(run("canceled"), was_started=False)
    assert judge_stopped(never) == Verdict(S.FAILED, R.TIMEOUT, retryable=True)
    landed = run("completed", confirmation=read(submitted=True))
    assert judge_stopped(landed).state is S.SUBMITTED


def test_a_confirmation_is_not_shown_where_a_verdict_is_printed() -> None:
    assert "CONF-1" not in repr(judge(run("completed", confirmation=read(submitted=True, number="CONF-1"))))
