"""The edge of the API: hosts, origins, limits of bodies, security headers, request ids, log, last resort.

All of it is one ASGI middleware, since each layer costs every request.
"""

import logging
import os
import re
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import sentry_sdk
import structlog
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.cors import Cors
from api.metrics import Metrics
from api.parsing import MALFORMED
from api.problems import INTERNAL, of_status, problem

JSON_MAX = 1024 * 1024
UPLOADS = frozenset({"/api/resumes/"})
UNLOGGED = frozenset({"/health/live", "/health/ready", "/metrics"})
UNMATCHED = "unmatched"
INTERNAL_STATUS = 500
ABANDONED_STATUS = 499
REQUEST_ID_BYTES = 12
DIGITS_MAX = 18
FRAMES_MAX = 12
TWO_LENGTHS = (
    "Send Content-Length or Transfer-Encoding, never both: proxies may disagree where the body ends."
)

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
# what an answer may say otherwise: a page of ours has a policy of its own, a file is kept for a while
_DEFAULTS = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
)
_COMMON = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")

# asked first, since structlog does all of its work before the level counts
access = logging.getLogger("api.access")
log = structlog.get_logger("api.access")


@dataclass(frozen=True)
class Rules:
    """What the edge is told: the largest upload in bytes, and whether we are only reached by HTTPS.

    `hosts` are the names that requests may be addressed to, any where there are none; without `cors` no site
    may call from a browser.
    """

    upload_max: int
    https_only: bool
    hosts: frozenset[bytes] = frozenset()
    cors: Cors | None = None


