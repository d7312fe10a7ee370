"""Answers that say nothing by the time they take."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

BEAT_SECONDS = 0.25
"""Above what a hash and a few statements take: whatever is done inside, the answer leaves on a beat."""


@asynccontextmanager
async def padded(beat: float = BEAT_SECONDS) -> AsyncIterator[None]:
    """Have the block, however it ends, take a whole number of beats."""
    clock = asyncio.get_running_loop().time
    began = clock()
    try:
        yield
    finally:
        await asyncio.sleep(beat - (clock() - began) % beat)
