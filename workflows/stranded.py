"""What the reconciliation is told to start."""

from pydantic import Field

from workflows.account_messages import ErasureRef, ExportRef, TokenMailRef
from workflows.messages import ApplicationRef, ChatTurnRef, Message, NotificationRef


class Stranded(Message):
    """What was promised in the database and has no workflow, or may have lost it."""

    applications: list[ApplicationRef]
    chat_turns: list[ChatTurnRef]
    notifications: list[NotificationRef]
    rings: list[ApplicationRef] = Field(default_factory=list)
    """Applications whose world has changed: their workflows are to look again, or to begin."""

    follow_ups: list[ApplicationRef] = Field(default_factory=list)
    """Submitted applications of which something should have been told by now."""

    token_mails: list[TokenMailRef] = Field(default_factory=list)
    """Mails about accounts that were never sent."""

    erasures: list[ErasureRef] = Field(default_factory=list)
    """Erasures that should have begun, or have not come to their end."""

    exports: list[ExportRef] = Field(default_factory=list)
    """Exports that nobody collects."""
