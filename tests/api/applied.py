"""Applications put into the database as they are somewhere on their way, with jobs of their own."""

from typing import Any
from uuid import UUID

from models.application import Application
from models.database import Database
from models.enums import ApplicationState, Origin
from models.job import Job
from tests.api.client import job_with, store

COLUMNS = frozenset(
    {"stage", "outcome", "score", "confidence", "created_at", "submitted_at", "reason", "mode"}
)


async def put(
    database: Database,
    user_id: UUID,
    state: ApplicationState = ApplicationState.QUEUED,
    origin: Origin = Origin.PERSON,
    **values: Any,  # noqa: ANN401 -- columns of two tables
) -> Application:
    """Store an application in a state; what is no column of its own is its job's."""
    job: Job = job_with(**{name: value for name, value in values.items() if name not in COLUMNS})
    application, entry = Application.queue(user_id, job, origin)
    application.state = state
    for name in COLUMNS & values.keys():
        setattr(application, name, values[name])
    await store(database, job, application, entry)
    return application
