"""What travels about jobs: fetching them, matching them with people, and queueing applications to them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from workflows.messages import ApplicationRef, Message, NotificationRef


class FetchPlan(Message):
    """The run's row, the searches to bring, the most urgent first, and the most pages of each.

    `key_ids` has for each search the ledger of the key to ask by, and `page_limits` its own most pages; they
    are empty in plans of the first version, where there was the installation's key only.
    """

    fetch_run_id: UUID
    search_ids: list[UUID]
    pages: int
    key_ids: tuple[UUID, ...] = ()
    page_limits: tuple[int, ...] = ()


class PlanFetch(Message):
    """Begin the run that this workflow run is; `paced` unless somebody asked for it."""

    workflow_run_id: str
    paced: bool = True


class FetchWindow(Message):
    """What a search's first page found: when the search was fetched before, and the newest ad it had then.

    `newest_seen` is the newest ad of this fetch: what is known only once its last page is there.
    """

    fetched_at: datetime | None = None
    newest_posted_at: datetime | None = None
    newest_seen: datetime | None = None


class PageRef(Message):
    """One page (from 1) of one search, within a run; behind the first one with the window that it was in."""

    fetch_run_id: UUID
    search_id: UUID
    page: int
    key_id: UUID | None = None
    window: FetchWindow | None = None


class PageResult(Message):
    """How many ads the page had, how many are new, and whether there is none behind it worth a call."""

    ads: int
    last: bool
    window: FetchWindow | None = None
    new: int = 0


class SearchError(Message):
    """Why a search could not be brought: a word of a closed set."""

    fetch_run_id: UUID
    search_id: UUID
    error: str


class FetchRunRef(Message):
    """A run of the job fetch, and how many of its searches it had to leave out after all."""

    fetch_run_id: UUID
    left_out: int = 0


class MatchPhase(StrEnum):
    """What is matched, in this order: changed wishes, new jobs, changed jobs, whom an old scorer matched."""

    WISHES = "wishes"
    NEW = "new"
    CHANGED = "changed"
    OUTDATED = "outdated"


class MatchCursor(Message):
    """Where matching goes on: the phase, how many pages it has had, and the job after which to go on.

    `after_at` is when that job was stored; of a changed job that a page left unfinished, when it was begun.
    Cursors of the first version name no phase: they are of new jobs, and without a job they begin.
    """

    after_at: datetime | None = None
    after_job: UUID | None = None
    phase: MatchPhase | None = None
    pages: int = 0


class PersonRef(Message):
    """One person."""

    user_id: UUID


class MatchPage(Message):
    """How many jobs were matched with how many people's interests, and the next page, None at the end."""

    jobs: int
    matches: int
    next: MatchCursor | None = None


class SweepCursor(Message):
    """The person after whom to go on; None begins, with matching the jobs from `match` on."""

    after_user: UUID | None = None
    match: MatchCursor = MatchCursor()


class SweepPage(Message):
    """Applications that were queued, and the cursor of the next page, None at the end."""

    applications: list[ApplicationRef]
    next_user: UUID | None


class UpkeepPage(Message):
    """How many rows a piece of upkeep changed, and whether there is more to do at once."""

    rows: int
    more: bool


class UpkeepPlace(Message):
    """The piece of upkeep, counted from 0, to go on with."""

    piece: int = 0


class StrongMatches(Message):
    """Notifications of strong new matches to be sent, and the person to go on after, None at the end."""

    notifications: list[NotificationRef]
    next_user: UUID | None = None
