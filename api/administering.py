"""Changing other people's accounts: by whom, under which locks, and never so that nobody is left to do it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.account_changes import Change, check_login
from api.auditing import record
from api.context import Context
from api.security import Claims
from models.account import Account
from models.account_enums import ErasureState
from models.audit import AuditEntry, Deed
from models.enums import Role
from models.erasure import Erasure
from models.errors import ConflictError, ForbiddenError, NotFoundError

NO_ACCOUNT = "There is no account with this id."
NO_LONGER = "You are no administrator any more."
THE_LAST = "This is the last administrator who can log in: make somebody else one first."
LEAVING_LOCK = 7_360_225_107_431_909_001
"""The advisory lock under which administrators ask for their erasure: one after the other."""


@dataclass
class AdminChange(Change):
    """Somebody's account under its lock, and whether an administrator can log in who is somebody else."""

    is_last: bool = False

    def keep_an_administrator(self) -> None:
        """Raise ConflictError where nobody but this account can administer."""
        if self.is_last:
            raise ConflictError(THE_LAST)


@asynccontextmanager
async def administering(
    context: Context, me: Claims, user_id: UUID, deed: Deed, reason: str
) -> AsyncIterator[AdminChange]:
    """Lend an account for changing, in a transaction that writes the deed down and tells every process.

    Of two administrators who change each other at once the second waits, and then finds what the first one
    has made of them. NotFoundError without such an account, ForbiddenError where the asker is no
    administrator any more, UnauthenticatedError where their login has ended meanwhile.
    """
    async with context.database.begin() as session:
        accounts = await _locked(session, user_id)
        able = {each.id for each in accounts if _can_administer(each)}
        if me.id not in able:
            raise ForbiddenError(NO_LONGER)
        await check_login(session, me)
        account = next((each for each in accounts if each.id == user_id), None)
        if account is None:
            raise NotFoundError(NO_ACCOUNT)
        is_last = user_id in able and able - await _leaving(session) <= {user_id}
        change = AdminChange(session, account, account.seal(context.keys), is_last=is_last)
        yield change
        await record(session, context.keys, AuditEntry.by_admin(me.id, deed, user_id), reason)
        await context.standing.changed(session, user_id)
    for notice in change.notices:
        context.flows.start_notify(notice)


async def leave_an_administrator(session: AsyncSession, account: Account) -> None:
    """Raise ConflictError where nobody is left to administer once this account is erased.

    The account is locked. Whoever locks or demotes an administrator waits for that lock; others who want to
    leave as well wait here, and hold no lock that anybody before them wants.
    """
    if account.role is not Role.ADMIN:
        return
    await session.exec(select(func.pg_advisory_xact_lock(LEAVING_LOCK)))
    others = select(Account).where(Account.role == Role.ADMIN, Account.id != account.id)
    able = {each.id for each in await session.exec(others) if _can_administer(each)}
    if able <= await _leaving(session):
        raise ConflictError(THE_LAST)


async def _leaving(session: AsyncSession) -> set[UUID | None]:
    """Return whose erasure has been asked for, and not been undone."""
    cools_off = col(Erasure.state).in_([ErasureState.COOLING_OFF, ErasureState.ERASING])
    return set(await session.exec(select(Erasure.user_id).where(cools_off)))


async def _locked(session: AsyncSession, user_id: UUID) -> list[Account]:
    """Lock every administrator's account and this one, in one order, so that nobody waits for each other."""
    wanted = or_(col(Account.role) == Role.ADMIN, col(Account.id) == user_id)
    query = select(Account).where(wanted).order_by(col(Account.id))
    return list(await session.exec(query.with_for_update(key_share=True)))


def _can_administer(account: Account) -> bool:
    """Tell whether this is an administrator who can log in."""
    return (
        account.role is Role.ADMIN
        and account.locked_at is None
        and account.erasing_at is None
        and account.email_confirmed_at is not None
    )
