"""For administrators: the kill switch for applying."""

from fastapi import APIRouter
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.announcing import announce
from api.deps import Admin, DatabaseDep, Flows, SessionDep
from api.described import problems
from models import event
from models.application import Application
from models.audit import AuditEntry, Deed
from models.base import now
from models.enums import ApplicationState, EventKind
from models.installation import THE_ROW, ApplyingSwitch, Installation, is_applying_paused

router = APIRouter(prefix="/api/admin", tags=["admin"])

RINGS_MAX = 150
"""So many held applications are rung at once; each of the others looks again by itself before long."""


@router.get("/applying", responses=problems(401, 403))
async def read_switch(_: Admin, session: SessionDep) -> ApplyingSwitch:
    """Say whether applying is paused for the whole installation."""
    return ApplyingSwitch(paused=await is_applying_paused(session))


@router.put("/applying", responses=problems(401, 403))
async def set_switch(body: ApplyingSwitch, me: Admin, database: DatabaseDep, flows: Flows) -> ApplyingSwitch:
    """Pause applying for the whole installation, or go on.

    While it is paused nothing crosses the submission fence, nobody's application is lost, and what is being
    submitted already is brought to its end. What was held goes on when the pause ends.
    """
    held: list[Application] = []
    async with database.begin() as session:
        switch = await _locked(session)
        was_paused = switch.applying_paused_at is not None
        session.add(
            AuditEntry.by_admin(me.id, Deed.APPLYING_PAUSED if body.paused else Deed.APPLYING_RESUMED)
        )
        if body.paused is not was_paused:
            switch.applying_paused_at = now() if body.paused else None
            switch.applying_paused_by = me.id if body.paused else None
            # for who did it: everybody else's applications only wait, and say so themselves
            statement = event.record(me.id, EventKind.APPLYING_PAUSED, me.id, paused=int(body.paused))
            await announce(session, statement)
        if was_paused and not body.paused:
            held = await _held(session)
    for application in held:
        flows.ring(application.user_id, application.job_id)
    return body


async def _locked(session: AsyncSession) -> Installation:
    """Return the installation's one row for changing; the first change creates it."""
    await session.exec(insert(Installation).values(id=THE_ROW).on_conflict_do_nothing())
    return (await session.exec(select(Installation).with_for_update())).one()


async def _held(session: AsyncSession) -> list[Application]:
    query = select(Application).where(Application.state == ApplicationState.APPROVED)
    return list(await session.exec(query.order_by(col(Application.moved_at)).limit(RINGS_MAX)))
