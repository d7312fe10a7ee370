"""What an application asks of its person: which answers are missing, and how things stand."""

from collections.abc import Sequence
from uuid import UUID

from models.answering_enums import QuestionKind
from models.application import Application
from models.question import Question
from workflows.messages import AnswerShape, Asked


def missing(questions: Sequence[Question]) -> list[Question]:
    """Return the required questions that have no answer; files are documents, which are made later."""
    return [
        each
        for each in questions
        if each.required and each.answer_sealed is None and each.kind is not QuestionKind.FILE
    ]


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
