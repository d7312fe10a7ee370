"""The proof of one application put together: what was sent, by what, and the log with its chain checked."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.application_detail import detail_of
from api.applications import own
from models.application import Application, Attempt, applications_of, attempts_of
from models.application_log import LogEntry, LogEntryPublic, broken_at, log_of
from models.application_public import EvidencePackage
from models.evidence import Document, Evidence
from models.sealed import Seal, place_of


async def package_of(
    session: AsyncSession, seal: Seal, user_id: UUID, application_id: UUID
) -> EvidencePackage:
    """Return everything that proves what was sent; NotFoundError where the application is not the person's.

    The application's row is held meanwhile, so that its log does not grow between two looks.
    """
    query = applications_of(user_id).where(Application.id == application_id)
    await session.exec(query.with_for_update(read=True))
    listed = await own(session, user_id, application_id)
    entries = (await session.exec(log_of(application_id))).all()
    attempts = await session.exec(attempts_of(application_id))
    return EvidencePackage(
        application=await detail_of(session, seal, listed),
        log=[LogEntryPublic(**entry.model_dump()) for entry in entries],
        log_is_whole=_is_whole(listed.application, entries),
        runs=[_run(attempt) for attempt in reversed(attempts.all())],
    )


def _is_whole(application: Application, entries: Sequence[LogEntry]) -> bool:
    """Tell whether each entry follows from the one before, and none is missing at the end."""
    ends_where_it_should = bool(entries) and (entries[-1].number, entries[-1].hash) == (
        application.log_length,
        application.log_head,
    )
    return ends_where_it_should and broken_at(entries) is None


def _run(attempt: Attempt) -> dict[str, str | None]:
    return {
        "attempt": str(attempt.number),
        "attempt_key": attempt.attempt_key,
        "state": attempt.state.value,
        "asked_at": attempt.posted_at.isoformat() if attempt.posted_at else None,
        "run_id": attempt.run_id,
    }


async def read_documents(session: AsyncSession, seal: Seal, application_id: UUID) -> dict[UUID, bytes]:
    """Return the files that were handed to the employer by their documents' ids; they are small."""
    query = select(Document.id, Document.content_sealed).where(Document.application_id == application_id)
    return {
        document_id: seal.open(sealed, place_of("application_document", "content_sealed", document_id))
        for document_id, sealed in await session.exec(query)
    }


async def read_screenshot(session: AsyncSession, seal: Seal, evidence_id: UUID) -> bytes | None:
    """Return one screenshot, None where it was deleted or removed meanwhile."""
    query = select(Evidence.content_sealed).where(col(Evidence.id) == evidence_id)
    sealed = (await session.exec(query)).first()
    return seal.open(sealed, place_of("evidence", "content_sealed", evidence_id)) if sealed else None
