"""Typed steps of the workflows about accounts, whose answers a test scripts."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from temporalio import activity
from temporalio.exceptions import ApplicationError

from models.account_enums import RetainedKind
from models.base import now
from workflows.account_messages import (
    Exported,
    ExportRef,
    Pruned,
    RetentionMark,
    RetentionPage,
    TokenMailRef,
)
from workflows.account_steps import AccountExportSteps, RetentionSteps, TokenMailSteps

TOLD = UUID(int=7)


@dataclass
class ScriptedTokenMail(TokenMailSteps):
    """Remembers what it was told to send."""

    sent: list[UUID] = field(default_factory=list)

    @activity.defn
    async def send_token(self, mail: TokenMailRef) -> None:
        """Remember."""
        self.sent.append(mail.token_id)


@dataclass
class ScriptedExport(AccountExportSteps):
    """Collects, with a notification or none, or fails for good."""

    notification_id: UUID | None = TOLD
    fails: str = ""
    failed: list[UUID] = field(default_factory=list)

    @activity.defn
    async def collect_export(self, export: ExportRef) -> Exported:
        """Answer as scripted."""
        if self.fails:
            raise ApplicationError("refused", type=self.fails, non_retryable=True)
        return Exported(notification_id=self.notification_id)

    @activity.defn
    async def fail_export(self, export: ExportRef) -> None:
        """Remember."""
        self.failed.append(export.export_id)


@dataclass
class ScriptedRetention(RetentionSteps):
    """Each kind has so many pages of one row; one of them may fail for good."""

    pages: dict[RetainedKind, int] = field(default_factory=dict)
    fails: RetainedKind | None = None
    done: list[RetainedKind] = field(default_factory=list)
    begun: list[RetentionMark | None] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    @activity.defn
    async def prune(self, page: RetentionPage) -> Pruned:
        """Answer as scripted."""
        if page.kind is self.fails:
            raise ApplicationError("refused", type="internal", non_retryable=True)
        self.done.append(page.kind)
        self.begun.append(page.behind)
        self.reached.set()
        number = self.done.count(page.kind)
        behind = RetentionMark(at=now(), id=UUID(int=number))
        return Pruned(count=1, more=number < self.pages.get(page.kind, 1), behind=behind)


def an_export() -> ExportRef:
    """Return a reference to a new export."""
    return ExportRef(export_id=uuid4(), user_id=uuid4())


def a_token_mail() -> TokenMailRef:
    """Return a reference to a new mail."""
    return TokenMailRef(token_id=uuid4(), user_id=uuid4())
