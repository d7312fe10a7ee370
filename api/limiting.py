"""How often what guesses or costs may be asked for: by account or e-mail, and by address, over all replicas.

What counts for one never counts for another: each subject of each limit has a row of its own.
"""

import hashlib
import hmac
import math
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from fastapi import Request

from api.security import Claims
from models.database import Database
from models.errors import RateLimitedError
from models.rate import FORGIVE_SQL, GIVE_BACK_SQL, TAKE_SQL, Allowance

KEY_BYTES = 32
KEY_PURPOSE = b"jobraker rates"
IPV6_PREFIX = 64
"""What one customer of a provider has at least: whoever has one address has all of these."""

NO_ADDRESS = "unknown"
MINUTE = 60
HOUR = 3600


class Limit(StrEnum):
    """What is limited. The names are those of the settings."""

    LOGIN_ACCOUNT = "login_account"
    LOGIN_ADDRESS = "login_address"
    REGISTER_ADDRESS = "register_address"
    MAIL_ACCOUNT = "mail_account"
    MAIL_ADDRESS = "mail_address"
    CODE_ACCOUNT = "code_account"
    REFRESH_ADDRESS = "refresh_address"
    CHAT_ACCOUNT = "chat_account"
    APPLY_ACCOUNT = "apply_account"
    UPLOAD_ACCOUNT = "upload_account"
    EXPORT_ACCOUNT = "export_account"
    ERASURE_ACCOUNT = "erasure_account"
    RECEIPT_ADDRESS = "receipt_address"


class Limiter:
    """Counts in the database. A subject is an account's id, or an e-mail where nobody is logged in.

    For a guess (a password, a code): `take` before it is checked, so that many at once are no way around,
    and `give_back` after it was right.
    """

    def __init__(self, database: Database, key: bytes, allowances: Mapping[Limit, Allowance]) -> None:
        self._database = database
        self._key = key
        self._allowances = allowances

    @classmethod
    def of(cls, database: Database, master_key: bytes, rates: Mapping[str, str]) -> Self:
        """Return the limiter of these rates (`10/15m`) by the names of the limits.

        Its key comes from the master key, the same in each replica. With another one all begin afresh.
        """
        key = HKDF(SHA256(), KEY_BYTES, salt=None, info=KEY_PURPOSE).derive(master_key)
        return cls(database, key, {limit: Allowance.parse(rates[limit.value]) for limit in Limit})

    async def take(self, limit: Limit, subject: object) -> None:
        """Count one; RateLimitedError, and nothing counted, where the subject has none left."""
        allowance = self._allowances[limit]
        values = {"key": self._row_of(limit, subject), "cost": allowance.cost, "period": allowance.period}
        rows = await self._database.rows(TAKE_SQL, values)
        if not rows or not rows[0]["taken"]:
            raise refusal(rows[0]["wait"] if rows else allowance.cost)

    async def take_person(self, limit: Limit, me: Claims) -> None:
        """Count one for who asks: an administrator who acts for a person uses up nothing of theirs."""
        await self.take(limit, me.actor_id or me.id)

    async def take_address(self, limit: Limit, request: Request) -> None:
        """Count one for the address that asks; RateLimitedError as above."""
        await self.take(limit, address_of(request))

    async def give_back(self, limit: Limit, subject: object) -> None:
        """Uncount one: what was right was no guess."""
        values = {"key": self._row_of(limit, subject), "cost": self._allowances[limit].cost}
        await self._database.rows(f"{GIVE_BACK_SQL} RETURNING key", values)

    async def forgive(self, limit: Limit, subject: object) -> None:
        """Let a subject begin afresh: others may have used up its rate, and it has shown who it is."""
        await self._database.rows(FORGIVE_SQL, {"key": self._row_of(limit, subject)})

    async def give_back_address(self, limit: Limit, request: Request) -> None:
        """Uncount one of the address that asks."""
        await self.give_back(limit, address_of(request))

    def _row_of(self, limit: Limit, subject: object) -> str:
        named = f"{limit.value}\0{subject}".encode()
        return hmac.new(self._key, named, hashlib.sha256).hexdigest()


def refusal(wait: float) -> RateLimitedError:
    """Return the refusal of who has to wait for so many seconds."""
    seconds = max(1, math.ceil(wait))
    return RateLimitedError(f"This was asked for too often; try again in {_in_words(seconds)}.", seconds)


def _in_words(seconds: int) -> str:
    unit, name = next(
        (pair for pair in ((HOUR, "hour"), (MINUTE, "minute")) if seconds > pair[0]), (1, "second")
    )
    count = math.ceil(seconds / unit)
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def address_of(request: Request) -> str:
    """Return whose address asks: an IPv4 address, or the /64 network of an IPv6 one."""
    return subject_of(request.client.host if request.client else NO_ADDRESS)


def subject_of(host: str) -> str:
    """Return what counts as one address."""
    try:
        address = ip_address(host)
    except ValueError:
        return NO_ADDRESS
    if not isinstance(address, IPv6Address):
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped or IPv6Network((int(address), IPV6_PREFIX), strict=False))
