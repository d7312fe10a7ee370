"""A load of HTTP/1.1 requests over kept-alive sockets, cheap enough not to be what is measured."""

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlsplit

PERCENT = 100
LAST = 98
"""The place of the 99th percentile among 99 cuts."""


@dataclass(frozen=True)
class Load:
    """How many clients, and for how many seconds."""

    clients: int = 16
    seconds: float = 3.0


@dataclass(frozen=True)
class Answers:
    """How many a second, and in how many milliseconds half of them and 99 of 100 came."""

    rate: float
    median: float
    p99: float


async def requests_a_second(url: str, headers: dict[str, str], load: Load) -> float:
    """Send the same GET from every client until the time is over; anything but 200 is an error."""
    return (await answers([url], headers, load)).rate


async def answers(urls: Sequence[str], headers: dict[str, str], load: Load) -> Answers:
    """Send GETs of the addresses in turn until the time is over; anything but 200 is an error."""
    parts = urlsplit(urls[0])
    requests = cycle([_request(url, headers) for url in urls])
    began = time.perf_counter()
    taken = await asyncio.gather(
        *(
            _client(parts.hostname or "", parts.port or 80, requests, load.seconds)
            for _ in range(load.clients)
        )
    )
    rate = sum(map(len, taken)) / (time.perf_counter() - began)
    milliseconds = [seconds * 1000 for client in taken for seconds in client]
    cuts = statistics.quantiles(milliseconds, n=PERCENT) if len(milliseconds) > 1 else milliseconds * PERCENT
    return Answers(rate, statistics.median(milliseconds), min(cuts[LAST], max(milliseconds)))


def _request(url: str, headers: dict[str, str]) -> bytes:
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {target} HTTP/1.1", f"host: {parts.netloc}", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _client(host: str, port: int, requests: Iterator[bytes], seconds: float) -> list[float]:
    reader, writer = await asyncio.open_connection(host, port)
    deadline = time.perf_counter() + seconds
    taken = []
    while (sent := time.perf_counter()) < deadline:
        writer.write(request := next(requests))
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            target = request.split(b" ", 2)[1].decode()
            raise RuntimeError(f"{head.splitlines()[0].decode()} for {target}")
        await reader.readexactly(_length(head))
        taken.append(time.perf_counter() - sent)
    writer.close()
    await writer.wait_closed()
    return taken


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise RuntimeError("the answer has no content-length")
