"""An export's row and its sealed parts, which only the newest try to collect it may add to."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import event
from models.account import Account
from models.account_enums import ExportState
from models.account_export import OPEN, AccountExport, ExportPart, place_of_part
from models.base import now
from models.database import Database
from models.enums import EventKind, NotificationKind
from models.notification import Notification
from models.sealed import KeyRing, Seal
from workflows.account_messages import ExportRef

PART_BYTES = 1024 * 1024


class OvertakenError(Exception):
    """The export was deleted, or another try to collect it has begun since."""


@dataclass
class Parts:
    """One try to collect an export: `attempt` is its number. Take what the archive has grown by, then end."""

    database: Database
    seal: Seal = field(repr=False)
    ref: ExportRef
    attempt: int

    def __post_init__(self) -> None:
        self._waiting = bytearray()
        self._hash = hashlib.sha256()
        self._size = 0
        self._number = 0
        self._done = 0

    async def take(self, data: bytes) -> None:
        """Add to the file; what makes a whole part is sealed and stored. OvertakenError as it says."""
        self._waiting += data
        while len(self._waiting) >= PART_BYTES:
            await self._store()

    async def progress(self) -> None:
        """Count and announce a section that is done; OvertakenError as it says."""
        async with self.database.begin() as session:
            export = await self._row(session, shared=False)
            self._done += 1
            export.done = self._done
            await _announce(session, export)

    async def end(self, kept: timedelta) -> UUID:
        """Store the rest and call the export ready, with a notification of it, whose id is returned."""
        while self._waiting:
            await self._store()
        async with self.database.begin() as session:
            export = await self._row(session, shared=False)
            export.state, export.done = ExportState.READY, export.total
            export.size, export.sha256 = self._size, self._hash.hexdigest()
            export.ended_at = now()
            export.expires_at = export.ended_at + kept
            told = Notification(user_id=export.user_id, kind=NotificationKind.EXPORT_READY)
            session.add(told)
            await _announce(session, export)
            await _tell(session, told)
        return told.id

    async def _store(self) -> None:
        part = bytes(self._waiting[:PART_BYTES])
        del self._waiting[:PART_BYTES]
        self._hash.update(part)
        self._size += len(part)
        self._number += 1
        export_id = self.ref.export_id
        row = ExportPart(
            export_id=export_id,
            number=self._number,
            user_id=self.ref.user_id,
            content_sealed=self.seal.seal(part, place_of_part(export_id, self._number)),
        )
        async with self.database.begin() as session:
            await self._row(session, shared=True)
            session.add(row)

    async def _row(self, session: AsyncSession, *, shared: bool) -> AccountExport:
        query = select(AccountExport).where(
            AccountExport.id == self.ref.export_id,
            AccountExport.state == ExportState.COLLECTING,
            AccountExport.attempt == self.attempt,
        )
        export = (await session.exec(query.with_for_update(read=shared))).one_or_none()
        if export is None:
            raise OvertakenError
        return export


async def begin(database: Database, keys: KeyRing, ref: ExportRef, total: int) -> Parts | None:
    """Begin a try and throw away what an earlier one has left.

    None where there is nothing to collect: the export is over or gone, or its person is being erased.
    """
    async with database.begin() as session:
        export = await _locked(session, ref)
        account = await session.get(Account, ref.user_id)
        if export is None or account is None or export.state not in OPEN or account.erasing_at is not None:
            return None
        export.state, export.done, export.total = ExportState.COLLECTING, 0, total
        export.attempt += 1
        await _forget_parts(session, export.id)
        await _announce(session, export)
    return Parts(database, account.seal(keys), ref, export.attempt)


async def told_of(database: Database, ref: ExportRef) -> UUID | None:
    """Return the notification of an export that is ready, where it was not mailed yet."""
    query = (
        select(Notification.id)
        .join(AccountExport, col(AccountExport.user_id) == col(Notification.user_id))
        .where(
            AccountExport.id == ref.export_id,
            AccountExport.user_id == ref.user_id,
            AccountExport.state == ExportState.READY,
            Notification.kind == NotificationKind.EXPORT_READY,
            col(Notification.mailed_at).is_(None),
        )
        .order_by(col(Notification.id).desc())
        .limit(1)
    )
    async with database.begin() as session:
        return (await session.exec(query)).first()


async def fail(database: Database, ref: ExportRef) -> None:
    """End an export that could not be collected; one that is over, or gone, stays as it is."""
    async with database.begin() as session:
        export = await _locked(session, ref)
        if export is None or export.state not in OPEN:
            return
        await _forget_parts(session, export.id)
        export.state, export.ended_at = ExportState.FAILED, now()
        await _announce(session, export)


async def _locked(session: AsyncSession, ref: ExportRef) -> AccountExport | None:
    query = select(AccountExport).where(
        AccountExport.id == ref.export_id, AccountExport.user_id == ref.user_id
    )
    return (await session.exec(query.with_for_update())).one_or_none()


async def _forget_parts(session: AsyncSession, export_id: UUID) -> None:
    await session.exec(delete(ExportPart).where(col(ExportPart.export_id) == export_id))


async def _announce(session: AsyncSession, export: AccountExport) -> None:
    await session.flush()
    changed = event.record(
        export.user_id,
        EventKind.EXPORT_CHANGED,
        export.id,
        state=export.state.value,
        done=export.done,
        total=export.total,
    )
    await (await session.connection()).execute(changed)


async def _tell(session: AsyncSession, told: Notification) -> None:
    added = event.record(
        told.user_id, EventKind.NOTIFICATION_ADDED, told.id, notification_kind=told.kind.value
    )
    await (await session.connection()).execute(added)
