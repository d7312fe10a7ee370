"""Exports that were asked for and never collected: their workflow did not start, or was lost."""

from datetime import datetime, timedelta

from sqlalchemy import func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.account_export import OPEN_EXPORTS, AccountExport
from workflows.account_messages import ExportRef

UNSTARTED = timedelta(seconds=30)
MOST = 50


async def stranded_exports(session: AsyncSession, moment: datetime) -> list[ExportRef]:
    """Draw exports that are not over; one whose workflow runs is left alone by its id."""
    query = select(AccountExport.id, AccountExport.user_id).where(
        text(OPEN_EXPORTS), col(AccountExport.created_at) < moment - UNSTARTED
    )
    return [
        ExportRef(export_id=export_id, user_id=user_id)
        for export_id, user_id in await session.exec(query.order_by(func.random()).limit(MOST))
    ]
