"""The steps before the fence, scripted: a form with required questions, and a row that only a test sees."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from models.answering_enums import QuestionKind
from models.enums import ApplicationState, EndReason
from workflows.messages import (
    RUN_GOES_ON,
    AnswerShape,
    ApplicationRef,
    Approved,
    ApproveShown,
    Asked,
    Conclusion,
    Remind,
    TakeAnswers,
    Taken,
    Told,
)
from workflows.steps import AutoApplySteps

S = ApplicationState
WAITS = frozenset({S.NEEDS_INPUT, S.AWAITING_APPROVAL})
WEEK = timedelta(days=7)


def a_choice(options: int = 3) -> AnswerShape:
    """Return a required question with options."""
    return AnswerShape(question_id=uuid4(), kind=QuestionKind.SINGLE, required=True, options=options)


@dataclass
class ScriptedPreparing(AutoApplySteps):
    """What the real steps keep in rows, in memory. A test changes it as the API changes the row.

    `asked_ago` dates the moment at which the person is asked back, so that reminders fall due soon.
    """

    state: ApplicationState = S.PREPARING
    reason: EndReason | None = None
    looks: list[bool] = field(default_factory=lambda: [True])
    scouted: Conclusion | None = None
    scout_fails: str | None = None
    shapes: list[AnswerShape] = field(default_factory=list)
    answered: set[UUID] = field(default_factory=set)
    is_auto: bool = True
    version: int = 1
    asked_ago: timedelta = timedelta(0)
    input_time: timedelta = WEEK
    undo: timedelta = timedelta(0)
    asked_at: datetime | None = None
    undo_until: datetime | None = None
    approved_version: int | None = None
    others: list[ApplicationRef] = field(default_factory=list)
    news: list[UUID] = field(default_factory=list)
    untold: UUID | None = None
    reminded: list[int] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    called: asyncio.Condition = field(default_factory=asyncio.Condition)
    gate: dict[str, asyncio.Event] = field(default_factory=dict)

    @property
    def shown_hash(self) -> str:
        """What names the content that would be sent now."""
        return f"hash-{self.version}"

    async def count(self, step: str) -> None:
        """Count a call, wake who waits for it, and wait at the step's gate where the test put one."""
        async with self.called:
            self.calls[step] += 1
            self.called.notify_all()
        if step in self.gate:
            await self.gate[step].wait()

    async def until(self, step: str, times: int = 1) -> None:
        """Wait until a step was called so often."""
        async with self.called:
            await self.called.wait_for(lambda: self.calls[step] >= times)

    async def until_reminded(self, number: int) -> None:
        """Wait until the person has been sent a reminder."""
        async with self.called:
            await self.called.wait_for(lambda: number in self.reminded)

    @activity.defn
    async def scout(self, application: ApplicationRef) -> Conclusion:
        """Look, or go on looking, as scripted."""
        await self.count("scout")
        if self.scout_fails:
            raise ApplicationError("refused", type=self.scout_fails, non_retryable=True)
        if self.scouted is not None:
            return self.scouted
        is_ready = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if not is_ready and self.state is S.PREPARING:
            raise ApplicationError("not yet", type=RUN_GOES_ON, category=ApplicationErrorCategory.BENIGN)
        return Conclusion(state=self.state, reason=self.reason)

    @activity.defn
    async def answer_form(self, application: ApplicationRef) -> Asked:
        """Ask for what is missing."""
        await self.count("answer")
        if self.state in {S.PREPARING, S.NEEDS_INPUT} and not self._is_over():
            self._stand(S.NEEDS_INPUT if self._missing() else S.PREPARING)
        return self._asked()

    @activity.defn
    async def make_documents(self, application: ApplicationRef) -> None:
        """Count."""
        await self.count("make_documents")

    @activity.defn
    async def decide(self, application: ApplicationRef) -> Asked:
        """Approve in auto mode, else await approval."""
        await self.count("decide")
        if self.state in {S.PREPARING, S.AWAITING_APPROVAL} and not self._is_over():
            if self._missing():
                self._stand(S.PREPARING)
            elif self.state is S.PREPARING and self.is_auto:
                self._approve()
            else:
                self._stand(S.AWAITING_APPROVAL)
        return self._asked()

    @activity.defn
    async def take_answers(self, request: TakeAnswers) -> Taken:
        """Take them, which changes what is shown."""
        await self.count("take_answers")
        self.answered |= set(request.question_ids)
        self.version += 1
        return Taken(
            state=self.state, missing=len(self._missing()), shown_hash=self.shown_hash, others=self.others
        )

    @activity.defn
    async def approve(self, request: ApproveShown) -> Approved:
        """Approve what is shown, once."""
        await self.count("approve")
        if self.state is S.AWAITING_APPROVAL and request.shown_hash == self.shown_hash:
            self._approve()
        is_stale = request.shown_hash != f"hash-{self.approved_version or self.version}"
        return Approved(state=self.state, stale=is_stale, undo_until=self.undo_until)

    @activity.defn
    async def remind(self, request: Remind) -> Told:
        """Remember the number; one of each, ever."""
        await self.count("remind")
        if self.state not in WAITS or request.number in self.reminded:
            return Told()
        async with self.called:
            self.reminded.append(request.number)
            self.called.notify_all()
        return Told(notification_id=self._tell())

    def _stand(self, state: ApplicationState) -> None:
        if state in WAITS and state is not self.state:
            self.asked_at = datetime.now(UTC) - self.asked_ago
            self.untold = self._tell()
        self.state = state

    def _approve(self) -> None:
        self.state, self.approved_version = S.APPROVED, self.version
        self.undo_until = datetime.now(UTC) + self.undo

    def _missing(self) -> list[AnswerShape]:
        return [shape for shape in self.shapes if shape.question_id not in self.answered]

    def _is_over(self) -> bool:
        is_over = self.state in WAITS and datetime.now(UTC) >= self._deadline()
        if is_over:
            self.state, self.reason = S.EXPIRED, EndReason.DEADLINE_PASSED
            self.untold = self._tell()
        return is_over

    def _deadline(self) -> datetime:
        return (self.asked_at or datetime.now(UTC)) + self.input_time

    def _tell(self) -> UUID:
        self.news.append(uuid4())
        return self.news[-1]

    def _asked(self) -> Asked:
        waits = self.state in WAITS
        untold, self.untold = self.untold, None
        return Asked(
            state=self.state,
            reason=self.reason,
            notification_id=untold,
            questions=self.shapes if waits else [],
            shown_hash=self.shown_hash if self.state is S.AWAITING_APPROVAL else None,
            asked_at=self.asked_at,
            deadline_at=self._deadline() if waits else None,
            undo_until=self.undo_until,
        )
