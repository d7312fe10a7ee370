"""Many applications at once: ask for them, approve them, cancel them; each has its own result."""

from uuid import UUID

from fastapi import APIRouter

from api.applications import Listed, listed_of, ref_of
from api.applying import apply_for_person
from api.approving import approve_for_person
from api.bulk import each_of
from api.deciding import cancel_for_person
from api.deps import ContextDep, DatabaseDep, Flows, Me
from api.described import problems
from api.limiting import Limit
from models.application_public import ApplicationCreate, ApplicationPublic
from models.bulk import Approval, BulkApply, BulkApprove, BulkCancel, BulkResult

router = APIRouter(prefix="/api/applications/bulk", tags=["applications"])

APPROVALS_AT_ONCE = 10
"""An approval waits for its workflow, so that one after the other would take long."""


@router.post("", responses=problems(401))
async def apply_to_many(body: BulkApply, me: Me, context: ContextDep, flows: Flows) -> list[BulkResult]:
    """Ask for applications to up to 50 jobs. Those that come first are the first to count against caps."""

    async def apply(job_id: UUID) -> ApplicationPublic:
        await context.limiter.take_person(Limit.APPLY_ACCOUNT, me)
        wanted = ApplicationCreate(job_id=job_id, mode=body.mode)
        application, job = await apply_for_person(context, me.id, wanted)
        flows.start_auto_apply(ref_of(application))
        return listed_of(Listed(application, job.title, job.company))

    return await each_of(body.job_ids, apply, lambda job_id: job_id, status=202)


@router.post("/approve", responses=problems(401))
async def approve_many(body: BulkApprove, me: Me, context: ContextDep) -> list[BulkResult]:
    """Approve up to 50 applications, each exactly as it was shown."""

    async def approve(item: Approval) -> ApplicationPublic:
        return listed_of(await approve_for_person(context, me.id, item.application_id, item.shown_hash))

    return await each_of(body.items, approve, lambda item: item.application_id, at_once=APPROVALS_AT_ONCE)


@router.post("/cancel", responses=problems(401))
async def cancel_many(body: BulkCancel, me: Me, database: DatabaseDep, flows: Flows) -> list[BulkResult]:
    """Cancel up to 50 applications; of each it is told truly whether that came in time."""

    async def cancel(application_id: UUID) -> ApplicationPublic:
        async with database.begin() as session:
            listed = await cancel_for_person(session, me.id, application_id)
        flows.ring(me.id, listed.application.job_id)
        return listed_of(listed)

    return await each_of(body.application_ids, cancel, lambda application_id: application_id)
