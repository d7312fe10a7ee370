"""What follows a submission: settle an unknown outcome, note stage, outcome and interviews."""

from uuid import UUID

from fastapi import APIRouter

from api import progressing
from api.application_detail import interview_of
from api.applications import listed_of, ref_of
from api.deps import DatabaseDep, Flows, KeysDep, Me, SessionDep
from api.described import problems
from models.application_public import ApplicationPublic
from models.application_requests import InterviewUpdate, ProgressUpdate, Settlement
from models.database import seal_of
from models.interview import InterviewCreate, InterviewPublic

router = APIRouter(prefix="/api/applications", tags=["applications"])


@router.post("/{application_id}/settle", responses=problems(401, 404, 409))
async def settle(
    application_id: UUID, body: Settlement, me: Me, database: DatabaseDep, flows: Flows
) -> ApplicationPublic:
    """Say whether an application went through of which nobody else can know: `unknown_outcome` ends."""
    async with database.begin() as session:
        listed = await progressing.settle(session, me.id, application_id, went_through=body.went_through)
    if body.went_through:
        flows.start_follow_up(ref_of(listed.application))
    return listed_of(listed)


@router.patch("/{application_id}/progress", responses=problems(401, 404, 409))
async def set_progress(
    application_id: UUID,
    body: ProgressUpdate,
    me: Me,
    keys: KeysDep,
    database: DatabaseDep,
    flows: Flows,
) -> ApplicationPublic:
    """Note how far the employer has come with a submitted application, and what became of it."""
    async with database.begin() as session:
        seal = await seal_of(session, keys, me.id)
        listed = await progressing.set_progress(session, seal, me.id, application_id, body)
    if body.model_fields_set & {"stage", "outcome"}:
        flows.ring_follow_up(me.id, application_id)
    return listed_of(listed)


@router.post("/{application_id}/interviews", status_code=201, responses=problems(401, 404, 409))
async def add_interview(
    application_id: UUID, body: InterviewCreate, me: Me, keys: KeysDep, session: SessionDep
) -> InterviewPublic:
    """Note an interview, past or to come, of a submitted application."""
    seal = await seal_of(session, keys, me.id)
    interview = await progressing.add_interview(session, seal, me.id, application_id, body)
    return interview_of(interview, seal)


@router.patch("/{application_id}/interviews/{interview_id}", responses=problems(401, 404, 409))
async def change_interview(
    application_id: UUID,
    interview_id: UUID,
    body: InterviewUpdate,
    me: Me,
    keys: KeysDep,
    session: SessionDep,
) -> InterviewPublic:
    """Change an interview; what is left out stays."""
    seal = await seal_of(session, keys, me.id)
    place = progressing.Place(me.id, application_id, interview_id)
    return interview_of(await progressing.change_interview(session, seal, place, body), seal)


@router.delete("/{application_id}/interviews/{interview_id}", status_code=204, responses=problems(401, 404))
async def delete_interview(application_id: UUID, interview_id: UUID, me: Me, session: SessionDep) -> None:
    """Delete an interview for good."""
    await progressing.delete_interview(session, progressing.Place(me.id, application_id, interview_id))
