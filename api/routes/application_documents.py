"""Documents of an application: get the file, and change it while the application awaits approval."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from api.application_detail import detail_of
from api.applications import own
from api.deps import ContextDep, KeysDep, Me, SessionDep
from api.described import binary, problems
from api.documents import LetterGiven, ResumeGiven, change_letter, change_resume
from api.limiting import Limit
from api.uploads import attachment
from models.answering_enums import DocumentKind
from models.application_public import ApplicationDetail
from models.database import seal_of
from models.document_rows import read_content, read_file_name
from models.errors import NotFoundError
from models.evidence import Document, documents_of
from models.resume_enums import ResumeFormat

router = APIRouter(prefix="/api/applications", tags=["applications"])

MEDIA_TYPES = tuple(kind.media_type for kind in ResumeFormat)
OTHER_MEDIA_TYPE = "application/octet-stream"
NO_DOCUMENT = "This application has no such document."


@router.get(
    "/{application_id}/documents/{document}",
    response_class=Response,
    responses={**problems(401, 404), 200: binary(*MEDIA_TYPES)},
)
async def read_document(
    application_id: UUID, document: UUID | DocumentKind, me: Me, keys: KeysDep, session: SessionDep
) -> Response:
    """Return a document's file, by its id or its kind."""
    found = await _own_document(session, me.id, application_id, document)
    seal = await seal_of(session, keys, me.id)
    return Response(
        read_content(found, seal),
        media_type=found.media_type if found.media_type in MEDIA_TYPES else OTHER_MEDIA_TYPE,
        headers={
            "Content-Disposition": attachment(read_file_name(found, seal)),
            "Cache-Control": "private, no-cache",
        },
    )


@router.put("/{application_id}/letter", responses=problems(401, 404, 409, 429))
async def set_letter(
    application_id: UUID, body: LetterGiven, me: Me, keys: KeysDep, context: ContextDep
) -> ApplicationDetail:
    """Put your own letter in the place of ours, while the application awaits approval; see `shown_hash`."""
    await context.limiter.take_person(Limit.UPLOAD_ACCOUNT, me)
    await change_letter(context.database, keys, me.id, application_id, body.text)
    return await _rung(context, keys, me.id, application_id)


@router.put("/{application_id}/resume", responses=problems(401, 404, 409, 429))
async def set_resume(
    application_id: UUID, body: ResumeGiven, me: Me, keys: KeysDep, context: ContextDep
) -> ApplicationDetail:
    """Send the untailored résumé, or one of your own for this job, while the application awaits approval."""
    await context.limiter.take_person(Limit.UPLOAD_ACCOUNT, me)
    await change_resume(context.database, keys, me.id, application_id, body.resume)
    return await _rung(context, keys, me.id, application_id)


async def _own_document(
    session: AsyncSession, user_id: UUID, application_id: UUID, document: UUID | DocumentKind
) -> Document:
    query = documents_of(application_id).where(col(Document.user_id) == user_id)
    if isinstance(document, UUID):
        query = query.where(col(Document.id) == document)
    else:
        query = query.where(col(Document.kind) == document)
    found = (await session.exec(query)).first()
    if found is None:
        raise NotFoundError(NO_DOCUMENT)
    return found


async def _rung(context: ContextDep, keys: KeysDep, user_id: UUID, application_id: UUID) -> ApplicationDetail:
    """Have the workflow lay out what is shown now, and return it."""
    async with context.database.begin() as session:
        listed = await own(session, user_id, application_id)
        seal = await seal_of(session, keys, user_id)
        detail = await detail_of(session, seal, listed)
    context.flows.ring(user_id, listed.application.job_id)
    return detail
