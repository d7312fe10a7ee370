"""Orders to go wrong: how the next runs end, how their webhooks are spoilt, how long links live."""

from fastapi import APIRouter

from local.skyvern.errors import not_found
from local.skyvern.requests import LinkOrder, RunOrder, WebhookOrder
from local.skyvern.run import Json
from local.skyvern.services import Stand

router = APIRouter(prefix="/_control")


@router.post("/webhooks", status_code=201)
async def order_webhooks(services: Stand, order: WebhookOrder) -> WebhookOrder:
    """Spoil the webhooks of the runs that are made from now on."""
    services.modes.webhooks = order
    return order


@router.get("/webhooks")
async def list_deliveries(services: Stand) -> list[Json]:
    """List the deliveries that were tried, oldest first: run, attempt, the status that came back, time."""
    return list(services.webhooks.log)


@router.post("/runs", status_code=201)
async def order_runs(services: Stand, order: RunOrder) -> RunOrder:
    """End the runs that are made from now on in a certain way."""
    services.modes.runs = order
    return order


@router.post("/runs/{run_id}/resume", status_code=204)
async def resume(services: Stand, run_id: str) -> None:
    """Let a paused run go on."""
    if services.stores.runs.get(run_id) is None:
        raise not_found(f"Run not found {run_id}")
    services.worker.resume(run_id)


@router.post("/links", status_code=201)
async def order_links(services: Stand, order: LinkOrder) -> LinkOrder:
    """Change how long links live that are signed from now on; a negative number makes them expired."""
    if order.expires_in is None:
        services.links.restore_lifetime()
    else:
        services.links.set_lifetime(order.expires_in)
    return order
