"""Heartbeats that go on while a step waits for the outside world."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio import activity

BEAT_SECONDS = 5.0


@asynccontextmanager
async def beating(seconds: float = BEAT_SECONDS) -> AsyncIterator[None]:
    """Tell Temporal every so often that this step is alive; a cancelled step learns of it by its beats."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(seconds)

    heart = asyncio.create_task(beat())
    try:
        yield
    finally:
        heart.cancel()
        await asyncio.wait([heart])
