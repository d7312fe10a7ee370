"""The names that new jobs use, for typing help."""

from models.database import Database
from workflows.job_messages import UpkeepPage


async def learn(database: Database) -> UpkeepPage:
    """The names that new jobs use, for typing help."""
    return UpkeepPage(rows=0, more=False)
