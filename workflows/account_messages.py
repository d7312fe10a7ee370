"""What the workflows of accounts and of privacy say to their steps: ids, counts and words."""

from datetime import datetime
from uuid import UUID

from models.account_enums import RetainedKind
from workflows.messages import Message


class TokenMailRef(Message):
    """A mail about an account: its row of `one_time_token`."""

    token_id: UUID
    user_id: UUID


class ExportRef(Message):
    """One export of one person's data."""

    export_id: UUID
    user_id: UUID


class Exported(Message):
    """What is to be told of an export: its notification; None where nothing was collected."""

    notification_id: UUID | None


class ErasureRef(Message):
    """One erasure. Whose it is stands in its row until the end, and nowhere in Temporal."""

    erasure_id: UUID


class ErasureWait(Message):
    """How long to wait before an erasure begins, in seconds; None where it was undone or is over."""

    seconds: float | None


class Remaining(Message):
    """How much is left of what a step takes away, page by page."""

    count: int


class RetentionMark(Message):
    """How far a walk through rows that are not all deleted has come."""

    at: datetime
    id: UUID


class RetentionPage(Message):
    """What one call of the retention is to delete, and behind which row it is to begin."""

    kind: RetainedKind
    behind: RetentionMark | None = None


class RetentionPlace(Message):
    """How far a retention has come when its history was long enough: what is deleted next, and from where."""

    number: int = 0
    behind: RetentionMark | None = None
    count: int = 0


class Pruned(Message):
    """How many rows a call deleted, whether there are more, and where the next call is to begin."""

    count: int
    more: bool
    behind: RetentionMark | None = None
