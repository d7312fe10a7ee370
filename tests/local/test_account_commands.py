"""Accounts that are made by command: whose password they have, and that nobody squats an administrator."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from api.security import Passwords, hash_password
from local.commands.accounts import ensure_account
from models.account import Account
from models.audit import AuditEntry, Deed
from models.database import Database
from models.enums import Role
from tests.api.configured import RING, settings_for

EMAIL = "root@example.org"
THEIRS = "somebody's password"
OURS = "the operator's password"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database that the command works on."""
    database = Database(database_url)
    yield database
    await database.close()


async def root(database: Database) -> Account:
    """Read the one account."""
    async with database.begin() as session:
        return (await session.exec(select(Account))).one()


async def register(database: Database, *, confirmed: bool) -> None:
    """Store an account that somebody registered."""
    async with database.begin() as session:
        session.add(Account.register(EMAIL, hash_password(THEIRS), RING, confirmed=confirmed))


async def has_password(account: Account, password: str) -> bool:
    """Tell whether a password lets into an account."""
    return (await Passwords().verify(password, account.password_hash))[0]


async def test_a_new_account_is_confirmed_and_has_the_password(database: Database) -> None:
    assert await ensure_account(settings_for(database.url), EMAIL, OURS, Role.ADMIN)
    account = await root(database)
    assert (account.role, account.email_confirmed_at is None) == (Role.ADMIN, False)
    assert await has_password(account, OURS)


async def test_a_confirmed_account_keeps_its_password_and_its_promotion_is_written_down(
    database: Database,
) -> None:
    await register(database, confirmed=True)
    for _ in range(2):
        assert not await ensure_account(settings_for(database.url), EMAIL, OURS, Role.ADMIN)
    account = await root(database)
    assert account.role is Role.ADMIN
    assert await has_password(account, THEIRS)
    async with database.begin() as session:
        [entry] = (await session.exec(select(AuditEntry))).all()
    assert (entry.action, entry.subject_id) == (Deed.ADMIN_MADE, account.id)


async def test_who_registered_an_operators_e_mail_and_never_confirmed_it_is_no_administrator(
    database: Database,
) -> None:
    await register(database, confirmed=False)
    assert await ensure_account(settings_for(database.url), EMAIL, OURS, Role.ADMIN)
    account = await root(database)
    assert (account.role, account.email_confirmed_at is None) == (Role.ADMIN, False)
    assert await has_password(account, OURS)
    assert not await has_password(account, THEIRS)


async def test_the_demo_user_is_made_no_administrator(database: Database) -> None:
    await register(database, confirmed=True)
    await ensure_account(settings_for(database.url), EMAIL, OURS, Role.USER)
    assert (await root(database)).role is Role.USER
