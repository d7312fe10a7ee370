"""Which sites may call the API from a browser: exact origins only, and with a cookie just Temporal's UI.

A frontend sends its token itself, so nothing that a browser adds by itself (a cookie) counts anywhere but at
the codec, which Temporal's UI can only ask so.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.responses import Response

from api.problems import KINDS, problem
from models.errors import ForbiddenError

Headers = list[tuple[bytes, bytes]]

CODEC = "/api/codec/"
METHODS = b"GET, POST, PUT, PATCH, DELETE"
ASKED = b"Authorization, Content-Type, Last-Event-ID, X-Act-For, X-Namespace, X-Reason, X-Request-ID"
SHOWN = b"Content-Disposition, Retry-After, X-Request-ID"
REMEMBERED_SECONDS = b"600"
NOT_NAMED = (
    "This origin may not call the API from a browser; its operator names those that may in the settings."
)

_VARY = (b"vary", b"Origin")
_CREDENTIALS = (b"access-control-allow-credentials", b"true")


@dataclass(frozen=True)
class Cors:
    """The origins of frontends, and those that may use the codec with its cookie."""

    frontends: frozenset[bytes]
    codec: frozenset[bytes]

    @classmethod
    def of(cls, frontends: Iterable[str], codec: Iterable[str]) -> "Cors":
        """Return what lets these origins in."""
        return cls(frozenset(map(str.encode, frontends)), frozenset(map(str.encode, codec)))

    def headers(self, origin: bytes, path: str) -> Headers:
        """Return what an answer says to the browser of this origin; just Vary where it may not read it."""
        allowed = (b"access-control-allow-origin", origin)
        if path.startswith(CODEC):
            return [_VARY, allowed, _CREDENTIALS] if origin in self.codec else [_VARY]
        if origin in self.frontends:
            return [_VARY, allowed, (b"access-control-expose-headers", SHOWN)]
        return [_VARY]

    def preflight(self, origin: bytes, path: str) -> Response:
        """Return the answer to a browser that asks whether it may ask."""
        if origin not in (self.codec if path.startswith(CODEC) else self.frontends):
            return problem(KINDS[ForbiddenError], NOT_NAMED)
        answer = Response(status_code=204)
        answer.raw_headers.extend(
            [
                (b"access-control-allow-methods", METHODS),
                (b"access-control-allow-headers", ASKED),
                (b"access-control-max-age", REMEMBERED_SECONDS),
            ]
        )
        return answer
