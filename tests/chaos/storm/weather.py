"""The weather around the vendor: answers lost after their effect, webhooks lost or doubled."""

import asyncio
import random
from dataclasses import dataclass
from typing import Any

import httpx

from local.throwaway import LocalStack

SHARE = 0.1
GUST_SECONDS = 0.25
CALL_SECONDS = 2.0


@dataclass
class Weather:
    """Keeps the stand-in of Skyvern erring; it forgets its orders whenever it is killed."""

    stack: LocalStack
    draw: random.Random

    async def rage(self) -> None:
        """Rage until cancelled."""
        async with self._client() as client:
            while True:
                try:
                    await self._blow(client)
                except httpx.HTTPError:
                    # it is dead at this moment
                    continue
                finally:
                    await asyncio.sleep(GUST_SECONDS)

    async def clear(self) -> None:
        """Have the sun shine again; httpx.HTTPError while the stand-in is away."""
        async with self._client() as client:
            (await client.delete("faults")).raise_for_status()
            (await client.post("webhooks", json={"mode": "normal"})).raise_for_status()

    async def _blow(self, client: httpx.AsyncClient) -> None:
        armed: list[Any] = (await client.get("faults")).raise_for_status().json()
        if not armed:
            await client.post("faults", json=self._lost_answers())
        await client.post("webhooks", json={"mode": self._mode()})

    def _lost_answers(self) -> dict[str, Any]:
        seed = self.draw.getrandbits(32)
        return {"kind": "cut", "after_effect": True, "path": "/v1", "probability": SHARE, "seed": seed}

    def _mode(self) -> str:
        """Return what happens to the webhooks of the runs that begin before the next gust."""
        drawn = self.draw.random()
        return "lost" if drawn < SHARE else "doubled" if drawn < 2 * SHARE else "normal"

    def _client(self) -> httpx.AsyncClient:
        address = f"{self.stack.stand_in('skyvern')}/_control/"
        return httpx.AsyncClient(base_url=address, trust_env=False, timeout=CALL_SECONDS)
