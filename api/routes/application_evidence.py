"""The proof of one application: everything as JSON, as a ZIP to keep, and each screenshot."""

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from sqlmodel import select

from api.deps import DatabaseDep, KeysDep, Me, SessionDep
from api.described import binary, problems
from api.evidence import package_of, read_documents
from api.evidence_zip import Contents, zipped
from api.uploads import attachment
from models.application_public import EvidencePackage
from models.database import seal_of
from models.errors import NotFoundError
from models.evidence import Evidence
from models.sealed import place_of

router = APIRouter(prefix="/api/applications", tags=["applications"])

IMAGES = ("image/png", "image/jpeg", "image/webp")
ZIP = "application/zip"
OTHER_MEDIA_TYPE = "application/octet-stream"


@router.get("/{application_id}/evidence", responses=problems(401, 404))
async def read_evidence(application_id: UUID, me: Me, keys: KeysDep, session: SessionDep) -> EvidencePackage:
    """Return everything that proves what was sent: answers, documents, runs, and the log with its chain."""
    seal = await seal_of(session, keys, me.id)
    return await package_of(session, seal, me.id, application_id)


@router.get(
    "/{application_id}/evidence.zip",
    response_class=StreamingResponse,
    responses={**problems(401, 404), 200: binary(ZIP)},
)
async def download_evidence(
    application_id: UUID, me: Me, keys: KeysDep, database: DatabaseDep
) -> StreamingResponse:
    """Return the same with all files, as a ZIP that can be read and checked without us."""
    async with database.begin() as session:
        seal = await seal_of(session, keys, me.id)
        package = await package_of(session, seal, me.id, application_id)
        documents = await read_documents(session, seal, application_id)
    return StreamingResponse(
        zipped(database, seal, Contents(package, documents)),
        media_type=ZIP,
        headers={"Content-Disposition": attachment(f"application-{application_id}.zip")},
    )


@router.get(
    "/{application_id}/evidence/{evidence_id}",
    response_class=Response,
    responses={**problems(401, 404), 200: binary(*IMAGES)},
)
async def read_screenshot(
    application_id: UUID, evidence_id: UUID, me: Me, keys: KeysDep, session: SessionDep
) -> Response:
    """Return a screenshot of the submission."""
    query = select(Evidence).where(
        Evidence.user_id == me.id, Evidence.application_id == application_id, Evidence.id == evidence_id
    )
    evidence = (await session.exec(query)).first()
    if evidence is None:
        raise NotFoundError("This application has no such screenshot.")
    if evidence.content_sealed is None:
        raise NotFoundError("This screenshot was removed after its time.")
    seal = await seal_of(session, keys, me.id)
    content = seal.open(evidence.content_sealed, place_of("evidence", "content_sealed", evidence.id))
    return Response(
        content,
        media_type=evidence.media_type if evidence.media_type in IMAGES else OTHER_MEDIA_TYPE,
        headers={"Cache-Control": "private, max-age=3600, immutable"},
    )
