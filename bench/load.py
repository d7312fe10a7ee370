"""A load of HTTP/1.1 requests over kept-alive sockets, cheap enough not to be what is measured."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Load:
    """How many clients, and for how many seconds."""

    clients: int = 16
    seconds: float = 3.0


async def requests_a_second(url: str, headers: dict[str, str], load: Load) -> float:
    """Send the same GET from every client until the time is over; anything but 200 is an error."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {target} HTTP/1.1", f"host: {parts.netloc}", *(f"{k}: {v}" for k, v in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    began = time.perf_counter()
    counts = await asyncio.gather(
        *(_client(parts.hostname or "", parts.port or 80, request, load.seconds) for _ in range(load.clients))
    )
    return sum(counts) / (time.perf_counter() - began)


async def _client(host: str, port: int, request: bytes, seconds: float) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    deadline = time.perf_counter() + seconds
    count = 0
    while time.perf_counter() < deadline:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.splitlines()[0].decode())
        await reader.readexactly(_length(head))
        count += 1
    writer.close()
    await writer.wait_closed()
    return count


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise RuntimeError("the answer has no content-length")
