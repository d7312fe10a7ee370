"""Making, reading, listing and cancelling runs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query

from local.skyvern.creating import create_task_run, create_workflow_run
from local.skyvern.errors import bad_request, not_found
from local.skyvern.requests import BulkCancelRequest, RunQuery, TaskRunRequest, WorkflowRunRequest
from local.skyvern.run import Json, Run, WebhookMode
from local.skyvern.services import Services, Stand, check_key

router = APIRouter(prefix="/v1", dependencies=[Depends(check_key)])


@router.post("/run/tasks")
async def run_task(services: Stand, request: TaskRunRequest) -> Json:
    """Make a task's run."""
    return await _created(services, create_task_run(services, request))


@router.post("/run/workflows")
@router.post("/run/agents")
async def run_workflow(
    services: Stand,
    request: WorkflowRunRequest,
    x_max_steps_override: Annotated[int | None, Header()] = None,
) -> Json:
    """Make a workflow's run."""
    return await _created(services, create_workflow_run(services, request, x_max_steps_override))


async def _created(services: Services, run: Run) -> Json:
    answer = services.shapes.created(run)
    if run.webhook_mode is WebhookMode.EARLY and run.webhook_url is not None:
        await services.webhooks.settled(run.run_id)
    return answer


@router.get("/runs")
async def list_runs(services: Stand, wanted: Annotated[RunQuery, Query()]) -> list[Json]:
    """List runs, newest first; a search finds at most the thousand newest."""
    found = [
        run
        for run in services.stores.runs.search(wanted.search_key, wanted.status)
        if (not wanted.run_type or run.run_type in wanted.run_type)
        and (not wanted.workflow_permanent_id or run.workflow_permanent_id in wanted.workflow_permanent_id)
    ]
    start = (wanted.page - 1) * wanted.page_size
    return [services.shapes.row(run) for run in found[start : start + wanted.page_size]]


@router.post("/runs/cancel")
async def cancel_runs(services: Stand, request: BulkCancelRequest) -> dict[str, list[str]]:
    """End several runs."""
    answer: dict[str, list[str]] = {"cancelled": [], "failed": []}
    for run_id in request.run_ids:
        run = services.stores.runs.get(run_id)
        can_be = run is not None and not run.is_final
        answer["cancelled" if can_be else "failed"].append(run_id)
        if run is not None and can_be:
            services.worker.cancel(run)
    return answer


@router.get("/runs/{run_id}")
async def get_run(services: Stand, run_id: str) -> Json:
    """Read a run."""
    run = services.stores.runs.get(run_id)
    if run is None:
        raise not_found(f"Task run not found {run_id}")
    return services.shapes.run(run)


@router.post("/runs/{run_id}/cancel")
async def cancel_run(services: Stand, run_id: str) -> None:
    """End a run; what its browser is sending at this moment may still land."""
    run = services.stores.runs.get(run_id)
    if run is None:
        raise not_found(f"Run not found {run_id}")
    if run.is_final:
        raise bad_request(f"Invalid task status transition from {run.status} to canceled for run {run_id}")
    services.worker.cancel(run)
