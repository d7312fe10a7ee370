"""Creates the accounts that nobody can register: administrators, and the demo user of a local stack."""

import getpass
import secrets
import sys
from importlib import import_module

from pydantic import SecretStr, ValidationError
from rich.console import Console

from models.account import Account, AccountCreate, account_by_email
from models.database import Database
from models.enums import Role
from models.sealed import KeyRing
from settings import Settings

PASSWORD_BYTES = 12


class AccountError(Exception):
    """The account cannot be made so; the message says why."""


async def ensure_account(settings: Settings, email: str, password: str, role: Role) -> bool:
    """Create the account unless its e-mail is known; tell whether it was created.

    A known account keeps its password; it is made an administrator where `role` says so.
    """
    wanted = _validated(email, password)
    hash_password = import_module("api.security").hash_password
    database = Database(settings.database.url.get_secret_value())
    try:
        async with database.begin() as session:
            known = (await session.exec(account_by_email(wanted.email))).first()
            if known is None:
                hashed = hash_password(wanted.password.get_secret_value())
                session.add(Account.register(wanted.email, hashed, key_ring(settings), role))
            elif role is Role.ADMIN:
                known.role = role
    finally:
        await database.close()
    return known is None


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
