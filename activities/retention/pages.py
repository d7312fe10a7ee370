"""A page of rows whose time is over: found through an index, locked unless in use, and deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from models.base import now
from models.database import Database
from workflows.account_messages import Pruned

ROWS = 2_000
"""How many rows a page deletes: some tens of milliseconds, for which nobody waits."""

_TIMESTAMP_SHIFT = 80
_MILLISECONDS = 1000


def first_id(at: datetime) -> UUID:
    """Return what no id that was made at this time or later is below.

    Ids are version 7 UUIDs, which begin with the milliseconds since 1970: a primary key finds rows by age.
    """
    return UUID(int=int(at.timestamp() * _MILLISECONDS) << _TIMESTAMP_SHIFT)


def bounds(days: float) -> dict[str, object]:
    """Return the parameters of what is older than so many days: `before`, and `floor` for ids."""
    before = now() - timedelta(days=days)
    return {"before": before, "floor": first_id(before)}


@dataclass(frozen=True)
class Rows:
    """Rows of a table by a condition, in the order of an index; a page is so many of them."""

    table: str
    where: str
    key: str = "id"
    order: str = "id"
    rows: int = ROWS

    @property
    def found(self) -> str:
        """Select the keys of a page; rows that somebody else has locked are left to the next time."""
        return (
            f"SELECT {self.key} FROM {self.table} WHERE {self.where}"  # noqa: S608 -- words of ours only
            f" ORDER BY {self.order} LIMIT {self.rows} FOR UPDATE SKIP LOCKED"
        )

    @property
    def deleting(self) -> str:
        """Delete a page."""
        return f"DELETE FROM {self.table} WHERE {self.key} = ANY(ARRAY({self.found}))"  # noqa: S608 -- as above

    async def delete(self, database: Database, values: Mapping[str, object]) -> Pruned:
        """Delete a page; there may be more where it was full."""
        async with database.bulk() as connection:
            count = (await connection.execute(self.deleting.encode(), values)).rowcount
        return Pruned(count=count, more=count >= self.rows)


async def delete_each(database: Database, parts: tuple[Rows, ...], values: Mapping[str, object]) -> Pruned:
    """Delete a page of each; there may be more where one of them was full."""
    pages = [await part.delete(database, values) for part in parts]
    return Pruned(count=sum(page.count for page in pages), more=any(page.more for page in pages))
