"""Lets a few through at a time to what is costly, a few more wait, and turns the rest away at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from models.errors import UnavailableError


class Turnstile:
    """A semaphore with a short queue."""

    def __init__(self, at_once: int, waiting_max: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._at_most = at_once + waiting_max
        self._inside = 0

    @asynccontextmanager
    async def passed(self) -> AsyncIterator[None]:
        """Hold a place while the block runs; UnavailableError when too many hold or want one."""
        if self._inside >= self._at_most:
            raise UnavailableError("Too many want the same at this moment; try again in a few seconds.")
        self._inside += 1
        try:
            async with self._places:
                yield
        finally:
            self._inside -= 1
