"""Uploading and deleting files, and the signed links to uploads and artifacts."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response, UploadFile

from local.skyvern.errors import TOO_LARGE, SkyvernError, not_found
from local.skyvern.ids import ORGANIZATION_ID
from local.skyvern.run import Json
from local.skyvern.services import Services, Stand, check_key
from local.skyvern.store.artifacts import SCREENSHOTS

MAX_BYTES = 30 * 1024 * 1024
MAX_DAYS = 365
STORAGE = "s3://skyvern-uploads"
_TOO_LARGE, _FORBIDDEN = 413, 403
_EXPIRED = "Invalid or expired artifact URL"

router = APIRouter(prefix="/v1", dependencies=[Depends(check_key)])
# Whoever has a link may open it: that is what it is signed for.
signed_router = APIRouter(prefix="/v1")


@router.post("/upload_file")
async def upload_file(
    services: Stand,
    file: UploadFile,
    retention_days: Annotated[int | None, Form(ge=1, le=MAX_DAYS)] = None,
) -> Json:
    """Keep a file that a run may be given by its id."""
    if (file.size or 0) > MAX_BYTES:
        raise SkyvernError(_TOO_LARGE, TOO_LARGE)
    stored = services.stores.files.add(file.filename or "file", await file.read(), retention_days)
    today = datetime.now(UTC).date().isoformat()
    return {
        "s3_uri": f"{STORAGE}/{ORGANIZATION_ID}/{today}/{stored.stored_name}",
        "presigned_url": services.links.upload(stored.stored_name),
        "file_id": stored.file_id,
        "expires_at": stored.expires_at,
    }


@router.delete("/files/{file_id}", status_code=204)
async def delete_file(services: Stand, file_id: str) -> None:
    """Delete a file."""
    if not services.stores.files.delete(file_id):
        raise not_found(f"File not found: {file_id}")


@router.get("/runs/{run_id}/artifacts")
async def list_artifacts(
    services: Stand, run_id: str, artifact_type: Annotated[list[str] | None, Query()] = None
) -> list[Json]:
    """List what a run left behind, newest first; an unknown run left nothing."""
    return [
        services.shapes.artifact(artifact)
        for artifact in services.stores.artifacts.of_run(run_id)
        if not artifact_type or artifact.artifact_type in artifact_type
    ]


@signed_router.get("/artifacts/{artifact_id}/content")
async def artifact_content(services: Stand, artifact_id: str, expiry: str = "", sig: str = "") -> Response:
    """Return an artifact's bytes to whoever has an unexpired link."""
    _check_link(services, f"/v1/artifacts/{artifact_id}/content", expiry, sig)
    found = services.stores.artifacts.content(artifact_id)
    if found is None:
        raise not_found("Artifact not found")
    artifact_type, content = found
    # A page is text here: nobody's HTML is to run under this address.
    media_type = "image/png" if artifact_type in SCREENSHOTS else "text/plain; charset=utf-8"
    return Response(content, media_type=media_type)


@signed_router.get("/uploads/{stored_name}")
async def upload_content(services: Stand, stored_name: str, expiry: str = "", sig: str = "") -> Response:
    """Return an uploaded file's bytes to whoever has an unexpired link."""
    _check_link(services, f"/v1/uploads/{stored_name}", expiry, sig)
    file_id = "_".join(stored_name.split("_", 2)[:2])
    stored = services.stores.files.get(file_id)
    if stored is None:
        raise not_found("File not found")
    return Response(stored.content, media_type="application/octet-stream")


def _check_link(services: Services, path: str, expiry: str, signature: str) -> None:
    if not services.links.is_valid(path, expiry, signature):
        raise SkyvernError(_FORBIDDEN, _EXPIRED)
