"""What holds for the whole installation and may change while it runs: the kill switch for applying."""

from datetime import datetime
from uuid import UUID

from pydantic import StrictBool
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import Body, utc

THE_ROW = 1


class Installation(SQLModel, table=True):
    """One row. While `applying_paused_at` is set nothing crosses the submission fence; nothing is lost."""

    __tablename__ = "installation"

    id: int = Field(default=THE_ROW, primary_key=True)
    applying_paused_at: datetime | None = Field(default=None, sa_type=utc())
    applying_paused_by: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")


class ApplyingSwitch(Body):
    """What an administrator sets, and sees."""

    paused: StrictBool


async def is_applying_paused(session: AsyncSession) -> bool:
    """Tell whether the kill switch is on; it is not switched before the caller's transaction has ended.

    So once it is switched on, nothing crosses the fence that had looked before.
    """
    row = await session.get(Installation, THE_ROW, with_for_update={"read": True})
    return row is not None and row.applying_paused_at is not None
