"""One application: asked for, looked at, taken back, tried again."""

from uuid import UUID

from fastapi import APIRouter

from api.application_detail import detail_of
from api.applications import Listed, listed_of, own, ref_of
from api.applying import apply_for_person
from api.deciding import cancel_for_person, repeatable
from api.deps import ContextDep, DatabaseDep, Flows, KeysDep, Me, SessionDep
from api.described import problems
from api.limiting import Limit
from models.application_public import ApplicationCreate, ApplicationDetail, ApplicationPublic
from models.database import seal_of

router = APIRouter(prefix="/api/applications", tags=["applications"])


@router.post("/", status_code=202, responses=problems(401, 404, 409, 429))
async def apply(body: ApplicationCreate, me: Me, context: ContextDep, flows: Flows) -> ApplicationPublic:
    """Ask for an application to a job. It is queued at once; its workflow starts behind the answer.

    A cap of the person's own is `/problems/cap-reached`, with `cap` and `free_at`. What may be the same job
    under another name is only told: `near_duplicate_of`.
    """
    await context.limiter.take_person(Limit.APPLY_ACCOUNT, me)
    application, job = await apply_for_person(context, me.id, body)
    flows.start_auto_apply(ref_of(application))
    return listed_of(Listed(application, job.title, job.company))


@router.get("/{application_id:uuid}", responses=problems(401, 404))
async def read_application(
    application_id: UUID, me: Me, keys: KeysDep, session: SessionDep
) -> ApplicationDetail:
    """Show an application: what its form asks, what is or was sent, its moves and its proof."""
    seal = await seal_of(session, keys, me.id)
    return await detail_of(session, seal, await own(session, me.id, application_id))


@router.post("/{application_id}/cancel", responses=problems(401, 404, 409))
async def cancel(application_id: UUID, me: Me, database: DatabaseDep, flows: Flows) -> ApplicationPublic:
    """Cancel an application that is not yet being submitted; later it is `/problems/too-late`."""
    async with database.begin() as session:
        listed = await cancel_for_person(session, me.id, application_id)
    flows.ring(me.id, listed.application.job_id)
    return listed_of(listed)


@router.post("/{application_id}/retry", status_code=202, responses=problems(401, 404, 409, 429))
async def retry(application_id: UUID, me: Me, context: ContextDep, flows: Flows) -> ApplicationPublic:
    """Ask anew for an application to the same job, where it is certain that nothing was sent."""
    await context.limiter.take_person(Limit.APPLY_ACCOUNT, me)
    async with context.database.begin() as session:
        body = repeatable(await own(session, me.id, application_id))
    application, job = await apply_for_person(context, me.id, body)
    flows.start_auto_apply(ref_of(application))
    return listed_of(Listed(application, job.title, job.company))
