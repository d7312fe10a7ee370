"""From approved to the end: at most one submission, reconciled when its outcome is unclear."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.exceptions import TimeoutError as StepTimeoutError

from models.enums import RETRYABLE, ApplicationState, AttemptState, EndReason
from workflows.messages import (
    ApplicationRef,
    AttemptRef,
    AttemptRun,
    Conclusion,
    EndApplication,
    Fence,
    OpenAttempt,
    Staged,
    Submission,
    SubmissionKind,
    Timing,
    VoidAttempt,
)
from workflows.policies import DATABASE_STEP, VENDOR_STEP, submit_step, watch_step
from workflows.quick import quickly
from workflows.steps import AutoApplySteps
from workflows.waiting import LEAST, Doorbell, continue_as_new_if_long

POSTS_AFTER_ABSENT = 1
"""How often a submission may be sent again after it was proven that none exists."""

POSTS_AFTER_REFUSAL = 8
"""How often it may be sent again after the vendor said that it created nothing."""

SETTLED_WHOLE = "settled-whole"
"""The patch since which the doorbell cuts no settling time short."""

BACKOFF = 1.5
AMBIGUOUS = Submission(kind=SubmissionKind.AMBIGUOUS)

execute = workflow.execute_activity_method


def reason_of(error: ActivityError) -> EndReason:
    """Read the reason that a step gave as its failure's type, the last one where its time ran out.

    Time that ran out over a poll is a timeout; anything else is the provider's error.
    """
    is_late = isinstance(error.cause, StepTimeoutError)
    cause = error.cause.__cause__ if is_late and error.cause else error.cause
    if isinstance(cause, ApplicationError) and cause.type in set(EndReason):
        return EndReason(cause.type)
    return EndReason.TIMEOUT if is_late else EndReason.PROVIDER_ERROR


def _is_absence(submission: Submission) -> bool:
    """Tell what the vendor's list proved from what the vendor said: only the latter has a reason."""
    return submission.reason is None


