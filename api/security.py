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
from models.errors import FactorUnsetError, ForbiddenError, UnauthenticatedError

# OWASP's first choice for argon2id: 19 MiB, two passes, one lane
ARGON2_KIB = 19_456
ARGON2_PASSES = 2
ARGON2_LANES = 1
HASHES_AT_ONCE = 2
HASHES_WAITING = 50

ALGORITHM = "HS256"
HEADER = {"alg": ALGORITHM, "typ": "JWT"}
"""What the header of each of our tokens says, beside the id of its key."""

ISSUER = "jobraker"
AUDIENCE = "jobraker-api"
CLAIMS = ["iss", "aud", "sub", "role", "iat", "nbf", "exp", "jti", "sid"]
LEEWAY_SECONDS = 5
REFRESH_TOKEN_BYTES = 32
API_KEY_BYTES = 32
API_KEY_MARK = "jbk_"
"""How API keys begin, so that those who find one, and programs that look for leaked ones, know what it is."""

API_KEY_SHOWN = 8

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
    None where people act for themselves. `second_factor`: whether the account has one switched on.
    """

    id: UUID
    role: Role
    session_id: UUID | None
    expires_at: int
    api_key_id: UUID | None = None
    actor_id: UUID | None = None
    second_factor: bool = False


@dataclass(frozen=True)
class Tokens:
    """Issues and reads access tokens. `keys` are secrets by their ids, `current` names the one that signs.

    A key that is no longer current is believed for as long as it is in the ring, so that nobody is logged
    out when keys rotate. A header holds what ours hold and nothing else: no key of its own, no place to get
    one from, nothing critical, no other algorithm.
    """

    keys: Mapping[str, str] = field(repr=False)
    current: str
    access: timedelta
    refresh: timedelta
    _headers: dict[str, str] = field(init=False, repr=False, default_factory=dict)
    """The key for each header as we write it, encoded, so that ours need not be read at each request."""

    def __post_init__(self) -> None:
        for kid, key in self.keys.items():
            written = _jwt.encode({}, key, algorithm=ALGORITHM, headers={"kid": kid})
            self._headers[written.partition(".")[0]] = key

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
        # PyJWT adds the two others of HEADER
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
        known = self._headers.get(token.partition(".")[0])
        if known is not None:
            return known
        header = jwt.get_unverified_header(token)
        kid = header.pop("kid", None)
        if header != HEADER or not isinstance(kid, str) or kid not in self.keys:
            raise UnauthenticatedError(REFUSED)
        return self.keys[kid]


def new_refresh_token() -> str:
    """Return a refresh token that nobody can guess."""
    return secrets.token_urlsafe(REFRESH_TOKEN_BYTES)


def new_api_key() -> str:
    """Return an API key that nobody can guess."""
    return API_KEY_MARK + secrets.token_urlsafe(API_KEY_BYTES)


def prefix_of(key: str) -> str:
    """Return the beginning of an API key, by which its person knows it again."""
    return key[: len(API_KEY_MARK) + API_KEY_SHOWN]


def digest_of(token: str) -> str:
    """Return what is kept of a refresh token or API key: its SHA-256.

    It needs no salt, since what is digested is random.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def check_admin(claims: Claims, *, needs_factor: bool) -> None:
    """ForbiddenError unless it is an administrator, with a second factor where administrators need one."""
    if claims.role is not Role.ADMIN:
        raise ForbiddenError("Only administrators may do this.")
    if needs_factor and not claims.second_factor:
        raise FactorUnsetError("Administrators need a second factor: switch one on at /api/auth/totp.")
