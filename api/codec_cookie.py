"""The cookie by which Temporal's UI may ask the codec: a token of its own kind, good there and nowhere else.

It names the login that it was made by, and why payloads are read. Audience and type part it from access
tokens, of which neither stands for the other although one ring of keys signs both.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

import jwt

from api.security import ALGORITHM, ISSUER, LEEWAY_SECONDS, Claims
from models.enums import Role
from models.errors import UnauthenticatedError

COOKIE = "__Secure-jobraker-codec"
PATH = "/api/codec"
SECONDS = 900
AUDIENCE = "jobraker-codec"
TYPE = "codec-session+jwt"
CLAIMS = ["iss", "aud", "sub", "sid", "why", "iat", "nbf", "exp"]

REFUSED = "The cookie of the codec is missing, expired or not ours; get one by POST /api/codec/session."

_jwt = jwt.PyJWT(options={"enforce_minimum_key_length": True})


@dataclass(frozen=True)
class CodecCookies:
    """Issues and reads them. `keys` are secrets by their ids, `current` names the one that signs.

    `origins` are those whose requests may come with one; `public_url` is the address of this API.
    """

    keys: Mapping[str, str] = field(repr=False)
    current: str
    origins: frozenset[str]
    public_url: str

    @property
    def same_site(self) -> Literal["strict", "none"]:
        """How far browsers take it.

        Temporal's UI behind a tunnel, http on this machine, is another site than the API's https: it would
        come with no cookie that is `strict`. Whose requests count is decided by their origin all the same.
        """
        own = urlsplit(self.public_url)
        sites = {(each.scheme, each.hostname) for each in map(urlsplit, self.origins)}
        return "strict" if sites <= {(own.scheme, own.hostname)} else "none"

    def issue(self, me: Claims, reason: str) -> str:
        """Return a cookie for an administrator who is logged in, good for SECONDS."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(me.id),
            "sid": str(me.session_id),
            "why": reason,
            "iat": now,
            "nbf": now,
            "exp": now + SECONDS,
        }
        headers = {"kid": self.current, "typ": TYPE}
        return _jwt.encode(claims, self.keys[self.current], algorithm=ALGORITHM, headers=headers)

    def read(self, cookie: str) -> tuple[Claims, str]:
        """Return whose login it was made by, and why; UnauthenticatedError unless it is ours and valid now.

        Whether the login still holds, and with which role, must be asked after.
        """
        try:
            claims = _jwt.decode(
                cookie,
                self._key_of(cookie),
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                leeway=LEEWAY_SECONDS,
                options={"require": CLAIMS},
            )
            login = Claims(UUID(claims["sub"]), Role.USER, UUID(claims["sid"]), int(claims["exp"]))
            return login, str(claims["why"])
        except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
            raise UnauthenticatedError(REFUSED) from None

    def _key_of(self, cookie: str) -> str:
        header = jwt.get_unverified_header(cookie)
        kid = header.get("kid")
        if header.get("typ") != TYPE or not isinstance(kid, str) or kid not in self.keys:
            raise UnauthenticatedError(REFUSED)
        return self.keys[kid]
