"""What an invented person enters where only they can: an answer that fits whatever a form asks."""

from typing import Any

from models.answering_enums import QuestionKind, Topic

TEXT = "As agreed in conversation."
NUMBER = "5"
DATE = "2030-01-07"
NO = "No"
DENIED = frozenset({Topic.SPONSORSHIP, Topic.NON_COMPETE, Topic.CRIMINAL_RECORD})
BY_KIND = {QuestionKind.NUMBER: NUMBER, QuestionKind.DATE: DATE, QuestionKind.BOOLEAN: "yes"}

Json = dict[str, Any]
Value = str | list[str]


def answer_body(detail: Json, *, remember: bool = True) -> Json | None:
    """Return the body that answers every required question which has no answer; None where there is none."""
    answers = [
        {"question_id": each["id"], "value": value_for(each), "remember": remember}
        for each in open_questions(detail)
    ]
    return {"answers": answers} if answers else None


def wrong_body(detail: Json) -> Json | None:
    """Return answers of which one cannot be taken; None where every text would do."""
    for each in open_questions(detail):
        if each["options"]:
            return {"answers": [{"question_id": each["id"], "value": "none of these", "remember": True}]}
    return None


def open_questions(detail: Json) -> list[Json]:
    """Return the required questions that have no answer."""
    return [each for each in detail["questions"] if each["required"] and each["answer"] is None]


def value_for(question: Json) -> Value:
    """Return an answer that fits a question."""
    options: list[str] = question["options"]
    if options:
        chosen = NO if question["topic"] in DENIED and NO in options else options[0]
        return [chosen] if question["kind"] == QuestionKind.MULTI else chosen
    return BY_KIND.get(question["kind"], TEXT)
