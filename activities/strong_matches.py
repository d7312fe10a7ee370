"""People are told once of strong new matches."""

from uuid import UUID

from models.database import Database
from workflows.job_messages import StrongMatches


async def tell(database: Database, after: UUID | None) -> StrongMatches:
    """Tell the next people."""
    return StrongMatches(notifications=[])
