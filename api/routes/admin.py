"""For administrators: fetch jobs now, and see what the fetches did."""

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import col, select

from api.deps import Admin, Flows, SessionDep
from api.described import problems
from models.job import FetchRun, FetchRunPublic

router = APIRouter(prefix="/api/admin", tags=["admin"])

RUNS_SHOWN = 20


class JobFetchStarted(BaseModel):
    """The workflow that fetches, and whether it ran before it was asked for."""

    workflow_id: str
    already_running: bool


@router.post("/job-fetch", status_code=202, responses=problems(401, 403))
async def fetch_jobs(_: Admin, flows: Flows) -> JobFetchStarted:
    """Fetch jobs now, beside the schedule."""
    workflow_id, already_running = await flows.start_job_fetch()
    return JobFetchStarted(workflow_id=workflow_id, already_running=already_running)


@router.get("/job-fetch", responses=problems(401, 403))
async def list_fetch_runs(_: Admin, session: SessionDep) -> list[FetchRunPublic]:
    """List what the latest fetches did, the newest first."""
    runs = await session.exec(select(FetchRun).order_by(col(FetchRun.id).desc()).limit(RUNS_SHOWN))
    return [FetchRunPublic.model_validate(run, from_attributes=True) for run in runs]
