"""What a person may say about one application of theirs: answers, approval, its end, how it goes on."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import StrictBool, StringConstraints, model_validator
from sqlmodel import Field

from models.base import Body
from models.enums import Outcome, Stage
from models.interview import Moment, Notes

ANSWERS_MAX = 200
CHOICES_MAX = 200
TEXT_MAX = 20_000
HASH_PATTERN = "^[0-9a-f]{64}$"

NUMBER_MAX = 10**15
"""A whole number up to here is the same as a float."""

Words = Annotated[str, StringConstraints(max_length=TEXT_MAX)]
Choices = Annotated[list[Words], Field(max_length=CHOICES_MAX)]
Whole = Annotated[int, Field(ge=-NUMBER_MAX, le=NUMBER_MAX)]
Fraction = Annotated[float, Field(ge=-NUMBER_MAX, le=NUMBER_MAX)]
GivenValue = StrictBool | Whole | Fraction | Words | Choices | None
"""What a person may answer; what a question makes of it is decided by its kind (models.fitting)."""


class AnswerGiven(Body):
    """An answer to one question; `null` takes the present one away. `remember` keeps it for other forms."""

    question_id: UUID
    value: GivenValue
    remember: StrictBool = False


class AnswersGiven(Body):
    """Answers to questions of one form, taken over all together or not at all."""

    answers: list[AnswerGiven] = Field(min_length=1, max_length=ANSWERS_MAX)

    @model_validator(mode="after")
    def _one_answer_a_question(self) -> Self:
        ids = [each.question_id for each in self.answers]
        if len(ids) != len(set(ids)):
            raise ValueError("answers a question twice")
        return self


class ApprovalGiven(Body):
    """The approval of exactly what `shown_hash` names: the one that the application is shown with."""

    shown_hash: str = Field(schema_extra={"pattern": HASH_PATTERN})


class Settlement(Body):
    """What only the person can find out about an application whose outcome is unknown."""

    went_through: StrictBool


class ProgressUpdate(Body):
    """How it goes on with an employer, as the person knows it; what is left out stays.

    `outcome` and `notes` are taken away by null; a submitted application always has a stage.
    """

    stage: Stage | None = None
    outcome: Outcome | None = None
    notes: Notes | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("names none of stage, outcome and notes")
        if "stage" in self.model_fields_set and self.stage is None:
            raise ValueError("stage cannot be taken away")
        return self


class InterviewUpdate(Body):
    """What changes of an interview; what is left out stays. Only `notes` are taken away by null."""

    at: Moment | None = None
    stage: Stage | None = None
    notes: Notes | None = None

    @model_validator(mode="after")
    def _keeps_its_place(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("names none of at, stage and notes")
        if any(each in self.model_fields_set and getattr(self, each) is None for each in ("at", "stage")):
            raise ValueError("at and stage cannot be taken away")
        return self
