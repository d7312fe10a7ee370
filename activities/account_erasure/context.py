"""What the steps of an erasure work with, and whose erasure a step is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from activities.credentials import CredentialStore
from activities.vendors.mail import Mailer
from activities.vendors.skyvern import Skyvern
from models.account_enums import ErasureState, ErasureStep
from models.database import Database
from models.erasure import erasure_locked
from models.sealed import KeyRing


@dataclass(frozen=True)
class Context:
    """`grace` is what cancelled workflows have before they are terminated.

    `settle` is after what time a call to the vendor whose answer was lost can no longer land.
    """

    database: Database
    keys: KeyRing
    credentials: CredentialStore
    skyvern: Skyvern
    mailer: Mailer
    public_url: str
    grace: timedelta
    settle: timedelta


@dataclass(frozen=True)
class Subject:
    """Whose erasure goes on, and since when."""

    erasure_id: UUID
    user_id: UUID
    began_at: datetime


async def subject_of(context: Context, erasure_id: UUID, step: ErasureStep) -> Subject | None:
    """Note that this step is being done, and say for whom; None where nothing is to be done any more."""
    async with context.database.begin() as session:
        erasure = (await session.exec(erasure_locked(erasure_id))).one_or_none()
        if erasure is None or erasure.state is not ErasureState.ERASING:
            return None
        if erasure.user_id is None or erasure.began_at is None:
            return None
        erasure.step = step
        return Subject(erasure.id, erasure.user_id, erasure.began_at)


async def count(context: Context, subject: Subject, numbers: Mapping[str, int]) -> None:
    """Add to the counts of the receipt, in a transaction of its own."""
    async with context.database.begin() as session:
        (await session.exec(erasure_locked(subject.erasure_id))).one().count(numbers)
