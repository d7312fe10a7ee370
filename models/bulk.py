"""Several applications asked for, approved or cancelled at once, each with its own result."""

from typing import Annotated, Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.application_public import ApplicationPublic
from models.base import Body
from models.enums import AutomationMode

BULK_MAX = 50
HASH_MAX = 64

Ids = Annotated[list[UUID], Field(min_length=1, max_length=BULK_MAX)]


class BulkApply(Body):
    """What asks for applications to several jobs, all in one mode."""

    job_ids: Ids
    mode: AutomationMode | None = None


class Approval(Body):
    """What approves one application exactly as it was shown."""

    application_id: UUID
    shown_hash: str = Field(max_length=HASH_MAX)


class BulkApprove(Body):
    """What approves several applications."""

    items: list[Approval] = Field(min_length=1, max_length=BULK_MAX)


class BulkCancel(Body):
    """What cancels several applications."""

    application_ids: Ids


class BulkResult(SQLModel):
    """What became of one of them: the application, or the problem that it would have had alone.

    `id` is what was named in the request, `status` the one that a request for it alone would have had.
    """

    id: UUID
    status: int
    application: ApplicationPublic | None = None
    problem: dict[str, Any] | None = None
