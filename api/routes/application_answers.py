"""What an application asks of its person: to answer its form's questions, to approve it or decline it."""

from uuid import UUID

from fastapi import APIRouter

from api.answering import answer_for_person
from api.application_detail import detail_of
from api.applications import listed_of, own
from api.approving import approve_for_person
from api.deciding import decline_for_person
from api.deps import ContextDep, DatabaseDep, Flows, KeysDep, Me
from api.described import problems
from models.application_public import ApplicationDetail, ApplicationPublic
from models.application_requests import AnswersGiven, ApprovalGiven
from models.database import seal_of

router = APIRouter(prefix="/api/applications", tags=["applications"])


@router.put("/{application_id}/answers", responses=problems(401, 404, 409))
async def give_answers(
    application_id: UUID, body: AnswersGiven, me: Me, keys: KeysDep, context: ContextDep
) -> ApplicationDetail:
    """Answer questions of the form, all together or none; other waiting applications get them as well.

    What does not fit is `/problems/bad-answer`, with `errors` by `question_id`. 503 means that nothing was
    taken over: send the answers again.
    """
    await answer_for_person(context, me.id, application_id, body.answers)
    async with context.database.begin() as session:
        seal = await seal_of(session, keys, me.id)
        return await detail_of(session, seal, await own(session, me.id, application_id))


@router.post("/{application_id}/approve", responses=problems(401, 404, 409))
async def approve(
    application_id: UUID, body: ApprovalGiven, me: Me, context: ContextDep
) -> ApplicationPublic:
    """Approve exactly what was shown. It stays unsent, and can be cancelled, until `undo_until`.

    Where something else is shown by now it is `/problems/stale`, with the present `shown_hash`. After a 503
    the approval may still arrive: look at the state, or send it again, which changes nothing.
    """
    return listed_of(await approve_for_person(context, me.id, application_id, body.shown_hash))


@router.post("/{application_id}/decline", responses=problems(401, 404, 409))
async def decline(application_id: UUID, me: Me, database: DatabaseDep, flows: Flows) -> ApplicationPublic:
    """Decline an application that awaits approval: nothing is sent."""
    async with database.begin() as session:
        listed = await decline_for_person(session, me.id, application_id)
    flows.ring(me.id, listed.application.job_id)
    return listed_of(listed)
