"""One application opened for its owner: questions, documents, moves, what was sent and its proof."""

import json
from typing import Any, cast
from uuid import UUID

from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.applications import Listed, listed_of
from models.answering_enums import DocumentKind, LogKind
from models.application import BEHIND_FENCE, Application, Attempt, attempts_of
from models.application_log import LogEntry, log_of
from models.application_public import (
    ApplicationDetail,
    DocumentPublic,
    EvidencePublic,
    QuestionPublic,
    TransitionPublic,
)
from models.enums import ApplicationState, Stage
from models.evidence import Document, Evidence, documents_of
from models.interview import Interview, InterviewPublic
from models.question import Question, questions_of
from models.sealed import Seal, place_of
from models.shown import shown_of

S = ApplicationState

SHOWN_IN = frozenset({S.AWAITING_APPROVAL, S.APPROVED})
"""The states in which what would be sent is complete and not yet sent."""

WITHOUT_CONTENT = defer(cast("QueryableAttribute[bytes]", Document.content_sealed))
WITHOUT_PICTURE = defer(cast("QueryableAttribute[bytes | None]", Evidence.content_sealed))
"""A document's file is only needed where it is handed out."""


async def detail_of(session: AsyncSession, seal: Seal, listed: Listed) -> ApplicationDetail:
    """Return everything that is known of an application; its sealed parts are opened."""
    application = listed.application
    questions = (await session.exec(questions_of(application.id))).all()
    documents = (await session.exec(documents_of(application.id).options(WITHOUT_CONTENT))).all()
    attempt = await attempt_with_run(session, application.id)
    shown_hash = None
    if application.state in SHOWN_IN:
        shown_hash = shown_of(application.apply_url, questions, documents, seal).hash(seal)
    return ApplicationDetail(
        **listed_of(listed).model_dump(),
        transitions=await _transitions(session, application.id),
        questions=[_question(each, seal) for each in questions],
        documents=[document_of(each, seal) for each in documents],
        shown_hash=shown_hash,
        sent=_sent(attempt, seal),
        confirmation=_opened(application, "confirmation_sealed", seal),
        run_id=attempt.run_id if attempt is not None else None,
        evidence=await _evidence(session, application.id),
        held_by_vendor=_is_held(application, attempt),
        ghosted_proposed=_is_ghosted_proposed(application),
        notes=_opened(application, "notes_sealed", seal),
        interviews=await _interviews(session, application.id, seal),
    )


async def attempt_with_run(session: AsyncSession, application_id: UUID) -> Attempt | None:
    """Return the attempt that has a run, else the newest.

    An earlier one than the newest may have been taken for absent and have landed late.
    """
    attempts = (await session.exec(attempts_of(application_id))).all()
    return next((each for each in attempts if each.run_id), attempts[0] if attempts else None)


def _sent(attempt: Attempt | None, seal: Seal) -> dict[str, Any] | None:
    if attempt is None:
        return None
    place = place_of("submit_attempt", "payload_sealed", attempt.id)
    sent: dict[str, Any] = json.loads(seal.open(attempt.payload_sealed, place))
    return sent


def _opened(application: Application, column: str, seal: Seal) -> str | None:
    sealed: bytes | None = getattr(application, column)
    return seal.open_text(sealed, place_of("application", column, application.id)) if sealed else None


def _is_held(application: Application, attempt: Attempt | None) -> bool:
    return application.state in BEHIND_FENCE and attempt is not None and attempt.paused_at is not None


def _is_ghosted_proposed(application: Application) -> bool:
    """Tell whether the proposal still stands: whoever notes a stage or an outcome has answered it."""
    is_open = application.outcome is None and application.stage is Stage.APPLIED
    return is_open and application.ghosted_proposed_at is not None


def _question(question: Question, seal: Seal) -> QuestionPublic:
    known = question.model_dump(include=_QUESTION)
    return QuestionPublic(**known, answer=question.read_answer(seal))


_QUESTION = set(QuestionPublic.model_fields) & set(Question.model_fields)


def document_of(document: Document, seal: Seal) -> DocumentPublic:
    """Return a document without its file; a letter with its text."""

    def opened(column: str) -> str | None:
        sealed: bytes | None = getattr(document, column)
        if sealed is None:
            return None
        return seal.open_text(sealed, place_of("application_document", column, document.id))

    is_letter = document.kind is DocumentKind.COVER_LETTER
    return DocumentPublic(
        id=document.id,
        kind=document.kind,
        file_name=opened("file_name_sealed") or document.kind.value,
        media_type=document.media_type,
        sha256=document.sha256,
        size=document.size,
        tailored=document.tailored,
        refused=json.loads(opened("refused_sealed") or "[]"),
        text=opened("source_sealed") if is_letter else None,
        url=f"/api/applications/{document.application_id}/documents/{document.kind.value}",
    )


async def _transitions(session: AsyncSession, application_id: UUID) -> list[TransitionPublic]:
    moves = await session.exec(log_of(application_id).where(LogEntry.kind == LogKind.MOVED))
    return [
        TransitionPublic(
            from_state=move.data["from"],
            to_state=move.data["to"],
            actor=move.data["actor"],
            reason=move.data["reason"],
            at=move.at,
        )
        for move in moves
    ]


async def _evidence(session: AsyncSession, application_id: UUID) -> list[EvidencePublic]:
    query = select(Evidence).where(Evidence.application_id == application_id).options(WITHOUT_PICTURE)
    return [
        EvidencePublic(
            id=each.id,
            media_type=each.media_type,
            sha256=each.sha256,
            size=each.size,
            removed_at=each.removed_at,
            url=f"/api/applications/{application_id}/evidence/{each.id}",
        )
        for each in await session.exec(query.order_by(col(Evidence.id)))
    ]


async def _interviews(session: AsyncSession, application_id: UUID, seal: Seal) -> list[InterviewPublic]:
    query = select(Interview).where(Interview.application_id == application_id)
    rows = await session.exec(query.order_by(col(Interview.at), col(Interview.id)))
    return [interview_of(each, seal) for each in rows]


def interview_of(interview: Interview, seal: Seal) -> InterviewPublic:
    """Return an interview with its notes opened."""
    notes = None
    if interview.notes_sealed is not None:
        notes = seal.open_text(interview.notes_sealed, place_of("interview", "notes_sealed", interview.id))
    return InterviewPublic(id=interview.id, at=interview.at, stage=interview.stage, notes=notes)
