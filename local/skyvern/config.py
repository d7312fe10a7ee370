"""What the Skyvern stand-in is told when it is built."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SkyvernConfig:
    """Where its state, its employer and its callers are.

    `public_url` begins every link it hands out; empty means: as the latest request addressed it.
    `step_seconds` is how long a browser step takes; `webhook_backoff_seconds` the shortest wait between two
    deliveries of one webhook.
    """

    database: Path
    api_key: str
    careers_url: str
    public_url: str = ""
    step_seconds: float = 0.2
    webhook_backoff_seconds: float = 1.0
