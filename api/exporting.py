"""Asking for an export, making links to it that are good once, and handing the file out piece by piece."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.announcing import announce
from api.auditing import deed_of, record
from api.security import Claims
from models import event
from models.account import Account
from models.account_enums import TokenPurpose
from models.account_export import AccountExport, ExportPart, place_of_part
from models.audit import AuditEntry, Deed
from models.base import now
from models.database import Database, seal_of
from models.enums import EventKind
from models.errors import ConflictError, NotFoundError
from models.one_time_token import OneTimeToken, id_in
from models.sealed import KeyRing, Seal

NO_EXPORT = "You have no such export."
NOT_READY = "It cannot be fetched: wait until it is ready, or ask for another one."
NO_LINK = "This link was used, or its time is over; ask for another one."
"""The same for every link that is not good, whyever it is not."""


async def ask(session: AsyncSession, keys: KeyRing, me: Claims) -> AccountExport:
    """Store an export that is to be collected; the index of those that are open refuses a second one."""
    export = AccountExport(user_id=me.id)
    session.add(export)
    await session.flush()
    await record(session, keys, deed_of(me, Deed.EXPORT_ASKED, export.id))
    changed = event.record(me.id, EventKind.EXPORT_CHANGED, export.id, state=export.state.value)
    await announce(session, changed)
    return export


async def find(session: AsyncSession, user_id: UUID, export_id: UUID, *, lock: bool = False) -> AccountExport:
    """Return one of the person's exports; NotFoundError where it is not theirs."""
    query = select(AccountExport).where(AccountExport.id == export_id, AccountExport.user_id == user_id)
    export = (await session.exec(query.with_for_update() if lock else query)).one_or_none()
    if export is None:
        raise NotFoundError(NO_EXPORT)
    return export


async def make_link(
    session: AsyncSession, keys: KeyRing, export: AccountExport, good_for: timedelta
) -> tuple[str, OneTimeToken]:
    """Return a token that fetches the export once, and its row; those that were made before are void."""
    if not export.can_be_fetched:
        raise ConflictError(NOT_READY)
    unused = col(OneTimeToken.used_at).is_(None)
    older = update(OneTimeToken).where(
        col(OneTimeToken.user_id) == export.user_id,
        col(OneTimeToken.purpose) == TokenPurpose.DOWNLOAD_EXPORT,
        col(OneTimeToken.subject_id) == export.id,
        unused,
    )
    await session.exec(older.values(used_at=now()))
    made = OneTimeToken(
        user_id=export.user_id,
        purpose=TokenPurpose.DOWNLOAD_EXPORT,
        subject_id=export.id,
        expires_at=now() + good_for,
    )
    session.add(made)
    return made.token(await seal_of(session, keys, export.user_id)), made


@dataclass(frozen=True)
class Download:
    """A file that a link gave the right to; `size` is in bytes."""

    database: Database
    seal: Seal = field(repr=False)
    export_id: UUID
    size: int

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the file, one part at a time, each read in a transaction of its own."""
        number, left = 1, self.size
        while left > 0:
            async with self.database.begin() as session:
                part = await session.get(ExportPart, (self.export_id, number))
            if part is None:
                # deleted meanwhile: the answer breaks off, so that nobody takes it for whole
                raise NotFoundError(NO_EXPORT)
            piece = self.seal.open(part.content_sealed, place_of_part(self.export_id, number))
            yield piece
            number, left = number + 1, left - len(piece)


async def redeem(database: Database, keys: KeyRing, token: str) -> Download:
    """Use up a link, committed before the first byte is sent; NotFoundError for any that is not good."""
    token_id = id_in(token)
    if token_id is None:
        raise NotFoundError(NO_LINK)
    async with database.begin() as session:
        found = select(OneTimeToken).where(OneTimeToken.id == token_id).with_for_update()
        row = (await session.exec(found)).one_or_none()
        account = await session.get(Account, row.user_id) if row else None
        if row is None or account is None or not _opens(row, account):
            raise NotFoundError(NO_LINK)
        seal = account.seal(keys)
        export = await session.get(AccountExport, row.subject_id) if row.is_token(token, seal) else None
        if export is None or not export.can_be_fetched:
            raise NotFoundError(NO_LINK)
        row.used_at = now()
        session.add(AuditEntry.by_person(account.id, Deed.EXPORT_DOWNLOADED, export.id))
    return Download(database, seal, export.id, export.size or 0)


def _opens(row: OneTimeToken, account: Account) -> bool:
    is_free = account.locked_at is None and account.erasing_at is None
    return is_free and row.is_good and row.purpose is TokenPurpose.DOWNLOAD_EXPORT
