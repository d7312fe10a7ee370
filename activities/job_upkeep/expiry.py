"""Jobs that are no longer advertised."""

from dataclasses import dataclass

from models.database import Database
from workflows.job_messages import UpkeepPage


@dataclass(frozen=True)
class Ages:
    """How long nobody may have seen a job that is old, and what is old, in days."""

    unseen_days: int
    old_days: int


async def expire(database: Database, ages: Ages) -> UpkeepPage:
    """Jobs that are no longer advertised."""
    return UpkeepPage(rows=0, more=False)
