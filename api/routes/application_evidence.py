"""The proof of one application: everything as JSON, as a ZIP to keep, and each screenshot."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import select

from api.deps import KeysDep, Me, SessionDep
from api.described import binary, problems
from models.database import seal_of
from models.errors import NotFoundError
from models.evidence import Evidence
from models.sealed import place_of

router = APIRouter(prefix="/api/applications", tags=["applications"])

IMAGES = ("image/png", "image/jpeg", "image/webp")
OTHER_MEDIA_TYPE = "application/octet-stream"


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
