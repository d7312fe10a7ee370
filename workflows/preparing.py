"""From queued to approved: the form is read, answered, and shown to its person before anything is sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from models.answering_enums import QuestionKind
from models.enums import ApplicationState
from workflows.children import start_notify
from workflows.messages import (
    AnswerShape,
    ApplicationRef,
    Asked,
    Conclusion,
    GiveAnswers,
    GivenShape,
    Remind,
    Timing,
)
from workflows.policies import ANSWER_STEP, DATABASE_STEP, scout_step
from workflows.steps import AutoApplySteps
from workflows.waiting import Doorbell

S = ApplicationState

REMINDERS = (timedelta(hours=1), timedelta(hours=24), timedelta(hours=72))
"""How long after a person was asked they are reminded."""

ON_THE_WAY = frozenset({S.PREPARING, S.NEEDS_INPUT, S.AWAITING_APPROVAL, S.APPROVED})
CHOICES = frozenset({QuestionKind.SINGLE, QuestionKind.MULTI, QuestionKind.BOOLEAN})

NOT_OPEN = "not_open"
BAD_ANSWER = "bad_answer"
STALE = "stale"
"""Failure types by which an update is refused; the API makes its problems of them."""

AskingStep = Callable[[AutoApplySteps, ApplicationRef], Awaitable[Asked]]

execute = workflow.execute_activity_method


@dataclass
class Desk:
    """What lies before the person: the questions that may be answered, the hash that may be approved."""

    questions: dict[UUID, AnswerShape] = field(default_factory=dict)
    shown_hash: str | None = None
    is_open: bool = False

    def lay_out(self, asked: Asked) -> None:
        """Show what an application asks; nothing while it does not wait."""
        self.is_open = asked.state in {S.NEEDS_INPUT, S.AWAITING_APPROVAL}
        self.questions = {each.question_id: each for each in asked.questions}
        self.shown_hash = asked.shown_hash

    def check_answers(self, given: GiveAnswers) -> None:
        """Refuse answers that do not fit their questions (ApplicationError)."""
        if not self.is_open:
            raise _refused("the application does not wait for answers", NOT_OPEN)
        for each in given.answers:
            shape = self.questions.get(each.question_id)
            if shape is None:
                raise _refused("the form has no such question", BAD_ANSWER, each.question_id)
            if fault := fault_of(each, shape):
                raise _refused(fault, BAD_ANSWER, each.question_id)

    def check_approval(self, shown_hash: str) -> None:
        """Refuse the approval of something else than what is shown (ApplicationError)."""
        if not self.is_open or self.shown_hash is None:
            raise _refused("the application does not wait for approval", NOT_OPEN)
        if self.shown_hash != shown_hash:
            raise _refused("something else is shown by now", STALE)


def fault_of(given: GivenShape, shape: AnswerShape) -> str | None:
    """Say why an answer does not fit its question, None where it does."""
    if given.clears:
        return None
    if shape.kind in CHOICES and shape.options:
        return _fault_of_choice(given, shape)
    if not given.is_readable:
        return f"the answer cannot be read as a {shape.kind.value}"
    if given.length == 0:
        return "the answer is empty"
    if shape.max_length is not None and given.length > shape.max_length:
        return f"the answer has more than {shape.max_length} characters"
    return None


def _fault_of_choice(given: GivenShape, shape: AnswerShape) -> str | None:
    if given.unknown:
        return "the question has no such option"
    if given.chosen == 0:
        return "no option is chosen"
    if given.chosen > 1 and shape.kind is not QuestionKind.MULTI:
        return "only one option may be chosen"
    return None


def _refused(message: str, kind: str, *details: object) -> ApplicationError:
    return ApplicationError(message, *(str(each) for each in details), type=kind, non_retryable=True)


@dataclass
class Preparing:
    """Takes one application from its start to approved; `phase` tells operators where it is."""

    application: ApplicationRef
    timing: Timing
    bell: Doorbell
    desk: Desk
    phase: Callable[[ApplicationState], None]

    async def until_approved(self) -> Conclusion | None:
        """Return None once the application is approved and its undo window is over, else how it ended."""
        while True:
            self.phase(S.PREPARING)
            timing = self.timing
            options = scout_step(timing.scout_poll, timing.scout_deadline)
            scouted = await execute(AutoApplySteps.scout, self.application, **options)
            if scouted.state not in ON_THE_WAY:
                return scouted
            asked = await self._until(AutoApplySteps.answer, S.NEEDS_INPUT)
            if asked.state in ON_THE_WAY:
                await execute(AutoApplySteps.make_documents, self.application, **ANSWER_STEP)
                asked = await self._until(AutoApplySteps.decide, S.AWAITING_APPROVAL)
            if asked.state is S.APPROVED:
                await self._undo_window(asked)
                return None
            if asked.state not in ON_THE_WAY:
                return Conclusion(
                    state=asked.state, reason=asked.reason, notification_id=asked.notification_id
                )

    async def _until(self, step: AskingStep, wait: S) -> Asked:
        """Repeat a step that says how things stand, until the application waits for nobody."""
        while True:
            asked: Asked = await execute(step, self.application, **ANSWER_STEP)
            self.desk.lay_out(asked)
            if asked.state is not wait:
                return asked
            self.phase(asked.state)
            await self._notify(asked.notification_id)
            await self._wait_for_person(asked)

    async def _wait_for_person(self, asked: Asked) -> None:
        """Wait until somebody rings or the deadline passes; remind the person meanwhile."""
        if workflow.info().is_continue_as_new_suggested():
            await workflow.wait_condition(workflow.all_handlers_finished)
            workflow.continue_as_new(self.application)
        since = asked.asked_at or workflow.now()
        deadline = asked.deadline_at or since
        for number, moment in enumerate((since + delay for delay in REMINDERS), start=1):
            if moment <= workflow.now() or moment >= deadline:
                continue
            if await self.bell.wait_until(moment):
                return
            told = await execute(
                AutoApplySteps.remind, Remind(application=self.application, number=number), **DATABASE_STEP
            )
            await self._notify(told.notification_id)
        await self.bell.wait_until(deadline)

    async def _undo_window(self, asked: Asked) -> None:
        self.phase(S.APPROVED)
        if asked.undo_until is not None and asked.undo_until > workflow.now():
            await self.bell.wait_until(asked.undo_until)

    async def _notify(self, notification_id: UUID | None) -> None:
        if notification_id is not None:
            await start_notify(notification_id, self.application.user_id)
