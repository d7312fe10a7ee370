"""Skyvern's webhook: a signed doorbell. It moves nothing by itself; an activity then reads the run."""

import hashlib
import hmac
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from pydantic import TypeAdapter
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.context import Context
from api.deps import ContextDep, DatabaseDep, Flows
from api.described import problems
from models.application import Application, Attempt
from models.database import Database, seal_of
from models.enums import Vendor
from models.errors import ForbiddenError
from models.integration import Integration, SkyvernCredentials, integrations_of
from models.sealed import place_of

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"])

ATTEMPT_KEY_MAX = 100
RUN_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
SIGNATURE_MAX = 200
REFUSED = "The signature does not fit."

_SKYVERN: TypeAdapter[SkyvernCredentials] = TypeAdapter(SkyvernCredentials)


@dataclass(frozen=True)
class Called:
    """Whom a webhook is about, and the key that must have signed it."""

    attempt_id: UUID
    attempt_key: str
    user_id: UUID
    job_id: UUID
    key: bytes


@router.post("/skyvern", status_code=204, responses=problems(403))
async def skyvern(
    request: Request,
    context: ContextDep,
    database: DatabaseDep,
    flows: Flows,
    attempt: Annotated[str, Query(max_length=ATTEMPT_KEY_MAX, pattern=r"^[A-Za-z0-9_:.-]+$")],
    signature: Annotated[str, Header(alias="x-skyvern-signature", max_length=SIGNATURE_MAX)] = "",
) -> None:
    """Take Skyvern's notice that a run has changed. Repeating it changes nothing."""
    body = await request.body()
    async with database.begin() as session:
        called = await _find(session, context, attempt)
    # an unknown attempt is refused after the same work and by the same words as a wrong signature
    key = called.key if called is not None else context.skyvern_key
    if not _fits(key, body, signature) or called is None:
        raise ForbiddenError(REFUSED)
    run_id = _run_id(body, called.attempt_key)
    if run_id is not None:
        await _remember(database, called.attempt_id, run_id)
    flows.ring(called.user_id, called.job_id)


def _fits(key: bytes, body: bytes, signature: str) -> bool:
    """Compare with the hex HMAC-SHA256 of the bytes as they came; an empty key signs nothing."""
    right = hmac.new(key, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(right.encode(), signature.encode()) and bool(key)


async def _find(session: AsyncSession, context: Context, attempt_key: str) -> Called | None:
    query = select(Attempt.id, Attempt.user_id, Application.job_id).join(
        Application, col(Application.id) == col(Attempt.application_id)
    )
    row = (await session.exec(query.where(Attempt.attempt_key == attempt_key))).first()
    if row is None:
        return None
    attempt_id, user_id, job_id = row
    key = await _key_of(session, context, user_id)
    return Called(attempt_id, attempt_key, user_id, job_id, key)


async def _key_of(session: AsyncSession, context: Context, user_id: UUID) -> bytes:
    """Return the key that the person's runs are made with: their own before the installation's."""
    query = integrations_of(user_id).where(Integration.vendor == Vendor.SKYVERN)
    integration = (await session.exec(query)).first()
    if integration is None:
        return context.skyvern_key
    seal = await seal_of(session, context.keys, user_id)
    place = place_of("integration", "credentials_sealed", integration.id)
    credentials = _SKYVERN.validate_json(seal.open(integration.credentials_sealed, place))
    return credentials.api_key.get_secret_value().encode()


def _run_id(body: bytes, attempt_key: str) -> str | None:
    """Read the run's id, unless the body names another attempt: the signature does not cover the URL."""
    try:
        notice = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(notice, dict):
        return None
    parameters = notice.get("parameters")
    if isinstance(parameters, dict) and parameters.get("application_id", attempt_key) != attempt_key:
        return None
    run_id = notice.get("run_id", notice.get("workflow_run_id"))
    return run_id if isinstance(run_id, str) and RUN_ID.fullmatch(run_id) else None


async def _remember(database: Database, attempt_id: UUID, run_id: str) -> None:
    """Store the run with its attempt, unless one is stored there or the run is another attempt's."""
    taken = select(Attempt.id).where(Attempt.run_id == run_id).exists()
    query = update(Attempt).where(col(Attempt.id) == attempt_id, col(Attempt.run_id).is_(None), ~taken)
    # a race for one run is lost here; the workflow finds out by itself whose run it is
    with suppress(IntegrityError):
        async with database.begin() as session:
            await session.exec(query.values(run_id=run_id))
