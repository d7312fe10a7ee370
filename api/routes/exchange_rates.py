"""Exchange rates: what salaries in different currencies are compared by, kept up by administrators."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.deps import Admin, Me, SessionDep
from api.described import problems
from models.audit import AuditEntry, Deed
from models.base import now
from models.exchange_rate import PRICES_MARK, PRICING_LOCK, ExchangeRate, ExchangeRates, RatesGiven
from models.match_row import SweepMark

router = APIRouter(prefix="/api", tags=["exchange rates"])

BEFORE_ALL = UUID(int=0)


@router.get("/exchange-rates/", responses=problems(401))
async def list_rates(_: Me, session: SessionDep) -> ExchangeRates:
    """List the rates by which salaries in different currencies are compared, with their dates."""
    return await _rates(session)


@router.put("/admin/exchange-rates", responses=problems(401, 403))
async def set_rates(body: RatesGiven, me: Admin, session: SessionDep) -> ExchangeRates:
    """Set the rates of a day; the salaries of jobs are compared by them before long.

    Rates of currencies that are not named stay. Whether all salaries follow them already is `is_applied`.
    """
    session.add(AuditEntry.by_admin(me.id, Deed.RATES_STORED))
    # no page of ads that is coming in is priced by a rate that is no longer there once it is in
    await session.exec(select(func.pg_advisory_xact_lock(PRICING_LOCK)))
    given = [{"as_of": body.as_of, **rate.model_dump()} for rate in body.rates]
    put = insert(ExchangeRate).values(given)
    new = {name: put.excluded[name] for name in ("per_euro", "as_of")}
    await session.exec(put.on_conflict_do_update(index_elements=["currency"], set_=new))
    mark = insert(SweepMark).values(name=PRICES_MARK, at=now(), job_id=BEFORE_ALL)
    begin = {"at": mark.excluded.at, "job_id": mark.excluded.job_id}
    await session.exec(mark.on_conflict_do_update(index_elements=["name"], set_=begin))
    return await _rates(session)


async def _rates(session: AsyncSession) -> ExchangeRates:
    rates = await session.exec(select(ExchangeRate).order_by(col(ExchangeRate.currency)))
    is_pending = (await session.exec(select(SweepMark).where(SweepMark.name == PRICES_MARK))).first()
    return ExchangeRates(rates=list(rates), is_applied=is_pending is None)
