"""For administrators: fetch jobs now, see what the fetches did, and what is left of Adzuna's budget."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import col, select

from api.deps import Admin, ContextDep, Flows, SessionDep
from api.described import problems
from models.audit import AuditEntry, Deed
from models.base import now
from models.fetch_key import SPANS, USAGE, CallLimits, FetchBudget, WindowUse
from models.job_search import FetchRun, FetchRunPublic

router = APIRouter(prefix="/api/admin", tags=["admin"])

RUNS_SHOWN = 20


class JobFetchStarted(BaseModel):
    """The workflow that fetches, and whether it ran before it was asked for."""

    workflow_id: str
    already_running: bool


@router.post("/job-fetch", status_code=202, responses=problems(401, 403))
async def fetch_jobs(me: Admin, flows: Flows, session: SessionDep) -> JobFetchStarted:
    """Fetch jobs now, beside the schedule and within the budget."""
    session.add(AuditEntry.by_admin(me.id, Deed.JOBS_FETCHED))
    workflow_id, already_running = await flows.start_job_fetch()
    return JobFetchStarted(workflow_id=workflow_id, already_running=already_running)


@router.get("/job-fetch", responses=problems(401, 403))
async def list_fetch_runs(_: Admin, session: SessionDep) -> list[FetchRunPublic]:
    """List what the latest fetches did, the newest first."""
    runs = await session.exec(select(FetchRun).order_by(col(FetchRun.id).desc()).limit(RUNS_SHOWN))
    return [FetchRunPublic.model_validate(run, from_attributes=True) for run in runs]


@router.get("/fetch-budget", responses=problems(401, 403))
async def read_budget(me: Admin, context: ContextDep, session: SessionDep) -> list[FetchBudget]:
    """Say for each Adzuna key what was used and is left of its calls, the installation's key first.

    The windows slide: of the last minute, day, 7 days and 31 days. A call that was reserved and of which
    nobody knows whether it was made counts as made.
    """
    session.add(AuditEntry.by_admin(me.id, Deed.BUDGET_READ))
    rows = await context.database.rows(USAGE, {"at": now(), "rate": 0})
    return [_shown(row, context.call_limits) for row in rows]


def _shown(row: dict[str, Any], limits: CallLimits) -> FetchBudget:
    windows = [
        WindowUse(
            window=window,
            limit=limits.of(window),
            used=row[window.value],
            left=max(0, limits.of(window) - row[window.value]),
        )
        for window in SPANS
    ]
    return FetchBudget(
        key_id=row["id"],
        owner_id=row["owner_id"],
        windows=windows,
        blocked_until=row["blocked_until"],
        refused_at=row["refused_at"],
    )
