"""Résumés: upload, list, get the original back, delete."""

import hashlib
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import func
from sqlalchemy.orm import QueryableAttribute, defer
from sqlalchemy.sql.base import ExecutableOption
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.announcing import announce
from api.deps import ContextDep, DatabaseDep, KeysDep, Me, SessionDep
from api.described import binary, problems
from api.resume_text import format_of
from api.uploads import UPLOAD_BODY, Upload, UploadDep, attachment, safe_name
from models import event
from models.account import Account
from models.database import seal_of
from models.enums import EventKind
from models.errors import ConflictError, NotFoundError, UnauthenticatedError, UnprocessableError
from models.json_resume import JsonResume
from models.profile import Resume, ResumePublic, resumes_of
from models.resume_enums import ResumeFormat
from models.resume_rows import has_structured, read_structured, store_structured
from models.sealed import KeyRing, Seal, place_of

router = APIRouter(prefix="/api/resumes", tags=["resumes"])

RESUMES_MAX = 20
# megabytes that only a download needs
WITHOUT_ORIGINAL = defer(cast("QueryableAttribute[bytes]", Resume.original_sealed))
MEDIA_TYPES = [kind.media_type for kind in ResumeFormat]


@dataclass(frozen=True)
class Read:
    """An upload whose text was read."""

    upload: Upload
    format: ResumeFormat
    text: str


@router.post("/", status_code=201, responses=problems(401, 409, 429), openapi_extra=UPLOAD_BODY)
async def upload_resume(
    upload: UploadDep, me: Me, context: ContextDep, keys: KeysDep, database: DatabaseDep
) -> ResumePublic:
    """Take a PDF or DOCX and read its text; the newest résumé is the one that is sent to employers."""
    kind = format_of(upload.content)
    text = await context.resumes.read(upload.content, kind)
    async with database.begin() as session:
        return await _store(session, keys, me.id, Read(upload, kind, text))


@router.get("/", responses=problems(401))
async def list_resumes(me: Me, keys: KeysDep, session: SessionDep) -> list[ResumePublic]:
    """List the résumés, the newest first."""
    resumes = (await session.exec(resumes_of(me.id).options(WITHOUT_ORIGINAL))).all()
    if not resumes:
        return []
    seal = await seal_of(session, keys, me.id)
    return [_shown(resume, seal) for resume in resumes]


@router.get(
    "/{resume_id}/file",
    response_class=Response,
    responses={**problems(401, 404), 200: binary(*MEDIA_TYPES)},
)
async def read_file(resume_id: UUID, me: Me, keys: KeysDep, session: SessionDep) -> Response:
    """Return the original file."""
    resume = await _own(session, me.id, resume_id)
    seal = await seal_of(session, keys, me.id)
    content = seal.open(resume.original_sealed, place_of("resume", "original_sealed", resume.id))
    headers = {"Content-Disposition": attachment(_name(resume, seal))}
    return Response(content, headers=headers, media_type=resume.format.media_type)


@router.get("/{resume_id}/structured", responses=problems(401, 404))
async def read_structured_form(resume_id: UUID, me: Me, keys: KeysDep, session: SessionDep) -> JsonResume:
    """Return the structured form (JSON Resume), which documents are made of, without name and contact."""
    resume = await _own(session, me.id, resume_id, WITHOUT_ORIGINAL)
    structured = read_structured(resume, await seal_of(session, keys, me.id))
    if structured is None:
        raise NotFoundError("This résumé has no structured form; it is read when it is first needed.")
    return structured


@router.put("/{resume_id}/structured", responses=problems(401, 404))
async def set_structured_form(
    resume_id: UUID, body: JsonResume, me: Me, keys: KeysDep, session: SessionDep
) -> JsonResume:
    """Set the structured form (JSON Resume). What the schema has beyond ours is left out."""
    if body.is_empty:
        raise UnprocessableError("The structured form tells nothing.")
    resume = await _own(session, me.id, resume_id, WITHOUT_ORIGINAL, lock=True)
    store_structured(resume, body, await seal_of(session, keys, me.id))
    return body


@router.delete("/{resume_id}", status_code=204, responses=problems(401, 404))
async def delete_resume(resume_id: UUID, me: Me, session: SessionDep) -> None:
    """Delete a résumé for good."""
    await session.delete(await _own(session, me.id, resume_id, WITHOUT_ORIGINAL, lock=True))


async def _own(
    session: AsyncSession, user_id: UUID, resume_id: UUID, *options: ExecutableOption, lock: bool = False
) -> Resume:
    query = resumes_of(user_id).where(Resume.id == resume_id).options(*options)
    resume = (await session.exec(query.with_for_update() if lock else query)).first()
    if resume is None:
        raise NotFoundError("You have no résumé with this id.")
    return resume


async def _store(session: AsyncSession, keys: KeyRing, user_id: UUID, read: Read) -> ResumePublic:
    # one upload of a person after the other, so that the limit holds
    account = await session.get(Account, user_id, with_for_update={"key_share": True})
    if account is None:
        raise UnauthenticatedError("This account no longer exists.")
    count = select(func.count()).select_from(Resume).where(col(Resume.user_id) == user_id)
    if (await session.exec(count)).one() >= RESUMES_MAX:
        raise ConflictError(f"At most {RESUMES_MAX} résumés are kept; delete one first.")
    seal = account.seal(keys)
    resume = _sealed(user_id, read, seal)
    session.add(resume)
    await announce(session, event.record(user_id, EventKind.RESUME_ADDED, resume.id))
    return _shown(resume, seal)


def _sealed(user_id: UUID, read: Read, seal: Seal) -> Resume:
    content = read.upload.content
    resume = Resume(
        user_id=user_id,
        format=read.format,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        file_name_sealed=b"",
        original_sealed=b"",
        text_sealed=b"",
    )
    name = safe_name(read.upload.name, read.format.value)
    resume.file_name_sealed = seal.seal_text(name, place_of("resume", "file_name_sealed", resume.id))
    resume.original_sealed = seal.seal(content, place_of("resume", "original_sealed", resume.id))
    resume.text_sealed = seal.seal_text(read.text, place_of("resume", "text_sealed", resume.id))
    return resume


def _name(resume: Resume, seal: Seal) -> str:
    return seal.open_text(resume.file_name_sealed, place_of("resume", "file_name_sealed", resume.id))


def _shown(resume: Resume, seal: Seal) -> ResumePublic:
    text = seal.open_text(resume.text_sealed, place_of("resume", "text_sealed", resume.id))
    return ResumePublic(
        id=resume.id,
        file_name=_name(resume, seal),
        format=resume.format,
        size=resume.size,
        sha256=resume.sha256,
        characters=len(text),
        is_structured=has_structured(resume, seal),
    )
