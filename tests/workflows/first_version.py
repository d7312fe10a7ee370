"""The first version's workflow of an application, frozen: the old code that applications wait since.

Never to be changed: tests run it, stop it, and let today's code go on.
"""

from contextlib import suppress
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from models.enums import ApplicationState, AttemptState, EndReason
from workflows.children import start_notify
from workflows.ids import AUTO_APPLY, PHASE
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
from workflows.steps import AutoApplySteps

POSTS_AFTER_ABSENT = 1
"""How often a submission may be sent again after it was proven that none exists."""

POSTS_AFTER_REFUSAL = 8
"""How often it may be sent again after the vendor said that it created nothing."""

BACKOFF = 1.5
UNDER_WAY = frozenset({ApplicationState.APPROVED, ApplicationState.SUBMITTING, ApplicationState.CONFIRMING})
RETRYABLE = frozenset({EndReason.PROVIDER_ERROR, EndReason.TIMEOUT, EndReason.STUCK, EndReason.PAGE_ERROR})
AMBIGUOUS = Submission(kind=SubmissionKind.AMBIGUOUS)

execute = workflow.execute_activity_method


def reason_of(error: ActivityError) -> EndReason:
    """Read the reason that a step gave as its failure's type; anything else is the provider's error."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type in set(EndReason):
        return EndReason(cause.type)
    return EndReason.PROVIDER_ERROR


def _is_absence(submission: Submission) -> bool:
    """Tell what the vendor's list proved from what the vendor said: only the latter has a reason."""
    return submission.reason is None


