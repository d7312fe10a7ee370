"""The contract between deciding and doing: what each workflow asks for, as steps with their messages.

Only ids, counts and words of closed sets travel in messages, since Temporal keeps them in its histories.
"""

from abc import ABC, abstractmethod
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from temporalio import activity

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


class AutoApplySteps(ABC):
    """The steps of one application."""

    @activity.defn
    @abstractmethod
    async def prepare(self, application: ApplicationRef) -> Prepared:
        """Check that the application may go on and approve it; an application that may not is ended."""

    @activity.defn
    @abstractmethod
    async def stage(self, application: ApplicationRef) -> Staged:
        """Find or create our workflow at the vendor and upload the résumé; may be repeated."""

    @activity.defn
    @abstractmethod
    async def open_attempt(self, request: OpenAttempt) -> Fence:
        """Commit the attempt's row: the fence. Refused when the person has cancelled."""

    @activity.defn
    @abstractmethod
    async def submit(self, attempt: AttemptRef) -> Submission:
        """Ask the vendor to submit, with one POST; never repeated."""

    @activity.defn
    @abstractmethod
    async def look_up(self, attempt: AttemptRef) -> Submission:
        """Find the attempt's run: our own row first, then the vendor's list by the attempt key."""

    @activity.defn
    @abstractmethod
    async def record_run(self, run: AttemptRun) -> None:
        """Store the run's id; the application is then confirming."""

    @activity.defn
    @abstractmethod
    async def void_attempt(self, void: VoidAttempt) -> Fence:
        """Mark the attempt as never sent; the application is then approved again, and can be cancelled."""

    @activity.defn
    @abstractmethod
    async def watch_run(self, attempt: AttemptRef) -> None:
        """Return when the vendor's run has ended, whatever way.

        While it goes on, each look fails with a benign ApplicationError of type RUN_GOES_ON: Temporal's
        retries are the poll, which costs no history event.
        """

    @activity.defn
    @abstractmethod
    async def conclude(self, attempt: AttemptRef) -> Conclusion:
        """Read the ended run and move the application by what it proves."""

    @activity.defn
    @abstractmethod
    async def give_up(self, attempt: AttemptRef) -> Conclusion:
        """At the deadline: cancel the run and move the application by what is then proven."""

    @activity.defn
    @abstractmethod
    async def copy_evidence(self, attempt: AttemptRef) -> int:
        """Copy the run's screenshots in, and return how many there are."""

    @activity.defn
    @abstractmethod
    async def end(self, request: EndApplication) -> Conclusion:
        """End the application; one that has ended otherwise meanwhile stays as it is.

        While an attempt is neither absent nor refused, `failed` becomes `unknown_outcome`.
        """


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


class JobFetchSteps(ABC):
    """The steps of one run of the job fetch."""

    @activity.defn
    @abstractmethod
    async def plan(self, request: PlanFetch) -> FetchPlan:
        """Open the run and list the searches."""

    @activity.defn
    @abstractmethod
    async def fetch_page(self, page: PageRef) -> PageResult:
        """Fetch one page and upsert its ads."""

    @activity.defn
    @abstractmethod
    async def record_error(self, error: SearchError) -> None:
        """Note on the search and the run why it could not be brought."""

    @activity.defn
    @abstractmethod
    async def finish(self, run: FetchRunRef) -> None:
        """Close the run."""


class ChatTurnRef(Message):
    """One answer of the assistant."""

    message_id: UUID
    user_id: UUID


class ChatTurnSteps(ABC):
    """The steps of one answer."""

    @activity.defn
    @abstractmethod
    async def answer(self, turn: ChatTurnRef) -> None:
        """Stream the model's answer into rows; a repeated call begins with a reset."""

    @activity.defn
    @abstractmethod
    async def fail(self, turn: ChatTurnRef) -> None:
        """End the answer as failed, with its terminal piece."""


class SweepCursor(Message):
    """The person after whom to go on; None begins."""

    after_user: UUID | None = None


class SweepPage(Message):
    """Applications that were queued, and the cursor of the next page, None at the end."""

    applications: list[ApplicationRef]
    next_user: UUID | None


class AutoApplySweepSteps(ABC):
    """The steps of the hourly sweep."""

    @activity.defn
    @abstractmethod
    async def queue_matches(self, cursor: SweepCursor) -> SweepPage:
        """Queue applications for the next few people with auto-apply on, within their daily caps."""


class NotificationRef(Message):
    """One notification."""

    notification_id: UUID
    user_id: UUID


class NotifySteps(ABC):
    """The steps of telling a person something outside the product."""

    @activity.defn
    @abstractmethod
    async def send(self, notification: NotificationRef) -> None:
        """Send the mail, unless it was sent before or no mail server is set."""


class Stranded(Message):
    """What was promised in the database and has no workflow, or may have lost it."""

    applications: list[ApplicationRef]
    chat_turns: list[ChatTurnRef]
    notifications: list[NotificationRef]


class ReconcileSteps(ABC):
    """The steps of the reconciliation."""

    @activity.defn
    @abstractmethod
    async def find_stranded(self) -> Stranded:
        """List what is overdue."""
