"""Remembers the requests that a stand-in received, for tests that ask what was sent and how often.

`GET /_control/requests` lists them, oldest first, with query and JSON body but without keys; `DELETE`
forgets them.
Requests that a fault spoils are remembered as well, for this middleware is the outermost one.
"""

import json
from collections import deque
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local.faults import CONTROL

MOST_REMEMBERED = 1000
SECRET_PARAMETERS = {"app_key"}
SECRET_HEADERS = {"authorization", "x-api-key", "cookie"}

Record = dict[str, Any]


class ReceivedMiddleware:
    """Pure ASGI middleware that reads each request whole, remembers it and hands it on."""

    def __init__(self, app: ASGIApp, records: deque[Record]) -> None:
        self.app = app
        self.records = records

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Remember one request; its status follows once it is answered, and stays None if it never is."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self.app(scope, receive, send)
            return
        body = await _read(receive)
        record = _record(scope, body)
        self.records.append(record)
        unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive_again() -> Message:
            return unread.pop() if unread else await receive()

        async def send_noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                record["status"] = message["status"]
            await send(message)

        await self.app(scope, receive_again, send_noting)


async def _read(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _record(scope: Scope, body: bytes) -> Record:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return {
        "at": datetime.now(UTC).isoformat(),
        "method": scope["method"],
        "path": scope["path"],
        "query": {name: value for name, value in query if name not in SECRET_PARAMETERS},
        "headers": {name: value for name, value in headers.items() if name not in SECRET_HEADERS},
        "body": document,
        "status": None,
    }


def install(app: FastAPI) -> None:
    """Give a stand-in the memory of its requests; to be called after the faults are installed."""
    records: deque[Record] = deque(maxlen=MOST_REMEMBERED)
    router = APIRouter(prefix=CONTROL)

    @router.get("/requests")
    async def list_requests() -> list[Record]:
        return list(records)

    @router.delete("/requests", status_code=204)
    async def forget_requests() -> None:
        records.clear()

    app.include_router(router)
    app.add_middleware(ReceivedMiddleware, records=records)
