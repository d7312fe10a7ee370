"""Asking for an erasure: twice, each time with the password, and a code where a second factor is on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, literal, select, union_all
from sqlmodel.ext.asyncio.session import AsyncSession

from api.account_changes import Change, changing_own
from api.administering import leave_an_administrator
from api.announcing import announce
from api.context import Context
from api.limiting import Limit
from api.proving import prove_code, prove_password
from api.redeeming import NOT_GOOD, read_token
from api.security import Claims
from api.telling import tell
from models.account_enums import ErasureState, TokenPurpose
from models.audit import AuditEntry, Deed
from models.base import now
from models.enums import EventKind, NotificationKind
from models.erasure import Erasure, ErasureAsk, ErasureConfirm, ErasurePlan, erasures_of
from models.errors import NotFoundError, UnderWayError, UnprocessableError
from models.event import record
from models.one_time_token import OneTimeToken
from models.privacy.register import erased_by_rows
from models.privacy.rows import belongs_to
from models.tables import all_tables

TOKEN_GOOD = timedelta(minutes=15)
SECONDS_AN_HOUR = 3600
NONE_ASKED = "No erasure of this account was asked for."
UNDER_WAY = "An erasure of this account was asked for already; it can be seen, and undone."


async def ask(context: Context, me: Claims, asked: ErasureAsk) -> ErasurePlan:
    """Tell what an erasure would delete, and return the token that confirms it; older ones are void."""
    async with _proven(context, me, asked) as change:
        await _refuse_second(change.session, me.id)
        await leave_an_administrator(change.session, change.account)
        await change.void_tokens()
        token = OneTimeToken(
            user_id=me.id, purpose=TokenPurpose.CONFIRM_ERASURE, expires_at=now() + TOKEN_GOOD
        )
        change.session.add(token)
        await change.tell(Deed.ERASURE_ASKED)
        return ErasurePlan(
            token=token.token(change.seal),
            expires_at=token.expires_at,
            cooling_off_hours=context.cooling_off.total_seconds() / SECONDS_AN_HOUR,
            rows=await _count(change.session, me.id),
        )


async def confirm(context: Context, me: Claims, confirmed: ErasureConfirm) -> Erasure:
    """Begin the cooling-off period; UnprocessableError where the token is not good."""
    async with _proven(context, me, confirmed) as change:
        token, account = await read_token(
            change.session,
            context.keys,
            confirmed.token.get_secret_value(),
            TokenPurpose.CONFIRM_ERASURE,
        )
        if account.id != me.id:
            raise UnprocessableError(NOT_GOOD)
        token.used_at = now()
        await _refuse_second(change.session, me.id)
        await leave_an_administrator(change.session, change.account)
        erasure = Erasure.ask(me.id, context.cooling_off)
        change.session.add(erasure)
        await _tell(change, erasure, Deed.ERASURE_CONFIRMED, NotificationKind.ERASURE_SCHEDULED)
    return erasure


async def undo(context: Context, me: Claims) -> Erasure:
    """Take an erasure back; NotFoundError where none was asked for, TooLateError once it has begun."""
    async with changing_own(context, me) as change:
        query = erasures_of(me.id).limit(1).with_for_update()
        erasure = (await change.session.exec(query)).first()
        if erasure is None:
            raise NotFoundError(NONE_ASKED)
        erasure.undo()
        await _tell(change, erasure, Deed.ERASURE_UNDONE, NotificationKind.ERASURE_UNDONE)
    return erasure


@asynccontextmanager
async def _proven(context: Context, me: Claims, given: ErasureAsk) -> AsyncIterator[Change]:
    """Lock the account of who knows its password, and has a code where a second factor is on."""
    await context.limiter.take(Limit.ERASURE_ACCOUNT, me.id)
    known = await prove_password(context, me.id, given.password)
    async with changing_own(context, me, known) as change:
        await prove_code(context, change, given.code)
        yield change


async def _tell(change: Change, erasure: Erasure, deed: Deed, kind: NotificationKind) -> None:
    user_id = change.account.id
    changed = EventKind.ERASURE_CHANGED
    # the entry names the receipt, which `Change.tell` does not
    change.session.add(AuditEntry.by_person(user_id, deed, erasure.id))
    change.notices.append(await tell(change.session, user_id, kind))
    await announce(change.session, record(user_id, changed, erasure.id, state=erasure.state.value))


async def _refuse_second(session: AsyncSession, user_id: UUID) -> None:
    newest = (await session.exec(erasures_of(user_id).limit(1))).first()
    if newest is not None and newest.state is ErasureState.COOLING_OFF:
        raise UnderWayError(UNDER_WAY, erasure_id=str(newest.id))


async def _count(session: AsyncSession, user_id: UUID) -> dict[str, int]:
    """Count the person's rows in each table; tables without any are left out."""
    all_tables()
    counts = [
        select(literal(table.name), func.count()).where(belongs_to(table, user_id))
        for table in erased_by_rows()
    ]
    connection = await session.connection()
    rows = (await connection.execute(union_all(*counts))).all()
    return {name: number for name, number in rows if number}
