"""A mail sink: an SMTP server that keeps every message in SQLite, and an HTTP side that shows them.

Faults apply to the receipt of a message: their method is `SMTP`, their path `/` and the first recipient,
their status an SMTP reply code.
"""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI

from local import faults
from local.serving import serve

ACCEPTED = "250 OK"
DEFAULT_REPLY = 451
COLUMNS = ("id", "at", "sender", "recipients", "subject", "body")


@dataclass(frozen=True)
class MailAddresses:
    """Where the sink listens; `control` is the base URL of its HTTP side."""

    host: str
    smtp_port: int
    control: str


class Mailbox:
    """The stored messages; `database` None keeps them in memory."""

    def __init__(self, database: Path | None) -> None:
        if database is not None:
            database.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(database or ":memory:", isolation_level=None)
        self._connection.executescript(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE IF NOT EXISTS message (
                id INTEGER PRIMARY KEY, at TEXT NOT NULL, sender TEXT NOT NULL, recipients TEXT NOT NULL,
                subject TEXT NOT NULL, body TEXT NOT NULL
            );
            """
        )

    def add(self, sender: str, recipients: list[str], raw: bytes) -> None:
        """Store a message as received; of several bodies the plain one counts."""
        parsed = message_from_bytes(raw, EmailMessage, policy=modern)
        part = parsed.get_body(("plain", "html"))
        body = part.get_content() if part is not None else ""
        row = (datetime.now(UTC).isoformat(), sender, json.dumps(recipients), parsed["subject"] or "", body)
        self._connection.execute(
            "INSERT INTO message (at, sender, recipients, subject, body) VALUES (?, ?, ?, ?, ?)",
            [str(value) for value in row],
        )

    def list(self, recipient: str | None) -> list[dict[str, Any]]:
        """Return the messages, oldest first, all or those to one address."""
        rows = self._connection.execute(
            "SELECT id, at, sender, recipients, subject, body FROM message ORDER BY id"
        )
        messages = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
        for message in messages:
            message["to"] = json.loads(message.pop("recipients"))
        return [message for message in messages if recipient is None or recipient in message["to"]]

    def clear(self) -> None:
        """Forget all messages."""
        self._connection.execute("DELETE FROM message")

    def close(self) -> None:
        """Close the database."""
        self._connection.close()


class _Receiver:
    """aiosmtpd's handler: stores what comes in, unless a fault is armed for it."""

    def __init__(self, mailbox: Mailbox, armed: faults.Faults) -> None:
        self.mailbox = mailbox
        self.faults = armed

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        fault = self.faults.pick("SMTP", f"/{envelope.rcpt_tos[0]}")
        if fault is None or fault.after_effect or fault.kind == "slow":
            raw = envelope.content if isinstance(envelope.content, bytes) else b""
            self.mailbox.add(envelope.mail_from or "", envelope.rcpt_tos, raw)
        if fault is None:
            return ACCEPTED
        await asyncio.sleep(fault.seconds)
        return _spoiled(fault, server)


def _spoiled(fault: faults.Fault, server: SMTP) -> str:
    if fault.kind == "slow":
        return ACCEPTED
    if fault.kind == "cut" and server.transport is not None:
        server.transport.close()
        return ACCEPTED
    if fault.kind == "garbage":
        return "\x07\x07 not a reply"
    text = fault.body if isinstance(fault.body, str) else "Requested action not taken"
    return f"{fault.status or DEFAULT_REPLY} {text}"


@asynccontextmanager
async def serve_mail(
    database: Path | None, host: str = "127.0.0.1", smtp_port: int = 0, http_port: int = 0
) -> AsyncIterator[MailAddresses]:
    """Serve SMTP and the HTTP side until the block ends. Raises OSError where a port is taken."""
    async with AsyncExitStack() as stack:
        mailbox = Mailbox(database)
        stack.callback(mailbox.close)
        app, armed = _control(mailbox)
        receiver = _Receiver(mailbox, armed)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(receiver, enable_SMTPUTF8=True, hostname="localhost", loop=loop), host, smtp_port
        )
        stack.callback(server.close)
        control = await stack.enter_async_context(serve(app, host, http_port))
        yield MailAddresses(host, server.sockets[0].getsockname()[1], control)


def _control(mailbox: Mailbox) -> tuple[FastAPI, faults.Faults]:
    app = FastAPI(openapi_url=None)

    async def reset() -> None:
        mailbox.clear()

    armed = faults.install(app, reset)

    @app.get(f"{faults.CONTROL}/messages")
    async def messages(to: str | None = None) -> list[dict[str, Any]]:
        return mailbox.list(to)

    return app, armed
