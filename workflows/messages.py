"""What travels between workflows and activities: ids, counts and words of closed sets, nothing personal."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from models.answering_enums import QuestionKind
from models.enums import ApplicationState, AttemptState, EndReason

RUN_GOES_ON = "run_goes_on"


class Message(BaseModel):
    """What travels. Unknown fields are ignored, so that old and new code can meet."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ApplicationRef(Message):
    """An application, its person and its job."""

    application_id: UUID
    user_id: UUID
    job_id: UUID


class Timing(Message):
    """How long to wait, in seconds; read from the settings once, so that a replay sees the same."""

    call: float
    settle: float
    poll: float
    poll_max: float
    deadline: float
    scout_poll: float = 5.0
    scout_deadline: float = 1200.0


class AttemptRef(Message):
    """One crossing of the fence."""

    application_id: UUID
    user_id: UUID
    attempt_id: UUID


class Prepared(Message):
    """Where an application stands: ended, on its way, or (with an attempt) already behind the fence."""

    state: ApplicationState
    timing: Timing
    attempt: AttemptRef | None = None
    reason: EndReason | None = None
    notification_id: UUID | None = None
    is_followed: bool = False
    """Whether a submission is followed by a workflow of its own: not where the first version prepared it.

    A flag in what was recorded tells old histories from new ones without an event of its own.
    """


class Staged(Message):
    """What the vendor holds ready: our workflow's id there, and the uploaded résumé's and letter's.

    Without ids nothing was staged: the application may not be sent as it stands. `wait` above 0 says that
    nothing was staged, since the application is held for that many seconds.
    """

    vendor_workflow_id: str
    file_id: str
    letter_file_id: str | None = None
    wait: float = 0.0


class OpenAttempt(Message):
    """Cross the fence with what was staged."""

    application: ApplicationRef
    staged: Staged


class Fence(Message):
    """The attempt that may now be sent, or no attempt and the state that forbade it.

    `wait` above 0 says for how many seconds an approved application is held: it may still be undone, its
    person keeps quiet hours, or applying is paused.
    """

    state: ApplicationState
    attempt: AttemptRef | None = None
    wait: float = 0.0


class SubmissionKind(StrEnum):
    """What is known after asking the vendor to submit.

    `not_created` proves that no run exists and another try may come; `refused` proves it for good;
    `ambiguous` proves nothing.
    """

    ACCEPTED = "accepted"
    NOT_CREATED = "not_created"
    REFUSED = "refused"
    AMBIGUOUS = "ambiguous"


class Submission(Message):
    """What is known, with the vendor's run id when accepted and the wait it asks for when not created."""

    kind: SubmissionKind
    run_id: str | None = None
    retry_after: float = 0.0
    reason: EndReason | None = None


class AttemptRun(Message):
    """A run that belongs to an attempt."""

    attempt: AttemptRef
    run_id: str


class VoidAttempt(Message):
    """An attempt of which it is proven that nothing was sent: `absent` or `refused`."""

    attempt: AttemptRef
    state: AttemptState


class EndApplication(Message):
    """End an application for a reason."""

    application: ApplicationRef
    state: ApplicationState
    reason: EndReason
    retryable: bool = False


class Conclusion(Message):
    """Where an application stands, mostly at its end, and what to tell the person about it."""

    state: ApplicationState
    reason: EndReason | None = None
    notification_id: UUID | None = None


class AnswerShape(Message):
    """How a question may be answered: what an update is checked by, with none of its words."""

    question_id: UUID
    kind: QuestionKind
    required: bool
    options: int
    max_length: int | None = None


class Asked(Message):
    """Where an application stands, and what its person is asked while it waits for them.

    `state` is `preparing` where nothing is missing, `approved` where it may go on to the fence. While it
    waits, `questions` are those that may be answered, `shown_hash` names what may be approved, `asked_at` and
    `deadline_at` say since and until when.
    """

    state: ApplicationState
    reason: EndReason | None = None
    notification_id: UUID | None = None
    questions: list[AnswerShape] = []
    shown_hash: str | None = None
    asked_at: datetime | None = None
    deadline_at: datetime | None = None
    undo_until: datetime | None = None


class GivenShape(Message):
    """The outside of an answer that was given: its words are in the row `given_answer`.

    `chosen` counts the chosen options, `unknown` those that the question does not have, `length` the
    characters of a text. `clears` takes the answer away.
    """

    question_id: UUID
    chosen: int = 0
    unknown: int = 0
    length: int = 0
    is_readable: bool = True
    clears: bool = False


class GiveAnswers(Message):
    """Answers that the person has given to one application."""

    answers: list[GivenShape]


class TakeAnswers(Message):
    """Take over the given answers of an application."""

    application: ApplicationRef
    question_ids: list[UUID]


class Taken(Message):
    """Where the application stands then, and which other waiting ones these answers have answered too.

    `missing` counts the required answers that it still lacks.
    """

    state: ApplicationState
    missing: int = 0
    shown_hash: str | None = None
    others: list[ApplicationRef] = []


class Approve(Message):
    """The person approves exactly what this hash names."""

    shown_hash: str


class ApproveShown(Message):
    """Approve an application's content."""

    application: ApplicationRef
    shown_hash: str


class Approved(Message):
    """Where the application stands then; `stale` says that something else was shown meanwhile."""

    state: ApplicationState
    stale: bool = False
    undo_until: datetime | None = None


class Remind(Message):
    """Remind the person of an application that waits for them; reminders are counted from 1."""

    application: ApplicationRef
    number: int


class FollowUpPlan(Message):
    """When to remind of a submitted application and when to propose `ghosted`; None where it is over."""

    remind_at: datetime | None = None
    ghosted_at: datetime | None = None


class Told(Message):
    """The notification that was made, None where there was nothing to tell."""

    notification_id: UUID | None = None


class ChatTurnRef(Message):
    """One answer of the assistant."""

    message_id: UUID
    user_id: UUID


class NotificationRef(Message):
    """One notification."""

    notification_id: UUID
    user_id: UUID
