"""What travels between workflows and activities: ids, counts and words of closed sets, nothing personal."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

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


class AttemptRef(Message):
    """One crossing of the fence."""

    application_id: UUID
    user_id: UUID
    attempt_id: UUID


class Prepared(Message):
    """Where an application stands: ended, ready for the fence, or (with an attempt) already behind it."""

    state: ApplicationState
    timing: Timing
    attempt: AttemptRef | None = None


class Staged(Message):
    """What the vendor holds ready: our workflow's id there, and the uploaded résumé's."""

    vendor_workflow_id: str
    file_id: str


class OpenAttempt(Message):
    """Cross the fence with what was staged."""

    application: ApplicationRef
    staged: Staged


class Fence(Message):
    """The attempt that may now be sent, or no attempt and the state that forbade it."""

    state: ApplicationState
    attempt: AttemptRef | None = None


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
    """How an application ended, and what to tell the person about it."""

    state: ApplicationState
    reason: EndReason | None = None
    notification_id: UUID | None = None


class FetchPlan(Message):
    """The run's row, the searches to bring, the stalest first, and the most pages of each."""

    fetch_run_id: UUID
    search_ids: list[UUID]
    pages: int


class PlanFetch(Message):
    """Begin the run that this workflow run is."""

    workflow_run_id: str


class PageRef(Message):
    """One page (from 1) of one search, within a run."""

    fetch_run_id: UUID
    search_id: UUID
    page: int


class PageResult(Message):
    """How many ads the page had, and whether there is none behind it."""

    ads: int
    last: bool


class SearchError(Message):
    """Why a search could not be brought: a word of a closed set."""

    fetch_run_id: UUID
    search_id: UUID
    error: str


class FetchRunRef(Message):
    """A run of the job fetch."""

    fetch_run_id: UUID


class ChatTurnRef(Message):
    """One answer of the assistant."""

    message_id: UUID
    user_id: UUID


class SweepCursor(Message):
    """The person after whom to go on; None begins."""

    after_user: UUID | None = None


class SweepPage(Message):
    """Applications that were queued, and the cursor of the next page, None at the end."""

    applications: list[ApplicationRef]
    next_user: UUID | None


class NotificationRef(Message):
    """One notification."""

    notification_id: UUID
    user_id: UUID


class Stranded(Message):
    """What was promised in the database and has no workflow, or may have lost it."""

    applications: list[ApplicationRef]
    chat_turns: list[ChatTurnRef]
    notifications: list[NotificationRef]
