"""What nobody needs any more."""

from models.database import Database
from workflows.job_messages import UpkeepPage


async def prune(database: Database) -> UpkeepPage:
    """What nobody needs any more."""
    return UpkeepPage(rows=0, more=False)
