"""Reads server-sent events off a real connection."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.api.client import Person

PATIENCE = 90.0


@dataclass
class Received:
    """One event, or a comment, which has nothing but its text."""

    kind: str = ""
    id: str = ""
    data: Any = None
    comment: str = ""


class Events:
    """The events of one open stream, one by one."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def next(self) -> Received:
        """Return the next event; StopAsyncIteration at the end, TimeoutError when none comes."""
        async with asyncio.timeout(PATIENCE):
            while not (event := await self._read()).kind:
                pass
        return event

    async def take(self, count: int) -> list[Received]:
        """Return so many events."""
        return [await self.next() for _ in range(count)]

    async def rest(self) -> list[Received]:
        """Return the events up to the end of the stream."""
        found = []
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    found.append(await self.next())
                except StopAsyncIteration:
                    return found

    async def comment(self) -> str:
        """Return the next comment."""
        async with asyncio.timeout(PATIENCE):
            while not (event := await self._read()).comment:
                pass
        return event.comment

    async def _read(self) -> Received:
        event = Received()
        while line := await anext(self._lines):
            name, _, value = line.partition(": ")
            match name:
                case "event":
                    event.kind = value
                case "id":
                    event.id = value
                case "data":
                    event.data = json.loads(value)
                case "":
                    event.comment = value
        return event


@asynccontextmanager
async def following(person: Person, path: str, last: str | None = None) -> AsyncIterator[Events]:
    """Open a stream as this person, behind an event if one is named."""
    headers = {**person.headers, **({} if last is None else {"Last-Event-ID": last})}
    async with person.api.http.stream("GET", path, headers=headers, timeout=PATIENCE) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Events(answer)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds that nothing announces."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 -- there is no event to wait for
            await asyncio.sleep(0.01)
