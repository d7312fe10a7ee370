"""What lies before the person of an application: which answers fit, which approval can still be meant."""

from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from models.answering_enums import QuestionKind
from models.enums import ApplicationState
from workflows.messages import AnswerShape, Asked, GiveAnswers, GivenShape

S = ApplicationState

CHOICES = frozenset({QuestionKind.SINGLE, QuestionKind.MULTI, QuestionKind.BOOLEAN})

NOT_OPEN = "not_open"
BAD_ANSWER = "bad_answer"
STALE = "stale"
"""Failure types by which an update is refused; the API makes its problems of them."""


class Desk:
    """The questions that may be answered and the hash that may be approved.

    A row says that it waits a moment before its workflow knows. So a desk is open, or closed for good, or
    about to be laid out: then nothing is refused, and who takes an answer waits until it is known.
    """

    def __init__(self) -> None:
        self.is_open = False
        self.is_coming = True
        self._questions: dict[UUID, AnswerShape] = {}
        self._shown_hash: str | None = None
        self._shown_before: set[str] = set()

    def lay_out(self, asked: Asked) -> None:
        """Show what an application asks while it waits; nothing more once it goes to its fence or its end."""
        self.is_open = asked.state in {S.NEEDS_INPUT, S.AWAITING_APPROVAL}
        self.is_coming = asked.state is S.PREPARING
        self._questions = {each.question_id: each for each in asked.questions}
        if asked.shown_hash != self._shown_hash and self._shown_hash is not None:
            self._shown_before.add(self._shown_hash)
        self._shown_hash = asked.shown_hash
        self._shown_before.discard(asked.shown_hash or "")

    def expect(self) -> None:
        """Take the application for one that will wait again."""
        self.is_open, self.is_coming = False, True

    def close(self) -> None:
        """Ask nothing any more."""
        self.is_open = self.is_coming = False

    async def known(self) -> None:
        """Wait until it is known whether anything is asked."""
        await workflow.wait_condition(lambda: not self.is_coming)

    def check_answers(self, given: GiveAnswers) -> None:
        """Refuse answers that do not fit their questions (ApplicationError)."""
        if self.is_coming:
            return
        if not self.is_open:
            raise _refused("the application does not wait for answers", NOT_OPEN)
        for each in given.answers:
            shape = self._questions.get(each.question_id)
            if shape is None:
                raise _refused("the form has no such question", BAD_ANSWER, each.question_id)
            if fault := fault_of(each, shape):
                raise _refused(fault, BAD_ANSWER, each.question_id)

    def check_approval(self, shown_hash: str) -> None:
        """Refuse the approval of what was shown before (ApplicationError).

        A hash that was never laid out may be that of a change which this workflow has yet to hear of: the
        step decides.
        """
        if self.is_coming:
            return
        if not self.is_open or self._shown_hash is None:
            raise _refused("the application does not wait for approval", NOT_OPEN)
        if shown_hash in self._shown_before:
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
