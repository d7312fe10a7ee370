"""How applications are found, locked and shown in lists, with enough of their job to be read."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import TextClause
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from models import event
from models.application import NEEDS_PERSON, Application, applications_of
from models.application_public import ApplicationPublic
from models.enums import EventKind
from models.errors import NotFoundError
from models.job import Job
from workflows.messages import ApplicationRef

NOT_YOURS = "You have no application with this id."


@dataclass(frozen=True)
class Listed:
    """An application beside what is shown of its job."""

    application: Application
    title: str
    company: str | None


def listed_query(user_id: UUID) -> Select[Application, str, str | None]:
    """Select the person's applications with their jobs' titles and companies."""
    return (
        select(Application, col(Job.title), col(Job.company))
        .join(Job, col(Job.id) == col(Application.job_id))
        .where(Application.user_id == user_id)
    )


def listed_of(listed: Listed) -> ApplicationPublic:
    """Return an application as a list shows it."""
    return ApplicationPublic(
        **listed.application.model_dump(include=_SHARED),
        job_title=listed.title,
        job_company=listed.company,
        needs_me=listed.application.state in NEEDS_PERSON,
    )


_SHARED = set(ApplicationPublic.model_fields) & set(Application.model_fields)


async def own(session: AsyncSession, user_id: UUID, application_id: UUID) -> Listed:
    """Return the person's application; NotFoundError also where it is somebody else's."""
    row = (await session.exec(listed_query(user_id).where(col(Application.id) == application_id))).first()
    if row is None:
        raise NotFoundError(NOT_YOURS)
    return Listed(*row)


async def own_locked(session: AsyncSession, user_id: UUID, application_id: UUID) -> Application:
    """Lock and return the person's application; NotFoundError also where it is somebody else's."""
    query = applications_of(user_id).where(Application.id == application_id)
    application = (await session.exec(query.with_for_update())).first()
    if application is None:
        raise NotFoundError(NOT_YOURS)
    return application


def changed(application: Application) -> TextClause:
    """Return the statement that records that an application has changed."""
    return event.record(
        application.user_id,
        EventKind.APPLICATION_CHANGED,
        application.id,
        state=application.state.value,
        reason=application.reason.value if application.reason else None,
    )


def ref_of(application: Application) -> ApplicationRef:
    """Return what names an application to its workflows."""
    return ApplicationRef(
        application_id=application.id, user_id=application.user_id, job_id=application.job_id
    )
