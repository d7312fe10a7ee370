"""Step `delete_rows`: all in the database but the account itself, by the register of what is stored."""

import time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnClause, CursorResult, Table, literal_column
from sqlalchemy import delete as delete_from
from sqlalchemy import select as select_from
from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.account_erasure.context import Context, Subject, subject_of
from activities.account_erasure.freezing import forget_searches
from activities.heartbeat import beating
from models.account_enums import ErasureState, ErasureStep
from models.audit import AuditEntry
from models.erasure import Erasure, erasure_locked
from models.privacy.register import REGISTER, erased_by_rows
from models.privacy.rows import belongs_to
from models.tables import all_tables
from workflows.account_messages import ErasureRef, Remaining

ROWS_A_PAGE = 1_000
SECONDS_A_CALL = 60.0
LAST = ("event", "event_cursor")
"""What others may write while rows are deleted."""

_ROW: ColumnClause[Any] = literal_column("ctid")


async def delete_rows(context: Context, ref: ErasureRef) -> Remaining:
    """Delete pages for a minute at most; say in how many tables there may be more."""
    subject = await subject_of(context, ref.erasure_id, ErasureStep.DELETE_ROWS)
    if subject is None:
        return Remaining(count=0)
    until, left = time.monotonic() + SECONDS_A_CALL, tables_in_order()
    async with beating():
        async with context.database.begin() as session:
            await unname(session, subject.user_id)
            erasure = (await session.exec(erasure_locked(subject.erasure_id))).one()
            erasure.count(await forget_searches(session, subject.user_id))
        while left and time.monotonic() < until:
            if await _delete_page(context, subject, left[0]) < ROWS_A_PAGE:
                left.pop(0)
    return Remaining(count=len(left))


def tables_in_order() -> list[Table]:
    """Return the tables that people's rows are deleted from, each before those that it points at."""
    tables = all_tables()
    names = {table.name for table in erased_by_rows()}
    if missing := names - set(tables):
        raise LookupError(f"the register names tables that do not exist: {sorted(missing)}")
    backwards = [table for table in reversed(list(tables.values())) if table.name in names]
    return sorted(backwards, key=lambda table: LAST.index(table.name) + 1 if table.name in LAST else 0)


async def _delete_page(context: Context, subject: Subject, table: Table) -> int:
    """Delete a page of a table, and count it in the same transaction."""
    is_theirs = belongs_to(REGISTER[table.name], subject.user_id)
    page = select_from(_ROW).select_from(table).where(is_theirs).limit(ROWS_A_PAGE)
    async with context.database.begin() as session:
        erasure = (await session.exec(erasure_locked(subject.erasure_id))).one()
        connection = await session.connection()
        deleted: CursorResult[object] = await connection.execute(
            delete_from(table).where(_ROW.in_(page.scalar_subquery()))
        )
        erasure.count({table.name: deleted.rowcount})
        return deleted.rowcount


async def unname(session: AsyncSession, user_id: UUID) -> None:
    """Take out of what stays what leads to the person, or what they alone could read."""
    about_them = col(AuditEntry.subject_id) == user_id
    explained = col(AuditEntry.reason_sealed).is_not(None)
    await session.exec(update(AuditEntry).where(about_them, explained).values(reason_sealed=None))
    undone = col(Erasure.user_id) == user_id, col(Erasure.state) == ErasureState.UNDONE
    await session.exec(update(Erasure).where(*undone).values(user_id=None))
