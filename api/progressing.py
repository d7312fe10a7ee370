"""How it goes on after an application was sent, or may have been: settled, its progress, its interviews."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.announcing import announce
from api.applications import Listed, changed, own, own_locked
from models.answering_enums import LogKind
from models.application import Application, Attempt, attempts_of
from models.application_requests import InterviewUpdate, ProgressUpdate
from models.base import now
from models.enums import Actor, ApplicationState, AttemptState, EndReason
from models.errors import ConflictError, NotFoundError
from models.interview import Interview, InterviewCreate
from models.sealed import Seal, place_of

S = ApplicationState

INTERVIEWS_MAX = 50
SETTLED = (AttemptState.ABSENT, AttemptState.REFUSED)
KNOWN = "Only an application whose outcome is unknown can be settled."
NOT_SUBMITTED = "Only a submitted application goes on: one that was not sent was never rejected."


@dataclass(frozen=True)
class Place:
    """Where an interview must be: with this application, of this person."""

    user_id: UUID
    application_id: UUID
    interview_id: UUID


async def settle(session: AsyncSession, user_id: UUID, application_id: UUID, *, went_through: bool) -> Listed:
    """End an unknown outcome by what the person found out; ConflictError where it is known.

    Only where nothing went through does the attempt count as absent, and may another one begin.
    """
    application = await own_locked(session, user_id, application_id)
    if application.state is not S.UNKNOWN_OUTCOME:
        raise ConflictError(KNOWN, state=application.state.value)
    query = attempts_of(application.id).where(col(Attempt.state).not_in(SETTLED)).with_for_update()
    attempt = (await session.exec(query)).first()
    if attempt is not None:
        attempt.state = AttemptState.ENDED if went_through else AttemptState.ABSENT
        entry = application.log(
            LogKind.ATTEMPT_SETTLED,
            attempt=attempt.number,
            state=attempt.state.value,
            actor=Actor.USER.value,
        )
        session.add(entry)
    to = S.SUBMITTED if went_through else S.NOT_SUBMITTED
    session.add(application.move(to, Actor.USER, EndReason.SETTLED_BY_USER))
    listed = await own(session, user_id, application_id)
    await announce(session, changed(application))
    return listed


async def set_progress(
    session: AsyncSession, seal: Seal, user_id: UUID, application_id: UUID, update: ProgressUpdate
) -> Listed:
    """Note stage, outcome or notes of a submitted application; ConflictError for every other one."""
    application = await _submitted(session, user_id, application_id)
    given = update.model_fields_set
    if "stage" in given:
        application.stage = update.stage
    if "outcome" in given:
        application.outcome = update.outcome
    if "notes" in given:
        place = place_of("application", "notes_sealed", application.id)
        application.notes_sealed = seal.seal_text(update.notes, place) if update.notes else None
    if given & {"stage", "outcome"}:
        application.progress_at = now()
    await _note(session, application, notes="notes" in given)
    return await own(session, user_id, application_id)


async def add_interview(
    session: AsyncSession, seal: Seal, user_id: UUID, application_id: UUID, body: InterviewCreate
) -> Interview:
    """Note an interview of a submitted application."""
    application = await _submitted(session, user_id, application_id)
    count = select(func.count()).select_from(Interview).where(col(Interview.application_id) == application.id)
    if (await session.exec(count)).one() >= INTERVIEWS_MAX:
        raise ConflictError(f"At most {INTERVIEWS_MAX} interviews are kept; delete one first.")
    interview = Interview(application_id=application.id, user_id=user_id, at=body.at, stage=body.stage)
    _seal_notes(interview, body.notes, seal)
    session.add(interview)
    await _note(session, application, interview="added")
    return interview


async def change_interview(
    session: AsyncSession, seal: Seal, place: Place, update: InterviewUpdate
) -> Interview:
    """Change what is given of an interview; NotFoundError where the application has none such."""
    application = await _submitted(session, place.user_id, place.application_id)
    interview = await _own_interview(session, place)
    interview.at = update.at or interview.at
    interview.stage = update.stage or interview.stage
    if "notes" in update.model_fields_set:
        _seal_notes(interview, update.notes, seal)
    await _note(session, application, interview="changed")
    return interview


async def delete_interview(session: AsyncSession, place: Place) -> None:
    """Delete an interview for good; NotFoundError where the application has none such."""
    application = await own_locked(session, place.user_id, place.application_id)
    await session.delete(await _own_interview(session, place))
    await _note(session, application, interview="deleted")


async def _own_interview(session: AsyncSession, place: Place) -> Interview:
    """Return an interview whose application is locked, so that nobody deletes it meanwhile."""
    query = select(Interview).where(
        Interview.user_id == place.user_id,
        Interview.application_id == place.application_id,
        Interview.id == place.interview_id,
    )
    interview = (await session.exec(query)).first()
    if interview is None:
        raise NotFoundError("This application has no interview with this id.")
    return interview


async def _submitted(session: AsyncSession, user_id: UUID, application_id: UUID) -> Application:
    application = await own_locked(session, user_id, application_id)
    if application.state is not S.SUBMITTED:
        raise ConflictError(NOT_SUBMITTED, state=application.state.value)
    return application


async def _note(session: AsyncSession, application: Application, **what: str | bool) -> None:
    """Log that something was noted, and announce it; never its words."""
    entry = application.log(
        LogKind.PROGRESS_SET,
        stage=application.stage.value if application.stage else None,
        outcome=application.outcome.value if application.outcome else None,
        **what,
    )
    session.add(entry)
    await announce(session, changed(application))


def _seal_notes(interview: Interview, notes: str | None, seal: Seal) -> None:
    place = place_of("interview", "notes_sealed", interview.id)
    interview.notes_sealed = seal.seal_text(notes, place) if notes else None
