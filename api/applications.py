"""How applications are shown: with enough of their job to be read, and opened for their owner."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from models.answering_enums import LogKind
from models.application import NEEDS_PERSON, Application, attempts_of
from models.application_log import LogEntry, log_of
from models.application_public import (
    ApplicationDetail,
    ApplicationPublic,
    EvidencePublic,
    TransitionPublic,
)
from models.evidence import Evidence
from models.job import Job
from models.sealed import Seal, place_of


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


async def detail_of(session: AsyncSession, seal: Seal, listed: Listed) -> ApplicationDetail:
    """Return an application with its moves, what was sent, the confirmation and the screenshots."""
    application = listed.application
    attempts = (await session.exec(attempts_of(application.id))).all()
    # the attempt that has a run; an earlier one may have been taken for absent and have landed late
    attempt = next((each for each in attempts if each.run_id), attempts[0] if attempts else None)
    sent = None
    if attempt is not None:
        place = place_of("submit_attempt", "payload_sealed", attempt.id)
        sent = json.loads(seal.open(attempt.payload_sealed, place))
    return ApplicationDetail(
        **listed_of(listed).model_dump(),
        transitions=await _transitions(session, application.id),
        sent=sent,
        confirmation=_confirmation(application, seal),
        run_id=attempt.run_id if attempt is not None else None,
        evidence=await _evidence(session, application.id),
    )


def _confirmation(application: Application, seal: Seal) -> str | None:
    if application.confirmation_sealed is None:
        return None
    place = place_of("application", "confirmation_sealed", application.id)
    return seal.open_text(application.confirmation_sealed, place)


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
    # without the pictures themselves
    query = select(Evidence.id, Evidence.media_type, Evidence.sha256, Evidence.size)
    rows = await session.exec(
        query.where(Evidence.application_id == application_id).order_by(col(Evidence.id))
    )
    return [
        EvidencePublic(
            id=evidence_id,
            media_type=media_type,
            sha256=sha256,
            size=size,
            url=f"/api/applications/{application_id}/evidence/{evidence_id}",
        )
        for evidence_id, media_type, sha256, size in rows
    ]
