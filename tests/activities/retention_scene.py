"""A database with rows of every age for the retention, and the retention itself run to its end."""

from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import SQLModel, select

from activities.retention.activities import KeptDays, RetentionActivities
from activities.retention.pages import first_id
from models.account_enums import RetainedKind
from models.base import Row, new_id, now
from models.database import Database
from workflows.account_messages import RetentionMark, RetentionPage

KEPT = KeptDays(
    chat=100,
    events=10,
    notifications=100,
    evidence=100,
    jobs=50,
    audit=100,
    logins=30,
    unconfirmed=7,
    receipts=100,
)

AnyRow = TypeVar("AnyRow", bound=Row)


def ago(days: float) -> datetime:
    """Return the time so many days ago."""
    return now() - timedelta(days=days)


def aged(row: AnyRow, days: float) -> AnyRow:
    """Have a row be as if it had been made so many days ago, by its id too."""
    row.created_at = ago(days)
    row.id = UUID(int=first_id(row.created_at).int | (new_id().int & (1 << 80) - 1))
    return row


async def store(database: Database, *rows: SQLModel) -> None:
    """Store rows in their order."""
    async with database.begin() as session:
        for row in rows:
            session.add(row)
            await session.flush()


async def count(database: Database, table: type[SQLModel], *where: Any) -> int:  # noqa: ANN401 -- conditions of SQLAlchemy
    """Return how many rows there are."""
    async with database.begin() as session:
        return (await session.exec(select(func.count()).select_from(table).where(*where))).one()


async def prune(database: Database, kind: RetainedKind, kept: KeptDays = KEPT) -> tuple[int, int]:
    """Delete one kind to its end; return how many rows, in how many pages."""
    steps = RetentionActivities(database, kept)
    rows, pages, more = 0, 0, True
    behind: RetentionMark | None = None
    while more:
        page = await steps.prune(RetentionPage(kind=kind, behind=behind))
        rows, pages, more, behind = rows + page.count, pages + 1, page.more, page.behind
    return rows, pages