@workflow.defn(name=AUTO_APPLY)
class FirstVersion:
    """Decides what happens to one application; every fact it decides by comes from a step."""

    def __init__(self) -> None:
        self._rung = False

    @workflow.signal
    def doorbell(self) -> None:
        """The vendor says that something changed: look at once. It carries nothing, so forging it is idle."""
        self._rung = True

    @workflow.run
    async def run(self, application: ApplicationRef) -> Conclusion:
        """Take the application from wherever its row stands to its end."""
        prepared = await execute(AutoApplySteps.prepare, application, **DATABASE_STEP)
        if prepared.state not in UNDER_WAY:
            return Conclusion(state=prepared.state)
        try:
            conclusion = await self._apply(application, prepared.attempt, prepared.timing)
        except ActivityError as error:
            # where the fence was crossed, the step `end` itself turns `failed` into `unknown_outcome`
            conclusion = await self._failed(application, reason_of(error))
        self._phase(conclusion.state)
        if conclusion.notification_id is not None:
            await start_notify(conclusion.notification_id, application.user_id)
        return conclusion

    async def _apply(
        self, application: ApplicationRef, attempt: AttemptRef | None, timing: Timing
    ) -> Conclusion:
        if attempt is not None:
            # an earlier run of this workflow was behind the fence: find out before anything else
            found = await self._look_up(attempt, timing)
            if found.kind is SubmissionKind.ACCEPTED:
                return await self._confirm(attempt, found, timing)
            if found.kind is SubmissionKind.AMBIGUOUS:
                return await self._unknown(application)
            if not await self._voided(attempt, found):
                return await self._adopt(application, attempt, timing)
        staged = await execute(AutoApplySteps.stage, application, **VENDOR_STEP)
        return await self._submit(application, staged, timing)

    async def _submit(self, application: ApplicationRef, staged: Staged, timing: Timing) -> Conclusion:
        absences = refusals = 0
        while True:
            request = OpenAttempt(application=application, staged=staged)
            fence: Fence = await execute(AutoApplySteps.open_attempt, request, **DATABASE_STEP)
            if fence.attempt is None:
                return Conclusion(state=fence.state)
            self._phase(fence.state)
            submission = await self._post(fence.attempt, timing)
            if submission.kind is SubmissionKind.ACCEPTED:
                return await self._confirm(fence.attempt, submission, timing)
            if submission.kind is SubmissionKind.AMBIGUOUS:
                return await self._unknown(application)
            if not await self._voided(fence.attempt, submission):
                return await self._adopt(application, fence.attempt, timing)
            absences += _is_absence(submission)
            refusals += not _is_absence(submission)
            if submission.kind is SubmissionKind.REFUSED or self._is_enough(absences, refusals):
                return await self._failed(application, submission.reason or EndReason.PROVIDER_ERROR)
            await self._wait(min(submission.retry_after * BACKOFF**refusals, timing.poll_max))

    def _is_enough(self, absences: int, refusals: int) -> bool:
        return absences > POSTS_AFTER_ABSENT or refusals > POSTS_AFTER_REFUSAL

    async def _adopt(self, application: ApplicationRef, attempt: AttemptRef, timing: Timing) -> Conclusion:
        """Go on with the run that the vendor told of after all."""
        found = await self._look_up(attempt, timing)
        if found.kind is SubmissionKind.ACCEPTED:
            return await self._confirm(attempt, found, timing)
        return await self._unknown(application)

    async def _post(self, attempt: AttemptRef, timing: Timing) -> Submission:
        """Send once; where the answer proves nothing, wait until the call can no longer land, then look."""
        try:
            submission = await execute(AutoApplySteps.submit, attempt, **submit_step(timing.call))
        except ActivityError:
            submission = AMBIGUOUS
        if submission.kind is not SubmissionKind.AMBIGUOUS:
            return submission
        await self._wait(timing.settle)
        return await self._look_up(attempt, timing)

    async def _look_up(self, attempt: AttemptRef, timing: Timing) -> Submission:
        """Say `not_created` only when the vendor's list lacked the run twice, a settling time apart."""
        try:
            found = await execute(AutoApplySteps.look_up, attempt, **VENDOR_STEP)
            if found.kind is SubmissionKind.NOT_CREATED:
                await self._wait(timing.settle)
                found = await execute(AutoApplySteps.look_up, attempt, **VENDOR_STEP)
        except ActivityError:
            return AMBIGUOUS
        return found

    async def _confirm(self, attempt: AttemptRef, submission: Submission, timing: Timing) -> Conclusion:
        run = AttemptRun(attempt=attempt, run_id=submission.run_id or "")
        await execute(AutoApplySteps.record_run, run, **DATABASE_STEP)
        self._phase(ApplicationState.CONFIRMING)
        ended = await self._ended_in_time(attempt, timing)
        last_step = AutoApplySteps.conclude if ended else AutoApplySteps.give_up
        conclusion = await execute(last_step, attempt, **VENDOR_STEP)
        await self._copy_evidence(attempt)
        return conclusion

    async def _ended_in_time(self, attempt: AttemptRef, timing: Timing) -> bool:
        """Poll until the run has ended, but not past the deadline; the doorbell makes it look at once."""
        deadline = workflow.now() + timedelta(seconds=timing.deadline)
        while (left := deadline - workflow.now()) > timedelta(0):
            self._rung = False
            options = watch_step(timing.poll, timing.poll_max, left)
            poll = workflow.start_activity_method(AutoApplySteps.watch_run, attempt, **options)
            if await self._done_before_doorbell(poll):
                return poll.exception() is None
            poll.cancel()
            with suppress(ActivityError):
                await poll
                return True
        return False

    async def _done_before_doorbell(self, poll: workflow.ActivityHandle[None]) -> bool:
        await workflow.wait_condition(lambda: self._rung or poll.done())
        return poll.done()

    async def _copy_evidence(self, attempt: AttemptRef) -> None:
        try:
            await execute(AutoApplySteps.copy_evidence, attempt, **VENDOR_STEP)
        except ActivityError as error:
            workflow.logger.warning("no evidence could be copied", extra={"reason": reason_of(error).value})

    async def _wait(self, seconds: float) -> None:
        """Wait, but no longer than until the doorbell rings."""
        if seconds <= 0:
            return
        try:
            await workflow.wait_condition(lambda: self._rung, timeout=seconds)
        except TimeoutError:
            return
        finally:
            self._rung = False

    async def _voided(self, attempt: AttemptRef, proof: Submission) -> bool:
        """Settle the attempt as never sent; False where the vendor told of a run of it meanwhile."""
        state = AttemptState.ABSENT if _is_absence(proof) else AttemptState.REFUSED
        void = VoidAttempt(attempt=attempt, state=state)
        fence = await execute(AutoApplySteps.void_attempt, void, **DATABASE_STEP)
        self._phase(fence.state)
        return fence.attempt is None

    async def _failed(self, application: ApplicationRef, reason: EndReason) -> Conclusion:
        return await self._end(application, ApplicationState.FAILED, reason)

    async def _unknown(self, application: ApplicationRef) -> Conclusion:
        return await self._end(application, ApplicationState.UNKNOWN_OUTCOME, EndReason.PROVIDER_ERROR)

    async def _end(
        self, application: ApplicationRef, state: ApplicationState, reason: EndReason
    ) -> Conclusion:
        request = EndApplication(
            application=application, state=state, reason=reason, retryable=reason in RETRYABLE
        )
        return await execute(AutoApplySteps.end, request, **DATABASE_STEP)

    def _phase(self, state: ApplicationState) -> None:
        workflow.upsert_search_attributes([PHASE.value_set(state.value)])
