"""kill -9, of one part after the other, at drawn moments."""

import asyncio
import os
import random
import signal
from dataclasses import dataclass, field

from local.supervisor.watchdog import is_alive
from local.throwaway import LocalStack

PARTS = ("worker", "api", "postgres", "temporal", "skyvern")
LOOK_SECONDS = 0.05


@dataclass
class Killer:
    """Kills parts of a stack that mends itself; `killed` names them in their order."""

    stack: LocalStack
    draw: random.Random
    killed: list[str] = field(default_factory=list)

    async def kill(self, pauses: list[float]) -> None:
        """Pause and kill, pause and kill. Each part has its turn before one is killed again."""
        for pause in pauses:
            await asyncio.sleep(pause)
            await self._strike(self._next_part())

    def _next_part(self) -> str:
        this_round = self.killed[len(self.killed) // len(PARTS) * len(PARTS) :]
        return self.draw.choice([part for part in PARTS if part not in this_round])

    async def _strike(self, part: str) -> None:
        # one that is just being started again has first to be there
        while not is_alive(pid := self.stack.pid(part)):  # noqa: ASYNC110 -- the supervisor tells by a file
            await asyncio.sleep(LOOK_SECONDS)
        os.kill(pid, signal.SIGKILL)
        self.killed.append(part)
