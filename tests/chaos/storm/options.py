"""What a storm is made of: its seed, and how much of what; read from the environment."""

import os
import random
import secrets
from dataclasses import dataclass
from typing import Self

KILLS = 20
APPLICATIONS = 200
SEED_BITS = 32
EACH = 20
PEOPLE_MIN = 4
PAUSE_SECONDS = 4.5
"""The mean time between two kills: long enough that what was killed has mostly come back."""


@dataclass(frozen=True)
class Options:
    """The same options make the same plan; what the machine makes of it differs from run to run."""

    seed: int
    kills: int = KILLS
    applications: int = APPLICATIONS

    @classmethod
    def from_environment(cls) -> Self:
        """Read SEED, KILLS and APPLICATIONS; without a seed one is drawn."""
        return cls(
            seed=int(os.environ.get("SEED") or secrets.randbits(SEED_BITS)),
            kills=int(os.environ.get("KILLS") or KILLS),
            applications=int(os.environ.get("APPLICATIONS") or APPLICATIONS),
        )

    @property
    def people(self) -> int:
        """How many people apply: no more than their caps allow to each."""
        return max(PEOPLE_MIN, -(-self.applications // EACH))

    @property
    def pauses(self) -> list[float]:
        """The seconds before each kill."""
        draw = self.draw("pauses")
        return [draw.uniform(0.2, 1.8) * PAUSE_SECONDS for _ in range(self.kills)]

    def draw(self, purpose: str) -> random.Random:
        """Return the source of chance for one purpose, so that none changes another's draws."""
        return random.Random(f"{self.seed}/{purpose}")
