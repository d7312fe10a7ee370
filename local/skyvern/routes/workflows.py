"""Making, listing and reading workflows, under their old and their new name."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from local.skyvern.definitions import build_workflow
from local.skyvern.errors import SkyvernError, not_found
from local.skyvern.requests import WorkflowRequest
from local.skyvern.run import Json
from local.skyvern.services import Stand, check_key

_UNPROCESSABLE = 422
router = APIRouter(prefix="/v1", dependencies=[Depends(check_key)])


@router.post("/workflows")
@router.post("/agents")
async def create_workflow(services: Stand, request: WorkflowRequest) -> Json:
    """Keep a workflow's definition, as JSON; YAML is refused here."""
    if request.json_definition is None:
        raise SkyvernError(_UNPROCESSABLE, "Invalid workflow definition: json_definition is required.")
    workflow = build_workflow(request.json_definition)
    services.stores.workflows.add(workflow)
    return workflow


@router.get("/workflows")
@router.get("/agents")
async def list_workflows(
    services: Stand,
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1)] = 10,
    search_key: Annotated[str | None, Query()] = None,
    title: Annotated[str, Query()] = "",
) -> list[Json]:
    """List workflows, newest first."""
    return services.stores.workflows.page(search_key, title, page, page_size)


@router.get("/workflows/{permanent_id}")
@router.get("/agents/{permanent_id}")
async def get_workflow(services: Stand, permanent_id: str) -> Json:
    """Read a workflow."""
    workflow = services.stores.workflows.get(permanent_id)
    if workflow is None:
        raise not_found(f"Workflow not found. workflow_permanent_id={permanent_id}")
    return workflow
