"""Typed steps of the workflows about jobs, whose answers a test scripts; they subclass the real contract."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from temporalio import activity
from temporalio.exceptions import ApplicationError

from tests.workflows.scripted import an_application
from workflows.job_messages import (
    FetchPlan,
    FetchRunRef,
    FetchWindow,
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
from workflows.messages import ApplicationRef, NotificationRef
from workflows.steps import AutoApplySweepSteps, JobFetchSteps, JobUpkeepSteps

FIRST_WINDOW = FetchWindow(fetched_at=datetime(2026, 3, 1, tzinfo=UTC))


@dataclass
class ScriptedJobFetch(JobFetchSteps):
    """Searches with a number of pages each; a search can fail with a word, from some page on.

    Without `key_ids` its plans are those of the first version.
    """

    pages: dict[UUID, int]
    failures: dict[UUID, str] = field(default_factory=dict)
    page_limit: int = 3
    new: int = 0
    key_ids: tuple[UUID, ...] = ()
    page_limits: tuple[int, ...] = ()
    fails_at: int = 1
    paced: bool | None = None
    fetched: list[tuple[UUID, int]] = field(default_factory=list)
    windows: list[FetchWindow | None] = field(default_factory=list)
    errors: dict[UUID, str] = field(default_factory=dict)
    finished: int = 0
    left_out: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @activity.defn
    async def plan(self, request: PlanFetch) -> FetchPlan:
        """List the searches."""
        self.paced = request.paced
        return FetchPlan(
            fetch_run_id=uuid4(),
            search_ids=list(self.pages),
            pages=self.page_limit,
            key_ids=self.key_ids,
            page_limits=self.page_limits,
        )

    @activity.defn
    async def fetch_page(self, page: PageRef) -> PageResult:
        """Remember the page, or fail for good."""
        word = self.failures.get(page.search_id)
        if word is not None and page.page >= self.fails_at:
            raise ApplicationError("refused", type=word, non_retryable=True)
        self.fetched.append((page.search_id, page.page))
        self.windows.append(page.window)
        last = page.page >= self.pages[page.search_id]
        return PageResult(ads=50, last=last, window=page.window or FIRST_WINDOW, new=self.new)

    @activity.defn
    async def record_error(self, error: SearchError) -> None:
        """Remember the word."""
        self.errors[error.search_id] = error.error

    @activity.defn
    async def finish(self, run: FetchRunRef) -> None:
        """Count."""
        self.finished += 1
        self.left_out += run.left_out
        self.ended.set()


@dataclass
class ScriptedSweep(AutoApplySweepSteps):
    """Two pages of people with one application each."""

    pages: int = 2
    queued: list[ApplicationRef] = field(default_factory=list)
    match_pages: int = 2
    matched: list[MatchCursor] = field(default_factory=list)
    strong_pages: int = 1
    told: list[NotificationRef] = field(default_factory=list)
    people: list[PersonRef] = field(default_factory=list)

    @activity.defn
    async def match_jobs(self, cursor: MatchCursor) -> MatchPage:
        """Match one page of jobs."""
        self.matched.append(cursor)
        more = len(self.matched) < self.match_pages
        return MatchPage(jobs=1, matches=1, next=MatchCursor(after_job=uuid4()) if more else None)

    @activity.defn
    async def match_person(self, person: PersonRef) -> int:
        """Remember the person."""
        self.people.append(person)
        return 1

    @activity.defn
    async def queue_matches(self, cursor: SweepCursor) -> SweepPage:
        """Queue one application a page."""
        self.queued.append(an_application())
        more = len(self.queued) < self.pages
        return SweepPage(applications=self.queued[-1:], next_user=uuid4() if more else None)

    @activity.defn
    async def tell_strong_matches(self, cursor: SweepCursor) -> StrongMatches:
        """Tell one person a page."""
        if not self.strong_pages:
            return StrongMatches(notifications=[])
        self.strong_pages -= 1
        self.told.append(NotificationRef(notification_id=uuid4(), user_id=uuid4()))
        return StrongMatches(notifications=self.told[-1:], next_user=uuid4() if self.strong_pages else None)


@dataclass
class ScriptedUpkeep(JobUpkeepSteps):
    """Each piece has so many pages of one row; one of them may fail for good."""

    pages: dict[str, int] = field(default_factory=dict)
    fails: str | None = None
    done: list[str] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    def _page(self, piece: str) -> UpkeepPage:
        if piece == self.fails:
            raise ApplicationError("refused", type="internal", non_retryable=True)
        self.done.append(piece)
        self.reached.set()
        return UpkeepPage(rows=1, more=self.done.count(piece) < self.pages.get(piece, 1))

    @activity.defn
    async def expire_jobs(self) -> UpkeepPage:
        """Answer as scripted."""
        return self._page("expire_jobs")

    @activity.defn
    async def price_jobs(self) -> UpkeepPage:
        """Answer as scripted."""
        return self._page("price_jobs")

    @activity.defn
    async def learn_terms(self) -> UpkeepPage:
        """Answer as scripted."""
        return self._page("learn_terms")

    @activity.defn
    async def prune_jobs(self) -> UpkeepPage:
        """Answer as scripted."""
        return self._page("prune_jobs")
