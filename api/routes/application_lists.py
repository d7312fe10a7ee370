"""Applications taken together: the list, its figures, and the jobs that were skipped."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response
from sqlmodel import select

from api.deps import DatabaseDep, Me
from api.described import problems
from api.pages import Page
from models import counters
from models.application import NEEDS_PERSON
from models.application_list import ApplicationFilters, list_query, page_json
from models.application_public import ApplicationPublic
from models.automation import Automation
from models.base import now
from models.counters import DAYS_DEFAULT, DAYS_MAX, Counters, Kind
from models.database import Database
from models.profile import Profile
from models.skipped import SkippedFilters, SkippedPage, skipped_query
from models.skipped import page_json as skipped_json

router = APIRouter(prefix="/api/applications", tags=["applications"])

JSON = "application/json"


@router.get("/", response_model=Page[ApplicationPublic], responses=problems(401))
async def list_applications(
    filters: Annotated[ApplicationFilters, Query()], me: Me, database: DatabaseDep
) -> Response:
    """List the applications: the newest first, or first of all those that wait for the person."""
    sql, parameters = list_query(me.id, filters)
    return Response(page_json(await database.rows(sql, parameters), filters), media_type=JSON)


@router.get("/counters", responses=problems(401))
async def count_applications(
    me: Me, database: DatabaseDep, days: Annotated[int, Query(ge=1, le=DAYS_MAX)] = DAYS_DEFAULT
) -> Counters:
    """Count the applications by state, by the board's columns and by day, in the person's zone."""
    at, zone = now(), await _zone(database, me)
    began = counters.days_until(at, zone, days)
    parameters = {"user_id": me.id, "days": began, "first": began[0], "now": at}
    kinds = [Kind(**row) for row in await database.rows(counters.KINDS_SQL, parameters)]
    created, submitted = [
        {row["day"]: row["count"] for row in await database.rows(sql, parameters)}
        for sql in (counters.CREATED_SQL, counters.SUBMITTED_SQL)
    ]
    (ahead,) = await database.rows(counters.INTERVIEWS_SQL, parameters)
    states, (columns, off_board) = counters.by_state(kinds), counters.by_column(kinds)
    sent, replied = counters.replies(kinds)
    return Counters(
        total=sum(states.values()),
        needs_me=sum(states[state] for state in NEEDS_PERSON),
        by_state=states,
        by_column=columns,
        off_board=off_board,
        by_day=counters.by_day(began, created, submitted),
        time_zone=zone.key,
        interviews_ahead=ahead["count"],
        next_interview_at=ahead["next"],
        submitted=sent,
        replied=replied,
        reply_rate=replied / sent if sent else None,
    )


@router.get("/skipped", response_model=SkippedPage, responses=problems(401))
async def list_skipped(
    filters: Annotated[SkippedFilters, Query()], me: Me, database: DatabaseDep
) -> Response:
    """List the jobs that were found for the person and skipped, the latest first, each with its reason."""
    sql, parameters = skipped_query(me.id, filters)
    return Response(skipped_json(await database.rows(sql, parameters), filters.limit), media_type=JSON)


async def _zone(database: Database, me: Me) -> ZoneInfo:
    """Return the zone of the person's clock."""
    async with database.begin() as session:
        found = (await session.exec(select(Profile.automation).where(Profile.user_id == me.id))).first()
    return ZoneInfo(Automation.stored(found or {}).time_zone)
