"""From queued to approved: the form is read, answered, and shown to its person before anything is sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, CancelledError, RetryState

from models.enums import ApplicationState
from workflows.desk import Desk
from workflows.messages import ApplicationRef, Asked, Conclusion, NotificationRef, Remind, Timing
from workflows.policies import ANSWER_STEP, scout_step
from workflows.quick import quickly
from workflows.steps import AutoApplySteps, NotifySteps
from workflows.waiting import Doorbell, continue_as_new_if_long

S = ApplicationState

REMINDERS = (timedelta(hours=1), timedelta(hours=24), timedelta(hours=72))
"""How long after a person was asked they are reminded."""

ON_THE_WAY = frozenset({S.PREPARING, S.NEEDS_INPUT, S.AWAITING_APPROVAL, S.APPROVED})
OVERDUE_SECONDS = 30.0
"""How often to look again where the deadline has passed by our clock and not yet by the step's."""

ROUNDS_AT_ONCE = 2
AGAIN_SECONDS = 5.0
"""How much longer to wait before each further round without anybody's doing: no loop of steps is hot."""

execute = workflow.execute_activity_method


@dataclass
class Preparing:
    """Takes one application from its start to approved; `phase` tells operators where it is."""

    application: ApplicationRef
    timing: Timing
    bell: Doorbell
    desk: Desk
    phase: Callable[[S], None]
    shown_phase: S | None = None
    asked_at: datetime | None = None
    reminders: int = 0
    rounds: int = 0

    async def until_approved(self, state: S) -> Conclusion | None:
        """Return None once the application is approved and its undo window is over, else how it ended."""
        while True:
            if state is not S.AWAITING_APPROVAL:
                self.rounds += 1
                await self.bell.wait(AGAIN_SECONDS * (self.rounds - ROUNDS_AT_ONCE))
                prepared = await self._prepared()
                if prepared.state not in ON_THE_WAY:
                    return prepared
            asked = await self._until(self._decide, S.AWAITING_APPROVAL)
            asked = await self._undo_window(asked)
            if asked.state is S.APPROVED:
                return None
            if asked.state not in ON_THE_WAY:
                return _conclusion_of(asked)
            state = asked.state

    async def _prepared(self) -> Conclusion:
        """Have the form read and answered, and the documents made."""
        self._show(S.PREPARING)
        scouted = await self._scouted()
        if scouted.state not in ON_THE_WAY:
            return scouted
        asked = await self._until(self._answer_form, S.NEEDS_INPUT)
        if asked.state is S.PREPARING:
            self._show(S.PREPARING)
            await execute(AutoApplySteps.make_documents, self.application, **ANSWER_STEP)
        return _conclusion_of(asked)

    async def _scouted(self) -> Conclusion:
        """Poll until the form was read; the doorbell makes it look at once, never two looks at a time."""
        deadline = workflow.now() + timedelta(seconds=self.timing.scout_deadline)
        while True:
            self.bell.hush()
            left = max(deadline - workflow.now(), timedelta(seconds=1))
            look = workflow.start_activity_method(
                AutoApplySteps.scout,
                self.application,
                cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
                **scout_step(self.timing.scout_poll, left.total_seconds()),
            )
            has_rung = await self.bell.rung_before(look)
            if has_rung:
                look.cancel()
            try:
                return await look
            except ActivityError as error:
                if not (has_rung and _was_cancelled(error)):
                    raise

    async def _answer_form(self) -> Asked:
        return await execute(AutoApplySteps.answer_form, self.application, **ANSWER_STEP)

    async def _decide(self) -> Asked:
        return await quickly(AutoApplySteps.decide, self.application)

    async def _until(self, step: Callable[[], Awaitable[Asked]], wait: S) -> Asked:
        """Repeat a step that says how things stand, until the application waits for nobody."""
        while True:
            # the step reads the row: what rang before is seen by it, what rings from now on is kept
            self.bell.hush()
            asked = await step()
            self.desk.lay_out(asked)
            if asked.state is not wait:
                return asked
            self._show(asked.state)
            await self._notify(asked.notification_id)
            await self._wait_for_person(asked)

    async def _wait_for_person(self, asked: Asked) -> None:
        """Wait until somebody rings or the deadline passes; remind the person meanwhile."""
        await continue_as_new_if_long(self.application)
        self.rounds = 0
        since = asked.asked_at or workflow.now()
        deadline = asked.deadline_at or since + REMINDERS[-1]
        if self.asked_at != since:
            self.asked_at, self.reminders = since, 0
        moments = [since + delay for delay in REMINDERS if since + delay < deadline]
        while self.reminders < len(moments):
            # of several that fell due meanwhile only the newest is sent
            due = sum(moment <= workflow.now() for moment in moments)
            if due <= self.reminders:
                if await self.bell.wait_until(moments[self.reminders]):
                    return
                due = self.reminders + 1
            await self._remind(due)
        if deadline <= workflow.now():
            await self.bell.wait(OVERDUE_SECONDS)
        else:
            await self.bell.wait_until(deadline)

    async def _remind(self, number: int) -> None:
        request = Remind(application=self.application, number=number)
        told = await quickly(AutoApplySteps.remind, request)
        self.reminders = number
        await self._notify(told.notification_id)

    async def _undo_window(self, asked: Asked) -> Asked:
        """Wait until what is approved can no longer be undone; a ring asks whether it still is."""
        while asked.state is S.APPROVED and asked.undo_until is not None:
            self._show(S.APPROVED)
            if asked.undo_until <= workflow.now() or not await self.bell.wait_until(asked.undo_until):
                break
            asked = await self._decide()
            self.desk.lay_out(asked)
        return asked

    def _show(self, state: S) -> None:
        if state is not self.shown_phase:
            self.shown_phase = state
            self.phase(state)

    async def _notify(self, notification_id: UUID | None) -> None:
        if notification_id is not None:
            notification = NotificationRef(notification_id=notification_id, user_id=self.application.user_id)
            await quickly(NotifySteps.begin_notice, notification)


def _was_cancelled(error: ActivityError) -> bool:
    """Tell whether it ended since we asked it to: between two looks, or after one that would be repeated."""
    return isinstance(error.cause, CancelledError) or error.retry_state is RetryState.CANCEL_REQUESTED


def _conclusion_of(asked: Asked) -> Conclusion:
    return Conclusion(state=asked.state, reason=asked.reason, notification_id=asked.notification_id)
