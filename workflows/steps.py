"""The contract between deciding and doing: what each workflow asks for, as steps with their messages.

Only ids, counts and words of closed sets travel in messages, since Temporal keeps them in its histories.
"""

from abc import ABC, abstractmethod

from temporalio import activity

from workflows.messages import (
    ApplicationRef,
    AttemptRef,
    AttemptRun,
    ChatTurnRef,
    Conclusion,
    EndApplication,
    Fence,
    FetchPlan,
    FetchRunRef,
    NotificationRef,
    OpenAttempt,
    PageRef,
    PageResult,
    PlanFetch,
    Prepared,
    SearchError,
    Staged,
    Stranded,
    Submission,
    SweepCursor,
    SweepPage,
    VoidAttempt,
)


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
        """Mark the attempt as never sent; the application is then approved again, and can be cancelled.

        Where the vendor has told of a run of it meanwhile, the attempt stays and is returned.
        """

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


class AutoApplySweepSteps(ABC):
    """The steps of the hourly sweep."""

    @activity.defn
    @abstractmethod
    async def queue_matches(self, cursor: SweepCursor) -> SweepPage:
        """Queue applications for the next few people with auto-apply on, within their daily caps."""


class NotifySteps(ABC):
    """The steps of telling a person something outside the product."""

    @activity.defn
    @abstractmethod
    async def send(self, notification: NotificationRef) -> None:
        """Send the mail, unless it was sent before or no mail server is set."""


class ReconcileSteps(ABC):
    """The steps of the reconciliation."""

    @activity.defn
    @abstractmethod
    async def find_stranded(self) -> Stranded:
        """List what is overdue."""
