"""What no well-behaved client would send: bytes over a plain socket, and a place that nobody may call."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.api.client import Api

PATIENCE = 30.0
READ_MAX = 1024 * 1024


@dataclass
class Answered:
    """An answer as it came."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        """The status; 0 where the server only hung up."""
        return int(self.head.split(b" ", 2)[1]) if self.head else 0

    @property
    def names(self) -> set[bytes]:
        """The names of its headers, in lower case."""
        return {line.partition(b":")[0].lower() for line in self.head.split(b"\r\n")[1:]}


async def sent(served: Api, request: bytes) -> Answered:
    """Send bytes, read until the server hangs up or has answered all, and return the first answer."""
    url = served.http.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    async with asyncio.timeout(PATIENCE):
        try:
            writer.write(request)
            await writer.drain()
            answer = await reader.read(READ_MAX)
            while b"\r\n\r\n" not in answer and (more := await reader.read(READ_MAX)):
                answer += more
        except ConnectionError:
            answer = b""
        finally:
            writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return Answered(head, body)


@dataclass
class Listener:
    """A server that counts who calls."""

    url: str
    calls: list[bytes] = field(default_factory=list)


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    """Listen on a free port."""
    found = Listener("")

    async def called(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.calls.append(await reader.read(READ_MAX))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(called, "127.0.0.1", 0)
    found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield found
