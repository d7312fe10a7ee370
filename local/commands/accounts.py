"""Creates the accounts that nobody can register: administrators, and the demo user of a local stack."""

import getpass
import secrets
import sys
from importlib import import_module

from pydantic import SecretStr, ValidationError
from rich.console import Console
from sqlmodel.ext.asyncio.session import AsyncSession

from models.account import Account, AccountCreate, account_by_email
from models.audit import AuditEntry, Deed
from models.base import now
from models.database import Database
from models.enums import Role
from models.one_time_token import void_tokens
from models.sealed import KeyRing
from models.standing import announce_standing
from settings import Settings

PASSWORD_BYTES = 12


class AccountError(Exception):
    """The account cannot be made so; the message says why."""


async def ensure_account(settings: Settings, email: str, password: str, role: Role) -> bool:
    """Create the account, confirmed, unless its e-mail is known; tell whether the password counts.

    A known account keeps its password; it is made an administrator where `role` says so. One whose e-mail was
    never confirmed may be anybody's: it gets the password.
    """
    wanted = _validated(email, password)
    hash_password = import_module("api.security").hash_password
    database = Database(settings.database.url.get_secret_value())
    try:
        async with database.begin() as session:
            known = (
                await session.exec(account_by_email(wanted.email).with_for_update(key_share=True))
            ).first()
            if known is not None and known.email_confirmed_at is not None:
                await _give_role(session, known, role)
                return False
            hashed = hash_password(wanted.password.get_secret_value())
            if known is None:
                session.add(Account.register(wanted.email, hashed, key_ring(settings), role))
                return True
            known.password_hash, known.email_confirmed_at = hashed, now()
            await session.exec(void_tokens(known.id))
            await _give_role(session, known, role)
            return True
    finally:
        await database.close()


async def _give_role(session: AsyncSession, account: Account, role: Role) -> None:
    """Make somebody an administrator, which every process learns of at once; nobody loses a role by this."""
    if role is not Role.ADMIN or account.role is Role.ADMIN:
        return
    account.role = role
    session.add(AuditEntry.by_system(Deed.ADMIN_MADE, account.id))
    await session.flush()
    await (await session.connection()).execute(announce_standing(account.id))


async def create_admin(settings: Settings, email: str, console: Console) -> None:
    """Make an administrator: the password is asked for, or generated where nobody can be asked."""
    generated = secrets.token_urlsafe(PASSWORD_BYTES)
    asked = getpass.getpass(f"Password for {email} (empty: make one up): ") if sys.stdin.isatty() else ""
    if not await ensure_account(settings, email, asked or generated, Role.ADMIN):
        console.print(f"{email} had an account; it is an administrator's now, with its old password")
    elif asked:
        console.print(f"{email} is an administrator now")
    else:
        console.print(
            f"{email} is an administrator now; the password, shown only once: {generated}", soft_wrap=True
        )


def _validated(email: str, password: str) -> AccountCreate:
    try:
        return AccountCreate.model_validate({"email": email, "password": SecretStr(password)})
    except ValidationError as error:
        # without the values, which may be passwords
        reasons = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise AccountError(reasons) from None


def key_ring(settings: Settings) -> KeyRing:
    """Return the master keys that the settings hold."""
    security = settings.security
    keys = {name: security.master_key(name) for name in security.master_keys}
    return KeyRing(keys, security.current_master_key)
