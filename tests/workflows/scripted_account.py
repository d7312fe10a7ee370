"""Typed steps of the workflows about accounts, whose answers a test scripts."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from temporalio import activity
from temporalio.exceptions import ApplicationError

from workflows.account_messages import Exported, ExportRef, TokenMailRef
from workflows.account_steps import AccountExportSteps, TokenMailSteps

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


def an_export() -> ExportRef:
    """Return a reference to a new export."""
    return ExportRef(export_id=uuid4(), user_id=uuid4())


def a_token_mail() -> TokenMailRef:
    """Return a reference to a new mail."""
    return TokenMailRef(token_id=uuid4(), user_id=uuid4())
