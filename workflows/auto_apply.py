"""One application, from queued to its end: prepared, asked about, shown, sent at most once, told as it is."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError

from models.enums import ApplicationState
from workflows.children import ring, start_follow_up, start_notify
from workflows.desk import Desk
from workflows.ids import PHASE
from workflows.messages import (
    ApplicationRef,
    Approve,
    Approved,
    ApproveShown,
    Conclusion,
    GiveAnswers,
    Prepared,
    TakeAnswers,
    Taken,
)
from workflows.policies import DATABASE_STEP
from workflows.preparing import ON_THE_WAY, Preparing
from workflows.quick import quickly
from workflows.steps import AutoApplySteps
from workflows.submitting import Submitting, reason_of
from workflows.waiting import Doorbell

S = ApplicationState

UNDER_WAY = ON_THE_WAY | {S.SUBMITTING, S.CONFIRMING}

execute = workflow.execute_activity_method


@workflow.defn
class AutoApply:
    """Decides what happens to one application; every fact it decides by comes from a step."""

    @workflow.init
    def __init__(self, application: ApplicationRef) -> None:
        self._application = application
        self._bell = Doorbell()
        self._desk = Desk()

    @workflow.signal
    def doorbell(self) -> None:
        """Something has changed: look at once. It carries nothing, so forging it is idle."""
        self._bell.ring()

    @workflow.update
    async def give_answers(self, given: GiveAnswers) -> Taken:
        """Take answers over from the person; the wait goes on where some are still missing."""
        if self._desk.is_coming:
            await self._desk.known()
            self._desk.check_answers(given)
        request = TakeAnswers(
            application=self._application, question_ids=[each.question_id for each in given.answers]
        )
        taken = await quickly(AutoApplySteps.take_answers, request)
        if taken.state is not S.NEEDS_INPUT or not taken.missing:
            # with answers still missing there is nothing to look at anew
            self._bell.ring()
        await asyncio.gather(*(ring(other) for other in taken.others))
        return taken

    @give_answers.validator
    def _check_answers(self, given: GiveAnswers) -> None:
        self._desk.check_answers(given)

    @workflow.update
    async def approve(self, approval: Approve) -> Approved:
        """Approve what the hash names; the step says what came of it, from the row."""
        request = ApproveShown(application=self._application, shown_hash=approval.shown_hash)
        approved = await quickly(AutoApplySteps.approve, request)
        self._bell.ring()
        return approved

    @approve.validator
    def _check_approval(self, approval: Approve) -> None:
        self._desk.check_approval(approval.shown_hash)

    @workflow.run
    async def run(self, application: ApplicationRef) -> Conclusion:
        """Take the application from wherever its row stands to its end."""
        prepared = await execute(AutoApplySteps.prepare, application, **DATABASE_STEP)
        conclusion = Conclusion(
            state=prepared.state, reason=prepared.reason, notification_id=prepared.notification_id
        )
        if prepared.state in UNDER_WAY:
            conclusion = await self._to_its_end(prepared)
        if conclusion.notification_id is not None:
            await start_notify(conclusion.notification_id, application.user_id)
        if conclusion.state is S.SUBMITTED and prepared.is_followed:
            await start_follow_up(application)
        self._desk.close()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return conclusion

    async def _to_its_end(self, prepared: Prepared) -> Conclusion:
        submitting = Submitting(
            self._application, prepared.timing, self._bell, self._phase, is_brief=prepared.is_followed
        )
        try:
            conclusion = await self._apply(prepared, submitting)
        except ActivityError as error:
            conclusion = await submitting.failed(reason_of(error))
        self._phase(conclusion.state)
        return conclusion

    async def _apply(self, prepared: Prepared, submitting: Submitting) -> Conclusion:
        state = prepared.state
        if prepared.attempt is not None:
            # an earlier run of this workflow was behind the fence: find out before anything else
            self._desk.close()
            conclusion = await submitting.resume(prepared.attempt)
            if conclusion is not None:
                return conclusion
            state = S.APPROVED
        preparing = Preparing(self._application, prepared.timing, self._bell, self._desk, self._phase)
        while True:
            if state in ON_THE_WAY - {S.APPROVED}:
                ended = await preparing.until_approved(state)
                if ended is not None:
                    return ended
            self._desk.close()
            conclusion = await submitting.submit()
            if conclusion.state is not S.AWAITING_APPROVAL:
                return conclusion
            self._desk.expect()
            state = conclusion.state

    def _phase(self, state: ApplicationState) -> None:
        workflow.upsert_search_attributes([PHASE.value_set(state.value)])