@dataclass
class Submitting:
    """Takes one approved application over the fence and to its end; `phase` tells operators where it is."""

    application: ApplicationRef
    timing: Timing
    bell: Doorbell
    phase: Callable[[ApplicationState], None]
    is_brief: bool = False
    """Whether the run is recorded within the workflow's task; not where the first version began."""

    async def resume(self, attempt: AttemptRef) -> Conclusion | None:
        """Find out what became of an attempt of an earlier run; None where it is proven that it never was."""
        found = await self._look_up(attempt)
        if found.kind is SubmissionKind.ACCEPTED:
            return await self._confirm(attempt, found)
        if found.kind is SubmissionKind.AMBIGUOUS:
            return await self._unknown()
        if not await self._voided(attempt, found):
            return await self._adopt(attempt)
        return None

    async def submit(self) -> Conclusion:
        """Stage, cross the fence and conclude; `awaiting_approval` where the content was changed since."""
        conclusion = None
        while conclusion is None:
            staged: Staged = await execute(AutoApplySteps.stage, self.application, **VENDOR_STEP)
            if staged.wait > 0:
                await self._hold(staged.wait)
                continue
            conclusion = await self._cross(staged)
        return conclusion

    async def _cross(self, staged: Staged) -> Conclusion | None:
        absences = refusals = 0
        while True:
            request = OpenAttempt(application=self.application, staged=staged)
            fence: Fence = await execute(AutoApplySteps.open_attempt, request, **DATABASE_STEP)
            if fence.attempt is None:
                return await self._held(fence)
            self.phase(fence.state)
            submission = await self._post(fence.attempt)
            if submission.kind is SubmissionKind.ACCEPTED:
                return await self._confirm(fence.attempt, submission)
            if submission.kind is SubmissionKind.AMBIGUOUS:
                return await self._unknown()
            if not await self._voided(fence.attempt, submission):
                return await self._adopt(fence.attempt)
            absences += _is_absence(submission)
            refusals += not _is_absence(submission)
            if submission.kind is SubmissionKind.REFUSED or _is_enough(absences, refusals):
                return await self.failed(submission.reason or EndReason.PROVIDER_ERROR)
            await self.bell.wait(min(submission.retry_after * BACKOFF**refusals, self.timing.poll_max))

    async def _held(self, fence: Fence) -> Conclusion | None:
        """Wait out a hold and return None; else say what closed the fence."""
        if fence.wait <= 0:
            return Conclusion(state=fence.state)
        await self._hold(fence.wait)
        return None

    async def _hold(self, seconds: float) -> None:
        """Wait before the fence, where nothing is under way: a hold may last for days."""
        await continue_as_new_if_long(self.application)
        await self.bell.wait(max(seconds, LEAST.total_seconds()))

    async def _adopt(self, attempt: AttemptRef) -> Conclusion:
        """Go on with the run that the vendor told of after all."""
        found = await self._look_up(attempt)
        if found.kind is SubmissionKind.ACCEPTED:
            return await self._confirm(attempt, found)
        return await self._unknown()

    async def _post(self, attempt: AttemptRef) -> Submission:
        """Send once; where the answer proves nothing, wait until the call can no longer land, then look."""
        try:
            submission = await execute(AutoApplySteps.submit, attempt, **submit_step(self.timing.call))
        except ActivityError:
            submission = AMBIGUOUS
        if submission.kind is not SubmissionKind.AMBIGUOUS:
            return submission
        await self._settle()
        return await self._look_up(attempt)

    async def _settle(self) -> None:
        """Wait until a call can no longer land: absence that is found earlier proves nothing."""
        if self.timing.settle <= 0:
            return
        if workflow.patched(SETTLED_WHOLE):
            await workflow.sleep(self.timing.settle)
        else:
            await self.bell.wait(self.timing.settle)

    async def _look_up(self, attempt: AttemptRef) -> Submission:
        """Say `not_created` only when the vendor's list lacked the run twice, a settling time apart."""
        try:
            found = await execute(AutoApplySteps.look_up, attempt, **VENDOR_STEP)
            if found.kind is SubmissionKind.NOT_CREATED:
                await self._settle()
                found = await execute(AutoApplySteps.look_up, attempt, **VENDOR_STEP)
        except ActivityError:
            return AMBIGUOUS
        return found

    async def _confirm(self, attempt: AttemptRef, submission: Submission) -> Conclusion:
        run = AttemptRun(attempt=attempt, run_id=submission.run_id or "")
        if self.is_brief:
            await quickly(AutoApplySteps.record_run, run)
        else:
            await execute(AutoApplySteps.record_run, run, **DATABASE_STEP)
        self.phase(ApplicationState.CONFIRMING)
        ended = await self._ended_in_time(attempt)
        last_step = AutoApplySteps.conclude if ended else AutoApplySteps.give_up
        conclusion = await execute(last_step, attempt, **VENDOR_STEP)
        await self._copy_evidence(attempt)
        return conclusion

    async def _ended_in_time(self, attempt: AttemptRef) -> bool:
        """Poll until the run has ended, but not past the deadline; the doorbell makes it look at once."""
        timing = self.timing
        deadline = workflow.now() + timedelta(seconds=timing.deadline)
        while (left := deadline - workflow.now()) > timedelta(0):
            self.bell.hush()
            options = watch_step(timing.poll, timing.poll_max, left)
            poll = workflow.start_activity_method(AutoApplySteps.watch_run, attempt, **options)
            if not await self.bell.rung_before(poll):
                return poll.exception() is None
            poll.cancel()
            with suppress(ActivityError):
                await poll
                return True
        return False

    async def _copy_evidence(self, attempt: AttemptRef) -> None:
        try:
            await execute(AutoApplySteps.copy_evidence, attempt, **VENDOR_STEP)
        except ActivityError as error:
            workflow.logger.warning("no evidence could be copied", extra={"reason": reason_of(error).value})

    async def _voided(self, attempt: AttemptRef, proof: Submission) -> bool:
        """Settle the attempt as never sent; False where the vendor told of a run of it meanwhile."""
        state = AttemptState.ABSENT if _is_absence(proof) else AttemptState.REFUSED
        void = VoidAttempt(attempt=attempt, state=state)
        fence = await execute(AutoApplySteps.void_attempt, void, **DATABASE_STEP)
        self.phase(fence.state)
        return fence.attempt is None

    async def failed(self, reason: EndReason) -> Conclusion:
        """End it as failed; behind the fence the step `end` itself makes that `unknown_outcome`."""
        return await self._end(ApplicationState.FAILED, reason)

    async def _unknown(self) -> Conclusion:
        return await self._end(ApplicationState.UNKNOWN_OUTCOME, EndReason.PROVIDER_ERROR)

    async def _end(self, state: ApplicationState, reason: EndReason) -> Conclusion:
        request = EndApplication(
            application=self.application, state=state, reason=reason, retryable=reason in RETRYABLE
        )
        return await execute(AutoApplySteps.end, request, **DATABASE_STEP)


def _is_enough(absences: int, refusals: int) -> bool:
    return absences > POSTS_AFTER_ABSENT or refusals > POSTS_AFTER_REFUSAL
