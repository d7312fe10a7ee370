"""Whether this process lives, whether what it needs answers, and its figures."""

import asyncio
from collections.abc import Coroutine
from math import nan

import psycopg
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from api.context import Context
from api.deps import ContextDep
from api.described import problems
from api.problems import KINDS, problem
from models.database import Database
from models.errors import UnavailableError

router = APIRouter(tags=["health"])

CHECK_SECONDS = 2.0
SWITCH_SQL = "SELECT applying_paused_at IS NOT NULL AS is_on FROM installation"
UP = "up"
DOWN = "down"


class Live(BaseModel):
    """That this process answers."""

    status: str = UP


class Ready(BaseModel):
    """That everything answers."""

    database: str
    temporal: str


@router.get("/health/live")
async def live() -> Live:
    """Say that this process answers, and nothing else."""
    return Live()


@router.get("/health/ready", response_model=Ready, responses=problems())
async def ready(context: ContextDep) -> Ready | Response:
    """Say whether the database and Temporal answer; 503 names what does not."""
    database, temporal = await asyncio.gather(_answers(context.database), _in_time(context.flows.healthy()))
    state = Ready(database=UP if database else DOWN, temporal=UP if temporal else DOWN)
    if database and temporal:
        return state
    down = [name for name, word in state.model_dump().items() if word == DOWN]
    return problem(KINDS[UnavailableError], f"No answer from: {', '.join(down)}.", **state.model_dump())


@router.get("/metrics", include_in_schema=False)
async def metrics(context: ContextDep) -> Response:
    """Return the figures in Prometheus's text format; none of them is about a person."""
    if not await _in_time(_look_at_switch(context)):
        context.metrics.applying_paused.set(nan)
    return Response(context.metrics.render(), media_type=CONTENT_TYPE_LATEST)


async def _answers(database: Database) -> bool:
    async def ask() -> bool:
        try:
            return bool(await database.rows("SELECT 1 AS one", {}))
        except psycopg.Error:
            return False

    return await _in_time(ask())


async def _look_at_switch(context: Context) -> bool:
    """Read the kill switch into its figure; False where the database does not say."""
    try:
        rows = await context.database.rows(SWITCH_SQL, {})
    except psycopg.Error:
        return False
    context.metrics.applying_paused.set(any(row["is_on"] for row in rows))
    return True


async def _in_time(check: Coroutine[object, object, bool]) -> bool:
    """Return what the check says in time; a late one is told to stop, which may take a hung server longer."""
    task = asyncio.ensure_future(check)
    done, late = await asyncio.wait({task}, timeout=CHECK_SECONDS)
    for each in late:
        each.cancel()
    return all(each.result() for each in done) and not late
