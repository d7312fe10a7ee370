"""Faults on demand: a middleware and a control router that let a test make any stand-in misbehave.

`POST /_control/faults` arms a `Fault`; the first armed one that matches a request and wins its draw is played
on it. Connections are cut through the hang-up that `local.serving` puts into each request's scope.
"""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTROL = "/_control"
HANG_UP = "local.hang_up"
GARBAGE = b'{"results": [{"id": "\xff\xfe\x00", <<<'
HTML_PAGE = "<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>\n"
DEFAULT_STATUS = {"status": 500, "html": 503, "garbage": 200}

ErrorBody = Callable[[int], JsonValue]
Reset = Callable[[], Awaitable[None]]


def _compiles(path: str) -> str:
    try:
        re.compile(path)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return path


class Fault(BaseModel):
    """One way to fail. `path` is a prefix or a regular expression from the start of the path; None is any.

    `seconds` delays whatever follows. `after_effect` runs the stand-in to its end and throws its answer away.
    `after_bytes` (only `cut`) first sends that much of the real answer's body. `status` defaults by kind.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Literal["slow", "status", "cut", "garbage", "html"]
    method: str | None = None
    path: Annotated[str, AfterValidator(_compiles)] | None = None
    times: int | None = Field(default=None, ge=1)
    probability: float = Field(default=1.0, ge=0, le=1)
    seconds: float = Field(default=0, ge=0)
    status: int | None = Field(default=None, ge=200, le=599)
    body: JsonValue = None
    headers: dict[str, str] = Field(default_factory=dict)
    after_effect: bool = False
    after_bytes: int | None = Field(default=None, ge=0)
    seed: int | None = None

    def matches(self, method: str, path: str) -> bool:
        """Tell whether a request is one that this fault is for."""
        if self.method is not None and self.method.upper() != method:
            return False
        return self.path is None or path.startswith(self.path) or re.match(self.path, path) is not None


class ArmedFault(Fault):
    """A fault with its id and how often it has fired."""

    id: str = Field(default_factory=lambda: uuid4().hex)
    fired: int = 0


@dataclass
class Faults:
    """The armed faults of one stand-in, in the order they were armed.

    `error_body` gives the vendor's own error document for a status, where a fault names none.
    """

    error_body: ErrorBody = lambda status: {"error": f"status {status}"}
    armed: dict[str, ArmedFault] = field(default_factory=dict)
    _draws: dict[str, random.Random] = field(default_factory=dict)

    def arm(self, fault: Fault) -> ArmedFault:
        """Add a fault behind those already armed."""
        armed = ArmedFault(**fault.model_dump())
        self.armed[armed.id] = armed
        self._draws[armed.id] = random.Random(fault.seed)
        return armed

    def clear(self) -> None:
        """Forget every fault."""
        self.armed.clear()
        self._draws.clear()

    def pick(self, method: str, path: str) -> ArmedFault | None:
        """Return the fault to play on this request, counted as fired, or None."""
        for fault in self.armed.values():
            used_up = fault.times is not None and fault.fired >= fault.times
            if used_up or not fault.matches(method, path):
                continue
            if self._draws[fault.id].random() < fault.probability:
                fault.fired += 1
                return fault
        return None

    def answer(self, fault: Fault) -> Response:
        """Build the answer of a `status`, `garbage` or `html` fault."""
        status = fault.status or DEFAULT_STATUS[fault.kind]
        if fault.kind == "garbage":
            return Response(GARBAGE, status, media_type="application/json", headers=fault.headers)
        if fault.kind == "html":
            page = fault.body if isinstance(fault.body, str) else HTML_PAGE.format(status=status)
            return HTMLResponse(page, status, headers=fault.headers)
        if isinstance(fault.body, str):
            return Response(fault.body, status, media_type="text/plain", headers=fault.headers)
        document = self.error_body(status) if fault.body is None else fault.body
        return JSONResponse(document, status, headers=fault.headers)


class FaultsMiddleware:
    """Pure ASGI middleware that plays the armed faults; the control endpoints are never touched."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self.app = app
        self.faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or spoil it."""
        fault = None
        if scope["type"] == "http" and not scope["path"].startswith(CONTROL):
            fault = self.faults.pick(scope["method"], scope["path"])
        if fault is None:
            await self.app(scope, receive, send)
            return
        if fault.after_effect:
            await self.app(scope, receive, _discard)
        await asyncio.sleep(fault.seconds)
        await self._spoil(fault, scope, receive, send)

    async def _spoil(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind == "slow" and not fault.after_effect:
            await self.app(scope, receive, send)
        elif fault.kind == "cut" and fault.after_bytes is not None and not fault.after_effect:
            await self.app(scope, receive, _CutAfter(fault.after_bytes, scope, send))
        elif fault.kind in {"slow", "cut"}:
            _hang_up(scope)
        else:
            await self.faults.answer(fault)(scope, receive, send)


class _CutAfter:
    """A `send` that passes so many bytes of the body on and then closes the connection."""

    def __init__(self, remaining: int, scope: Scope, send: Send) -> None:
        self.remaining = remaining
        self.scope = scope
        self.send = send
        self.is_cut = False

    async def __call__(self, message: Message) -> None:
        if self.is_cut:
            return
        if message["type"] != "http.response.body":
            await self.send(message)
            return
        body = message.get("body", b"")
        self.is_cut = len(body) >= self.remaining or not message.get("more_body", False)
        await self.send({**message, "body": body[: self.remaining], "more_body": True})
        self.remaining -= len(body)
        if self.is_cut:
            _hang_up(self.scope)


async def _discard(message: Message) -> None:
    """Stand in for `send` where the answer is to be lost."""


def _hang_up(scope: Scope) -> None:
    hang_up = scope.get("extensions", {}).get(HANG_UP)
    if hang_up is None:
        raise ConnectionAbortedError("the connection was cut by a fault")
    hang_up()


def install(app: FastAPI, reset: Reset, error_body: ErrorBody | None = None) -> Faults:
    """Give a stand-in the middleware and its `/_control` endpoints; `reset` clears its stored state."""
    faults = Faults() if error_body is None else Faults(error_body)
    app.include_router(_control_router(faults, reset))
    app.add_middleware(FaultsMiddleware, faults=faults)
    return faults


def _control_router(faults: Faults, reset: Reset) -> APIRouter:
    router = APIRouter(prefix=CONTROL)

    @router.post("/faults", status_code=201)
    async def arm(fault: Fault) -> ArmedFault:
        return faults.arm(fault)

    @router.get("/faults")
    async def list_faults() -> list[ArmedFault]:
        return list(faults.armed.values())

    @router.delete("/faults", status_code=204)
    async def clear() -> None:
        faults.clear()

    @router.delete("/faults/{fault_id}", status_code=204)
    async def disarm(fault_id: str) -> None:
        if faults.armed.pop(fault_id, None) is None:
            raise HTTPException(404, "no such fault")

    @router.delete("/state", status_code=204)
    async def reset_state() -> None:
        await reset()

    return router
