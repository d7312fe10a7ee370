"""The step of the retention: each kind of what is kept for a time only, a page a call."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from temporalio import activity

from activities.retention.access import RATES, UNCONFIRMED, end_logins
from activities.retention.exports import expire_exports
from activities.retention.jobs import delete_jobs
from activities.retention.pages import Rows, bounds
from activities.retention.proofs import remove_pictures
from activities.retention.records import AUDIT, RECEIPTS
from activities.retention.telling import EVENTS, MESSAGES, NOTIFICATIONS
from models.account_enums import RetainedKind
from models.database import Database
from workflows.account_messages import Pruned, RetentionPage
from workflows.account_steps import RetentionSteps

K = RetainedKind


@dataclass(frozen=True)
class KeptDays:
    """For how many days what is kept. Of expired jobs, logins and receipts: after their end."""

    chat: float
    events: float
    notifications: float
    evidence: float
    jobs: float
    audit: float
    logins: float
    unconfirmed: float
    receipts: float


@dataclass(frozen=True)
class RetentionActivities(RetentionSteps):
    """Deletes from `database` what is older than `kept` says. Each call may be repeated."""

    database: Database
    kept: KeptDays

    @activity.defn
    async def prune(self, page: RetentionPage) -> Pruned:
        """Delete a page of one kind."""
        kept, database = self.kept, self.database
        ways: dict[RetainedKind, Callable[[], Awaitable[Pruned]]] = {
            K.CHAT: lambda: self._rows(MESSAGES, kept.chat),
            K.EVENTS: lambda: self._rows(EVENTS, kept.events),
            K.NOTIFICATIONS: lambda: self._rows(NOTIFICATIONS, kept.notifications),
            K.EVIDENCE: lambda: remove_pictures(database, kept.evidence),
            K.JOBS: lambda: delete_jobs(database, kept.jobs, page.behind),
            K.AUDIT: lambda: self._rows(AUDIT, kept.audit),
            K.LOGINS: lambda: end_logins(database, kept.logins),
            K.UNCONFIRMED: lambda: self._rows(UNCONFIRMED, kept.unconfirmed),
            K.EXPORTS: lambda: expire_exports(database),
            K.RECEIPTS: lambda: self._rows(RECEIPTS, kept.receipts),
            K.RATES: lambda: self._rows(RATES, 0),
        }
        return await ways[page.kind]()

    async def _rows(self, rows: Rows, days: float) -> Pruned:
        return await rows.delete(self.database, bounds(days))
