"""Whose account at the vendor an application goes through."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from activities.auto_apply.context import Context
from activities.auto_apply.failures import final_failure
from models.enums import EndReason


@dataclass(frozen=True)
class Account:
    """An API key, and the hash by which rows remember it."""

    key: str
    hash: str

    def __repr__(self) -> str:
        """Show nothing of the key."""
        return f"Account({self.hash[:8]}…)"


def hash_of(key: str) -> str:
    """Return the hex SHA-256 of an API key."""
    return hashlib.sha256(key.encode()).hexdigest()


async def account_of(context: Context, user_id: UUID) -> Account:
    """Return the account to use for a person; a final failure where its key cannot be sent at all."""
    key = (await context.credentials.skyvern(user_id)).key
    if not key or not (key.isascii() and key.isprintable()):
        raise final_failure(EndReason.CREDENTIALS_REFUSED, "there is no usable key for Skyvern")
    return Account(key, hash_of(key))
