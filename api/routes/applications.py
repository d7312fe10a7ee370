"""Applications: ask for one, list them, look at one with its proof, cancel."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import TextClause
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.announcing import announce
from api.applications import Listed, detail_of, listed_of, listed_query
from api.deps import DatabaseDep, Flows, KeysDep, Me, SessionDep
from api.described import binary, problems
from api.pages import LIMIT_DEFAULT, Cursor, Limit, Page, before, page_of
from api.problems import constraint_of
from models import event
from models.application import NEVER_SENT, Application, applications_of
from models.application_public import ApplicationCreate, ApplicationDetail, ApplicationPublic
from models.database import Database, seal_of
from models.enums import ApplicationState, EventKind, Origin
from models.errors import AlreadyExistsError, IncompleteError, JobExpiredError, NotFoundError
from models.evidence import Evidence
from models.job import Job
from models.profile import Resume, missing_for_applying, profile_of
from models.sealed import place_of
from workflows.messages import ApplicationRef

router = APIRouter(prefix="/api/applications", tags=["applications"])

LOCKS = {"uq_application_job", "uq_application_fingerprint"}
IMAGES = ("image/png", "image/jpeg", "image/webp")
OTHER_MEDIA_TYPE = "application/octet-stream"


@router.post("/", status_code=202, responses=problems(401, 404, 409))
async def apply(body: ApplicationCreate, me: Me, database: DatabaseDep, flows: Flows) -> ApplicationPublic:
    """Ask for an application to a job. It is queued at once; its workflow starts behind the answer."""
    try:
        async with database.begin() as session:
            application, job = await _queue(session, me.id, body.job_id)
    except IntegrityError as error:
        if constraint_of(error) not in LOCKS:
            raise
        raise await _exists(database, me.id, body.job_id) from error
    flows.start_auto_apply(ApplicationRef(application_id=application.id, user_id=me.id, job_id=job.id))
    return listed_of(Listed(application, job.title, job.company))


@router.get("/", responses=problems(401))
async def list_applications(
    me: Me,
    session: SessionDep,
    state: Annotated[ApplicationState | None, Query()] = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: Cursor = None,
) -> Page[ApplicationPublic]:
    """List the applications, the newest first."""
    query = listed_query(me.id)
    if state is not None:
        query = query.where(col(Application.state) == state)
    rows = (await session.exec(before(query, col(Application.id), limit, cursor))).all()
    found = [Listed(*row) for row in rows]
    return page_of(found, limit, listed_of, lambda each: each.application.id)


@router.get("/{application_id}", responses=problems(401, 404))
async def read_application(
    application_id: UUID, me: Me, keys: KeysDep, session: SessionDep
) -> ApplicationDetail:
    """Show an application: its moves, what was sent, the confirmation and the screenshots."""
    seal = await seal_of(session, keys, me.id)
    return await detail_of(session, seal, await _own(session, me.id, application_id))


@router.post("/{application_id}/cancel", responses=problems(401, 404, 409))
async def cancel(application_id: UUID, me: Me, session: SessionDep) -> ApplicationPublic:
    """Cancel an application that is not yet being submitted; later it is `/problems/too-late`."""
    query = applications_of(me.id).where(Application.id == application_id)
    application = (await session.exec(query.with_for_update())).first()
    if application is None:
        raise NotFoundError(NOT_YOURS)
    session.add(application.cancel())
    listed = await _own(session, me.id, application_id)
    await announce(session, _changed(application))
    return listed_of(listed)


@router.get(
    "/{application_id}/evidence/{evidence_id}",
    response_class=Response,
    responses={**problems(401, 404), 200: binary(*IMAGES)},
)
async def read_evidence(
    application_id: UUID, evidence_id: UUID, me: Me, keys: KeysDep, session: SessionDep
) -> Response:
    """Return a screenshot of the submission."""
    query = select(Evidence).where(
        Evidence.user_id == me.id, Evidence.application_id == application_id, Evidence.id == evidence_id
    )
    evidence = (await session.exec(query)).first()
    if evidence is None:
        raise NotFoundError("This application has no such screenshot.")
    seal = await seal_of(session, keys, me.id)
    content = seal.open(evidence.content_sealed, place_of("evidence", "content_sealed", evidence.id))
    return Response(
        content,
        media_type=evidence.media_type if evidence.media_type in IMAGES else OTHER_MEDIA_TYPE,
        headers={"Cache-Control": "private, max-age=3600, immutable"},
    )


NOT_YOURS = "You have no application with this id."


async def _queue(session: AsyncSession, user_id: UUID, job_id: UUID) -> tuple[Application, Job]:
    """Store a queued application with its first move and its event; the unique indexes are the judge."""
    job = await session.get(Job, job_id)
    if job is None:
        raise NotFoundError("There is no job with this id.")
    if job.expired_at is not None:
        raise JobExpiredError("The job is no longer advertised; choose another.")
    profile = (await session.exec(profile_of(user_id))).first()
    resume = select(Resume.id).where(Resume.user_id == user_id).limit(1)
    missing = missing_for_applying(profile, has_resume=(await session.exec(resume)).first() is not None)
    if missing:
        raise IncompleteError(f"Fill in first: {', '.join(missing)}.", missing=missing)
    application, transition = Application.queue(user_id, job, Origin.PERSON)
    session.add(application)
    await session.flush()
    session.add(transition)
    await announce(session, _changed(application))
    return application, job


def _changed(application: Application) -> TextClause:
    return event.record(
        application.user_id,
        EventKind.APPLICATION_CHANGED,
        application.id,
        state=application.state.value,
        reason=application.reason.value if application.reason else None,
    )


async def _exists(database: Database, user_id: UUID, job_id: UUID) -> AlreadyExistsError:
    """Say which application stands in the way: to this job, or to the same one advertised elsewhere."""
    async with database.begin() as session:
        job = await session.get_one(Job, job_id)
        query = applications_of(user_id).where(
            col(Application.state).not_in(NEVER_SENT),
            (col(Application.job_id) == job.id) | (col(Application.fingerprint) == job.fingerprint),
        )
        found = (await session.exec(query)).first()
    if found is None:
        return AlreadyExistsError("There was an application to this job until now; ask again.")
    return AlreadyExistsError("You have applied to this job.", application_id=str(found.id))


async def _own(session: AsyncSession, user_id: UUID, application_id: UUID) -> Listed:
    row = (await session.exec(listed_query(user_id).where(col(Application.id) == application_id))).first()
    if row is None:
        raise NotFoundError(NOT_YOURS)
    return Listed(*row)
