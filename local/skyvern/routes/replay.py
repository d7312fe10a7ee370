"""Sending a run's webhook once more, while the caller waits."""

import time

import httpx
from fastapi import APIRouter, Depends

from local.skyvern.errors import bad_request, not_found
from local.skyvern.requests import ReplayRequest
from local.skyvern.run import Json
from local.skyvern.services import Stand, check_key

_MILLISECONDS = 1000
router = APIRouter(prefix="/v1", dependencies=[Depends(check_key)])


@router.post("/runs/{run_id}/retry_webhook")
async def retry_webhook(services: Stand, run_id: str, request: ReplayRequest | None = None) -> Json:
    """Deliver an ended run's webhook now, with a new timestamp and signature, and tell what came back."""
    run = services.stores.runs.get(run_id)
    if run is None:
        raise not_found(f"Run {run_id} not found")
    target = (request.webhook_url if request is not None else None) or run.webhook_url
    if not run.is_final:
        raise bad_request(f"Run {run_id} has not reached a final state: {run.status}")
    if target is None:
        raise bad_request(f"Run {run_id} has no webhook URL")
    message = services.webhooks.message(run)
    answer: Json = {"status_code": None, "latency_ms": None, "response_body": None, "error": None}
    began = time.perf_counter()
    try:
        response = await services.webhooks.post(target, message)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        answer["error"] = f"{type(error).__name__}"
    else:
        answer |= {"status_code": response.status_code, "response_body": response.text}
        answer["latency_ms"] = int((time.perf_counter() - began) * _MILLISECONDS)
    return {
        "run_id": run_id,
        "run_type": run.run_type,
        "default_webhook_url": run.webhook_url,
        "target_webhook_url": target,
        "payload": message.body.decode(),
        "headers": message.headers,
        **answer,
    }
