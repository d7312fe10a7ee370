"""Waiting for what the API announces by no event; the deadline is the caller's."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

POLL_SECONDS = 0.2

Found = TypeVar("Found")


async def until(look: Callable[[], Awaitable[Found | None]]) -> Found:
    """Look again and again until something is found, and return it."""
    while not (found := await look()):  # noqa: ASYNC110 -- the other side is another process
        await asyncio.sleep(POLL_SECONDS)
    return found
