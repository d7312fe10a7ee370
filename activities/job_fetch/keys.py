"""The keys to Adzuna: whose there are, and what Adzuna has said of each."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models import event
from models.account import Account
from models.base import new_id, now
from models.enums import EventKind, NotificationKind, Role
from models.fetch_key import FetchKey
from models.notification import Notification

LIMIT_WAIT = timedelta(minutes=1)
"""How long to wait where Adzuna names no time: its shortest limit counts calls a minute."""

LONGEST_BLOCK = timedelta(hours=6)
DOUBLINGS_MAX = 16

_FRESH = {"refused_at": None, "told_at": None, "blocked_until": None, "blocked_times": 0}


async def keep_keys(session: AsyncSession, digests: Mapping[UUID | None, str]) -> None:
    """Have a ledger for each key, by its owner (None: the installation's).

    What Adzuna said of a key is forgotten with it; its calls are not, since they may be of the same account.
    """
    for owner_id, digest in sorted(digests.items(), key=lambda each: str(each[0])):
        put = insert(FetchKey).values(FetchKey(owner_id=owner_id, digest=digest).model_dump())
        await session.exec(
            put.on_conflict_do_update(
                constraint="uq_fetch_key_owner",
                set_={"digest": digest, **_FRESH},
                where=col(FetchKey.digest) != digest,
            )
        )


async def block(session: AsyncSession, key_id: UUID, asked: timedelta | None) -> timedelta:
    """Leave Adzuna alone for as long as it asks, else for longer each time; return for how long."""
    key = await session.get_one(FetchKey, key_id, with_for_update=True)
    growing = min(LIMIT_WAIT * 2 ** min(key.blocked_times, DOUBLINGS_MAX), LONGEST_BLOCK)
    wait = growing if asked is None else asked
    key.blocked_times += 1
    key.blocked_until = now() + wait
    return wait


async def answered(session: AsyncSession, key_id: UUID) -> None:
    """Forget what Adzuna had against a key that it has answered.

    No call is made during a wait: one that lasts still began with another call's answer, and is kept.
    """
    is_over = col(FetchKey.blocked_until).is_(None) | (col(FetchKey.blocked_until) <= func.now())
    is_marked = (col(FetchKey.blocked_times) > 0) | col(FetchKey.refused_at).is_not(None)
    await session.exec(
        update(FetchKey).where(col(FetchKey.id) == key_id, is_over, is_marked).values(**_FRESH)
    )


async def refuse(session: AsyncSession, key_id: UUID, digest: str, at: datetime) -> None:
    """Stop a key that Adzuna refused, and tell its owner once; the installation's owners are its admins.

    Nothing happens where the key was replaced meanwhile. To be called last in its transaction.
    """
    key = await session.get(FetchKey, key_id, with_for_update=True)
    if key is None or key.digest != digest:
        return
    is_told = key.told_at is not None
    key.refused_at, key.told_at = at, key.told_at or at
    await session.flush()
    if not is_told:
        for user_id in await _owners(session, key):
            await _tell(session, user_id)


async def _owners(session: AsyncSession, key: FetchKey) -> list[UUID]:
    if key.owner_id is not None:
        return [key.owner_id]
    admins = select(Account.id).where(Account.role == Role.ADMIN).order_by(col(Account.id))
    return list(await session.exec(admins))


async def _tell(session: AsyncSession, user_id: UUID) -> None:
    """Store the notification with its event; where there is a mail server, the reconciler mails it."""
    kind, notification_id = NotificationKind.ADZUNA_KEY_REFUSED, new_id()
    session.add(Notification(id=notification_id, user_id=user_id, kind=kind))
    await session.flush()
    told = event.record(user_id, EventKind.NOTIFICATION_ADDED, notification_id, notification_kind=kind.value)
    await (await session.connection()).execute(told)
