"""The contract between deciding and doing: what each workflow asks for, as steps with their messages.

Only ids, counts and words of closed sets travel in messages, since Temporal keeps them in its histories.
"""

from abc import ABC, abstractmethod

from temporalio import activity

from workflows.job_messages import (
    FetchPlan,
    FetchRunRef,
    MatchCursor,
    MatchPage,
    PageRef,
    PageResult,
    PersonRef,
    PlanFetch,
    SearchError,
    StrongMatches,
    SweepCursor,
    SweepPage,
    UpkeepPage,
)
from workflows.messages import (
    ApplicationRef,
    Approved,
    ApproveShown,
    Asked,
    AttemptRef,
    AttemptRun,
    ChatTurnRef,
    Conclusion,
    EndApplication,
    Fence,
    FollowUpPlan,
    NotificationRef,
    OpenAttempt,
    Prepared,
    Remind,
    Staged,
    Submission,
    TakeAnswers,
    Taken,
    Told,
    VoidAttempt,
)
from workflows.stranded import Stranded


class AutoApplySteps(ABC):
    """The steps of one application."""

    @activity.defn
    @abstractmethod
    async def prepare(self, application: ApplicationRef) -> Prepared:
        """Check the gates and begin preparing; an application that may not go on is ended."""

    @activity.defn
    @abstractmethod
    async def scout(self, application: ApplicationRef) -> Conclusion:
        """Have the vendor read the form, without entering anything, and store its questions.

        `preparing` where there is a form to answer; else the application is ended with its typed reason.
        Done once: repeated, it returns at once. While the vendor's run goes on, each look fails with a benign
        ApplicationError of type RUN_GOES_ON.
        """

    @activity.defn
    @abstractmethod
    async def answer_form(self, application: ApplicationRef) -> Asked:
        """Answer what can be answered: from the profile, the answer bank, and drafts by the model.

        `preparing` where no required answer is missing; else the application is `needs_input`, with a
        notification the first time. A closed job or a passed deadline ends it.
        """

    @activity.defn
    @abstractmethod
    async def make_documents(self, application: ApplicationRef) -> None:
        """Make the résumé and, where asked for, the letter; where tailoring fails, the untailored one."""

    @activity.defn
    @abstractmethod
    async def decide(self, application: ApplicationRef) -> Asked:
        """Approve in auto mode where its conditions hold, else await approval; repeated, say how it stands.

        `preparing` where a required answer is missing again. A closed job or a passed deadline ends it.
        """

    @activity.defn
    @abstractmethod
    async def take_answers(self, request: TakeAnswers) -> Taken:
        """Take given answers over: to this application, to every other that waits for the same topic and
        scope, and to the answer bank where the person says so.
        """

    @activity.defn
    @abstractmethod
    async def approve(self, request: ApproveShown) -> Approved:
        """Approve for the person, unless something else is shown by now."""

    @activity.defn
    @abstractmethod
    async def remind(self, request: Remind) -> Told:
        """Make a reminder, unless the application waits no longer; one of each number, ever."""

    @activity.defn
    @abstractmethod
    async def stage(self, application: ApplicationRef) -> Staged:
        """Find or create our workflow at the vendor and upload the documents; may be repeated."""

    @activity.defn
    @abstractmethod
    async def open_attempt(self, request: OpenAttempt) -> Fence:
        """Commit the attempt's row: the fence. Refused when the person has cancelled.

        Held, with a wait, inside the undo window, in quiet hours and while applying is paused. Back to
        awaiting approval where what would be sent is not what was approved.
        """

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


class FollowUpSteps(ABC):
    """What happens to a submitted application in the following month."""

    @activity.defn
    @abstractmethod
    async def plan_follow_up(self, application: ApplicationRef) -> FollowUpPlan:
        """Say when to remind and when to propose; a stage beyond `applied` or an outcome ends both."""

    @activity.defn
    @abstractmethod
    async def remind_to_follow_up(self, application: ApplicationRef) -> Told:
        """Remind the person to ask how it stands, once."""

    @activity.defn
    @abstractmethod
    async def propose_ghosted(self, application: ApplicationRef) -> Told:
        """Propose to note the application as ghosted, once."""


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
    async def match_jobs(self, cursor: MatchCursor) -> MatchPage:
        """Match the next page of new jobs with the people who look for such titles."""

    @activity.defn
    @abstractmethod
    async def match_person(self, person: PersonRef) -> int:
        """Match one person anew whose wishes have changed, and return with how many jobs."""

    @activity.defn
    @abstractmethod
    async def queue_matches(self, cursor: SweepCursor) -> SweepPage:
        """Queue applications for the next few people with matches, within their caps; note skipped ones."""

    @activity.defn
    @abstractmethod
    async def tell_strong_matches(self, cursor: SweepCursor) -> StrongMatches:
        """Make a notification for each of the next people with strong new matches: once of each match."""


class JobUpkeepSteps(ABC):
    """What keeps jobs in order beside their fetching: a page a call, which says whether there is more."""

    @activity.defn
    @abstractmethod
    async def expire_jobs(self) -> UpkeepPage:
        """Mark jobs as expired that no fetch has brought for long and that are old."""

    @activity.defn
    @abstractmethod
    async def price_jobs(self) -> UpkeepPage:
        """Compute salaries in euro anew where the rates have changed."""

    @activity.defn
    @abstractmethod
    async def learn_terms(self) -> UpkeepPage:
        """Add the names that new jobs use to those that typing help knows."""

    @activity.defn
    @abstractmethod
    async def prune_jobs(self) -> UpkeepPage:
        """Delete matches of expired jobs, searches that nobody wants, and old calls of the ledger."""


class NotifySteps(ABC):
    """The steps of telling a person something outside the product."""

    @activity.defn
    @abstractmethod
    async def send(self, notification: NotificationRef) -> None:
        """Send the mail, unless it was sent before or no mail server is set."""

    @activity.defn
    @abstractmethod
    async def begin_notice(self, notification: NotificationRef) -> None:
        """Start the workflow that sends it: what a child costs its parent's history is saved."""


class ReconcileSteps(ABC):
    """The steps of the reconciliation."""

    @activity.defn
    @abstractmethod
    async def find_stranded(self) -> Stranded:
        """List what is overdue."""
