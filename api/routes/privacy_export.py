"""Exports of all that is known about oneself (GDPR, articles 15 and 20): asked for, and fetched by link."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from api import exporting
from api.deps import ContextDep, DatabaseDep, KeysDep, LoggedIn, SessionDep
from api.described import binary, problems
from api.limiting import Limit
from api.uploads import attachment
from models.account_export import ExportLink, ExportPublic, exports_of
from models.one_time_token import TOKEN_LENGTH
from workflows.account_messages import ExportRef

router = APIRouter(prefix="/api/privacy/exports", tags=["privacy"])

SHOWN_MAX = 50
ZIP = "application/zip"
DOWNLOAD = "/api/privacy/exports/download"

Token = Annotated[str, Query(max_length=TOKEN_LENGTH * 2, description="From `POST …/link`; good once.")]


@router.post("/", status_code=202, responses=problems(401, 403, 409, 429))
async def ask_for_export(me: LoggedIn, context: ContextDep) -> ExportPublic:
    """Have everything about the person collected as a ZIP; events and `done` of `total` tell how far."""
    await context.limiter.take(Limit.EXPORT_ACCOUNT, me.id)
    async with context.database.begin() as session:
        export = await exporting.ask(session, context.keys, me)
    context.flows.start_account_export(ExportRef(export_id=export.id, user_id=me.id))
    return ExportPublic.of(export)


@router.get("/", responses=problems(401, 403))
async def list_exports(me: LoggedIn, session: SessionDep) -> list[ExportPublic]:
    """List the person's exports, the newest first, at most 50."""
    return [ExportPublic.of(each) for each in await session.exec(exports_of(me.id).limit(SHOWN_MAX))]


@router.get(
    "/download",
    response_class=StreamingResponse,
    responses={**problems(404), 200: binary(ZIP)},
)
async def download_export(token: Token, database: DatabaseDep, keys: KeysDep) -> StreamingResponse:
    """Return the file to whoever has a link that is good: once, and without a login."""
    download = await exporting.redeem(database, keys, token)
    return StreamingResponse(
        download.pieces(),
        media_type=ZIP,
        headers={
            "Content-Disposition": attachment(f"jobraker-export-{download.export_id}.zip"),
            "Content-Length": str(download.size),
            "Cache-Control": "no-store",
        },
    )


@router.get("/{export_id:uuid}", responses=problems(401, 403, 404))
async def read_export(export_id: UUID, me: LoggedIn, session: SessionDep) -> ExportPublic:
    """Show how far an export is."""
    return ExportPublic.of(await exporting.find(session, me.id, export_id))


@router.post("/{export_id}/link", status_code=201, responses=problems(401, 403, 404, 409))
async def make_link(export_id: UUID, me: LoggedIn, context: ContextDep, session: SessionDep) -> ExportLink:
    """Make a link that fetches the file once, within minutes; links that were made before are void."""
    export = await exporting.find(session, me.id, export_id, lock=True)
    token, made = await exporting.make_link(session, context.keys, export, context.export_link)
    return ExportLink(url=f"{context.public_url}{DOWNLOAD}?token={token}", expires_at=made.expires_at)


@router.delete("/{export_id:uuid}", status_code=204, responses=problems(401, 403, 404))
async def delete_export(export_id: UUID, me: LoggedIn, session: SessionDep) -> None:
    """Delete an export with its file; one that is being collected is given up."""
    await session.delete(await exporting.find(session, me.id, export_id, lock=True))