class BodyTooLargeError(HTTPException):
    """The body grew over its limit; the framework lets HTTPException through its body parsers."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"The body may have at most {limit} bytes.")


class WrongHostError(HTTPException):
    """The request is addressed to a name that is not ours."""

    def __init__(self) -> None:
        super().__init__(421, "Nothing is served here under this name; use the public address of this API.")


class Edge:
    """The outermost middleware of our own."""

    def __init__(self, app: ASGIApp, rules: Rules, metrics: Metrics) -> None:
        self.app = app
        self.rules = rules
        self.metrics = metrics
        self.headers = [*_COMMON, *([_HSTS] if rules.https_only else [])]

    def serves(self, host: bytes, path: str) -> bool:
        """Tell whether a request is for us. What watches the API from inside knows it by other names."""
        hosts = self.rules.hosts
        return not hosts or host in hosts or _name_of(host) in hosts or path in UNLOGGED

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(self, scope, receive, send)
        # every request has a context of its own, so that nothing need be unbound
        structlog.contextvars.bind_contextvars(request_id=exchange.request_id)
        try:
            await exchange.run()
        finally:
            exchange.finish()


class _Exchange:
    """One request and its answer."""

    __slots__ = (
        "_began",
        "_edge",
        "_gone",
        "_hosts",
        "_is_chunked",
        "_is_preflight",
        "_length",
        "_limit",
        "_origin",
        "_read",
        "_receive",
        "_scope",
        "_send",
        "_status",
        "request_id",
    )

    def __init__(self, edge: Edge, scope: Scope, receive: Receive, send: Send) -> None:
        self._edge = edge
        self._scope = scope
        self._receive = receive
        self._send = send
        self._began = perf_counter()
        self._read = 0
        self._gone = False
        self._status = 0
        self._limit = edge.rules.upload_max if scope["path"] in UPLOADS else JSON_MAX
        self._length = b""
        self._is_chunked = False
        self._origin: bytes | None = None
        self._hosts: list[bytes] = []
        self._is_preflight = False
        self.request_id = ""
        self._read_headers(scope["headers"])
        self.request_id = self.request_id or os.urandom(REQUEST_ID_BYTES).hex()

    def _read_headers(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        for name, value in headers:
            if name == b"host":
                self._hosts.append(value)
            elif name == b"content-length" and value.isdigit():
                self._length = value
            elif name == b"transfer-encoding":
                self._is_chunked = True
            elif name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
                self.request_id = value.decode()
            elif name == b"origin":
                self._origin = value
            elif name == b"access-control-request-method":
                self._is_preflight = self._scope["method"] == "OPTIONS"

    async def run(self) -> None:
        try:
            answer = self._answer()
            if answer is not None:
                await answer(self._scope, self._receive, self._dressed_send)
            else:
                await self._edge.app(self._scope, self._bounded_receive, self._dressed_send)
        except Exception as error:  # noqa: BLE001 -- the last resort: whatever it is, nothing of it gets out
            await self._fail(error)

    def _answer(self) -> Response | None:
        """Return what the edge answers by itself, None where the app is to be asked."""
        path: str = self._scope["path"]
        if not all(self._edge.serves(host, path) for host in self._hosts or [b""]):
            return of_status(WrongHostError())
        if self._length and self._is_chunked:
            # the connection is closed (RFC 9112, section 6.1): what is behind may be another's request
            return problem(MALFORMED, TWO_LENGTHS, {"connection": "close"})
        if len(self._length) > DIGITS_MAX or int(self._length or 0) > self._limit:
            return of_status(BodyTooLargeError(self._limit))
        cors = self._edge.rules.cors
        if cors is not None and self._is_preflight and self._origin is not None:
            return cors.preflight(self._origin, path)
        return None

    async def _bounded_receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            if self._read > self._limit:
                raise BodyTooLargeError(self._limit)
        else:
            self._gone = True
        return message

    async def _dressed_send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = list(message.get("headers", ()))
            own = dict(headers)
            headers += [default for default in _DEFAULTS if default[0] not in own]
            if self._origin is not None and self._edge.rules.cors is not None:
                headers += self._edge.rules.cors.headers(self._origin, self._scope["path"])
            request_id = (b"x-request-id", self.request_id.encode())
            message["headers"] = [*headers, *self._edge.headers, request_id]
        await self._send(message)

    async def _fail(self, error: Exception) -> None:
        causes = [_name(each) for each in _leaves(error)]
        if self._gone:
            # the client hung up, which breaks whatever still reads from it or writes to it
            self._status = self._status or ABANDONED_STATUS
            log.info("request.abandoned", route=self._route(), errors=causes)
            return
        sentry_sdk.capture_exception(error)
        log.error("request.failed", route=self._route(), errors=causes, frames=_frames(error))
        if self._status:
            # too late for another answer: the server sees an unfinished one and closes the connection
            return
        self._status = INTERNAL_STATUS
        detail = f"Try again; if it persists, tell us the request id {self.request_id}."
        await problem(INTERNAL, detail)(self._scope, self._receive, self._dressed_send)

    def finish(self) -> None:
        """Count and log the request, by its route and never by its path or query."""
        route, seconds = self._route(), perf_counter() - self._began
        method, status = self._scope["method"], self._status
        if not getattr(self._scope.get("route"), "is_sse_stream", False):
            self._edge.metrics.observe(method, route, status, seconds)
        if route not in UNLOGGED and access.isEnabledFor(logging.INFO):
            log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))

    def _route(self) -> str:
        route = self._scope.get("route")
        path: str = getattr(route, "path_format", getattr(route, "path", UNMATCHED))
        return path


def _name_of(host: bytes) -> bytes:
    """Return a Host header without its port, in small letters."""
    before, _, port = host.rpartition(b":")
    name = (before if port.isdigit() else host).lower()
    is_ipv6 = name.startswith(b"[") and name.endswith(b"]") and b":" in name
    return name[1:-1] if is_ipv6 else name


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _frames(error: BaseException) -> list[str]:
    """Return where it happened; an exception's text is left out, since it may quote what a person sent."""
    leaf = next(_leaves(error))
    frames = traceback.extract_tb(leaf.__traceback__)[-FRAMES_MAX:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
