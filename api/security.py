"""Passwords by argon2id, access tokens as JWT, and refresh tokens of which only the digest is kept."""

import asyncio
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import jwt
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.turnstile import Turnstile
from models.enums import Role
from models.errors import UnauthenticatedError

# OWASP's first choice for argon2id: 19 MiB, two passes, one lane
ARGON2_KIB = 19_456
ARGON2_PASSES = 2
ARGON2_LANES = 1
HASHES_AT_ONCE = 2
HASHES_WAITING = 50

ALGORITHM = "HS256"
ISSUER = "jobraker"
AUDIENCE = "jobraker-api"
CLAIMS = ["iss", "aud", "sub", "role", "iat", "nbf", "exp", "jti", "sid"]
LEEWAY_SECONDS = 5
REFRESH_TOKEN_BYTES = 32

REFUSED = "The access token is missing, expired or not ours; log in, or refresh it."

_password_hash = PasswordHash(
    (Argon2Hasher(time_cost=ARGON2_PASSES, memory_cost=ARGON2_KIB, parallelism=ARGON2_LANES),)
)
_jwt = jwt.PyJWT(options={"enforce_minimum_key_length": True})


def hash_password(password: str) -> str:
    """Return an argon2id hash in the PHC format. It takes tens of milliseconds of the calling thread."""
    return _password_hash.hash(password)


@cache
def _hash_of_nobodys_password() -> str:
    return hash_password(secrets.token_urlsafe())


class Passwords:
    """Hashes in threads, a few at a time, since each hash holds 19 MiB and a core."""

    def __init__(self) -> None:
        self._turnstile = Turnstile(HASHES_AT_ONCE, HASHES_WAITING)
        self._nobodys = _hash_of_nobodys_password()

    async def hash(self, password: str) -> str:
        """Return the hash of a new password."""
        async with self._turnstile.passed():
            return await asyncio.to_thread(hash_password, password)

    async def verify(self, password: str, hashed: str | None) -> tuple[bool, str | None]:
        """Tell whether the password is right, and a newer hash to store where the parameters changed.

        None in place of a hash, for an account that does not exist, takes as long and is always wrong.
        """
        async with self._turnstile.passed():
            check = _password_hash.verify_and_update
            right, newer = await asyncio.to_thread(check, password, hashed or self._nobodys)
        return right and hashed is not None, newer if hashed else None


@dataclass(frozen=True, slots=True)
class Claims:
    """Who asks. `id` is whose data it is about; `expires_at` is in seconds since 1970.

    `session_id` is the login, None for an API key. `actor_id` is the administrator who acts for the person,
    None where people act for themselves.
    """

    id: UUID
    role: Role
    session_id: UUID | None
    expires_at: int
    api_key_id: UUID | None = None
    actor_id: UUID | None = None


@dataclass(frozen=True)
class Tokens:
    """Issues and reads access tokens. `keys` are secrets by their ids, `current` names the one that signs.

    A key that is no longer current is believed for as long as it is in the ring, so that nobody is logged
    out when keys rotate.
    """

    keys: Mapping[str, str] = field(repr=False)
    current: str
    access: timedelta
    refresh: timedelta

    def issue(self, account_id: UUID, role: Role, family_id: UUID) -> str:
        """Return a signed access token."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(account_id),
            "role": role.value,
            "iat": now,
            "nbf": now,
            "exp": now + int(self.access.total_seconds()),
            "jti": str(uuid4()),
            "sid": str(family_id),
        }
        headers = {"kid": self.current}
        return _jwt.encode(claims, self.keys[self.current], algorithm=ALGORITHM, headers=headers)

    def read(self, token: str) -> Claims:
        """Return what a token says; UnauthenticatedError unless it is ours and valid now."""
        try:
            claims = _jwt.decode(
                token,
                self._key_of(token),
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                leeway=LEEWAY_SECONDS,
                options={"require": CLAIMS},
            )
            return Claims(UUID(claims["sub"]), Role(claims["role"]), UUID(claims["sid"]), int(claims["exp"]))
        except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
            raise UnauthenticatedError(REFUSED) from None

    def _key_of(self, token: str) -> str:
        kid = jwt.get_unverified_header(token).get("kid")
        if not isinstance(kid, str) or kid not in self.keys:
            raise UnauthenticatedError(REFUSED)
        return self.keys[kid]


def new_refresh_token() -> str:
    """Return a refresh token that nobody can guess."""
    return secrets.token_urlsafe(REFRESH_TOKEN_BYTES)


def digest_of(token: str) -> str:
    """Return what is kept of a refresh token: its SHA-256, which needs no salt since the token is random."""
    return hashlib.sha256(token.encode()).hexdigest()
