"""Wraps every data key by the current master key, so that an older one can be taken out of the ring.

What data keys have sealed stays as it is. Rows are locked batch by batch, each in a transaction of its own:
the system may run meanwhile, two of these may run at once, and one that was killed is simply run again.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from rich.console import Console
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from local.commands.accounts import key_ring
from models.account import Account
from models.base import now
from models.database import Database
from models.errors import SealError
from models.sealed import KeyRing
from settings import Settings

BATCH = 500
FIRST = UUID(int=0)
LONGEST = timedelta(days=7)
"""How long a workflow that is nobody's may go on that was begun under an old key: as long as its steps."""


@dataclass
class Rotation:
    """What came of it: how many data keys were wrapped anew, and how many could not be, by their master key.

    `missing` are those whose master key the ring lacks, `broken` those that do not open by the one they name,
    `late` those of accounts that were registered under another than the current master key meanwhile.
    """

    rewrapped: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)

    @property
    def is_whole(self) -> bool:
        """Whether the current master key suffices now."""
        return not self.missing and not self.broken and not self.late


async def rotate_keys(settings: Settings, console: Console, batch: int = BATCH) -> bool:
    """Wrap every data key anew and say what came of it; False where some could not be."""
    ring = key_ring(settings)
    database = Database(settings.database.url.get_secret_value())
    try:
        rotation = await rewrap_all(database, ring, batch)
    finally:
        await database.close()
    for line in told(rotation, ring, settings.temporal.retention_days):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return rotation.is_whole


async def rewrap_all(database: Database, ring: KeyRing, batch: int = BATCH) -> Rotation:
    """Wrap every data key that the current master key does not wrap yet, in the order of accounts' ids."""
    rotation, after = Rotation(), FIRST
    while True:
        async with database.begin() as session:
            accounts = await _next(session, ring, after, batch)
            for account in accounts:
                try:
                    account.rewrap(ring)
                except SealError:
                    rotation.broken[account.master_key_id] += 1
                else:
                    rotation.rewrapped += 1
        if len(accounts) < batch:
            break
        after = accounts[-1].id
    async with database.begin() as session:
        others = await _count(session, ring)
    rotation.missing = Counter({key_id: others[key_id] for key_id in others if key_id not in ring.keys})
    rotation.late = others - rotation.missing - rotation.broken
    return rotation


async def _next(session: AsyncSession, ring: KeyRing, after: UUID, batch: int) -> list[Account]:
    """Lock the next accounts whose key is to be wrapped anew; those of another rotation are waited for."""
    others = [key_id for key_id in ring.keys if key_id != ring.current]
    query = select(Account).where(col(Account.master_key_id).in_(others), col(Account.id) > after)
    # rows that refer to an account may be written meanwhile
    locked = query.order_by(col(Account.id)).limit(batch).with_for_update(key_share=True)
    return list(await session.exec(locked))


async def _count(session: AsyncSession, ring: KeyRing) -> Counter[str]:
    """Count accounts by their master key, where it is not the current one."""
    key_id = col(Account.master_key_id)
    counted = select(key_id, func.count()).where(key_id != ring.current).group_by(key_id)
    return Counter(dict((await session.exec(counted)).all()))


def told(rotation: Rotation, ring: KeyRing, retention_days: int) -> list[str]:
    """Return what came of it, line by line."""
    lines = [f"{_data_keys(rotation.rewrapped)} wrapped anew by the master key {ring.current!r}"]
    for key_id, count in sorted(rotation.missing.items()):
        lines.append(
            f"The master key {key_id!r} is missing from the ring: {_accounts(count)} cannot be opened. "
            "Put it back into JOBRAKER_SECURITY__MASTER_KEYS and run this again."
        )
    for key_id, count in sorted(rotation.broken.items()):
        lines.append(
            f"The data keys of {_accounts(count)} do not open by the master key {key_id!r}: "
            "the ring holds another key under this name."
        )
    for key_id, count in sorted(rotation.late.items()):
        lines.append(
            f"{_accounts(count)} came by the master key {key_id!r} meanwhile: some process has it as its "
            "current key still. Change its settings, restart it and run this again."
        )
    others = sorted(set(ring.keys) - {ring.current} - set(rotation.broken) - set(rotation.late))
    day = (now() + LONGEST + timedelta(days=retention_days)).date()
    lines += [
        f"No account needs the master key {key_id!r} any more. Temporal's histories of workflows that are "
        f"nobody's may: run `jobraker schedules`, and take it out of the ring on {day} or later, "
        f"if every process has had {ring.current!r} as its current key since today."
        for key_id in others
    ]
    return lines


def _data_keys(count: int) -> str:
    return "1 data key was" if count == 1 else f"{count} data keys were"


def _accounts(count: int) -> str:
    return "1 account" if count == 1 else f"{count} accounts"
