"""What an application asks of its person: which answers are missing, and how things stand."""

from collections.abc import Sequence
from uuid import UUID

from models.answering_enums import QuestionKind, Topic
from models.application import Application
from models.question import Question
from models.topics.sets import DOCUMENTS
from workflows.messages import AnswerShape, Asked


def missing(questions: Sequence[Question], *, is_written: bool = True) -> list[Question]:
    """Return the required questions that have no answer.

    Files that are made for an application are not among them, nor is a letter to be typed in before the
    documents are written.
    """
    return [
        each
        for each in questions
        if each.required
        and each.answer_sealed is None
        and not (each.kind is QuestionKind.FILE and each.topic in DOCUMENTS)
        and not (each.topic is Topic.COVER_LETTER and not is_written)
    ]


def unanswerable(questions: Sequence[Question]) -> list[Question]:
    """Return the required files that nobody can give: neither résumé nor letter."""
    return [each for each in missing(questions) if each.kind is QuestionKind.FILE]


def asked_of(
    application: Application,
    questions: Sequence[Question] = (),
    shown_hash: str | None = None,
    notification_id: UUID | None = None,
) -> Asked:
    """Return where an application stands, with the shapes of the questions that may be answered."""
    return Asked(
        state=application.state,
        reason=application.reason,
        notification_id=notification_id,
        questions=[
            AnswerShape(
                question_id=each.id,
                kind=each.kind,
                required=each.required,
                options=len(each.options),
                max_length=each.max_length,
            )
            for each in questions
        ],
        shown_hash=shown_hash,
        asked_at=application.asked_at,
        deadline_at=application.deadline_at,
        undo_until=application.undo_until,
    )
