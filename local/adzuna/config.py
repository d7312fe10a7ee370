"""What the Adzuna stand-in is made of; the defaults suit a local run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from local import keys
from local.adzuna.source import Clock

DEFAULT_SEED = 20_260_101
DEFAULT_ADS = 1200


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class AdzunaConfig:
    """`ads_per_country` are live at any time; `recorded_dir` replaces all generated ads.

    `database` None keeps the state, which is limits only, in memory. `others` are the keys of further
    accounts by their ids; each account has limits of its own.
    """

    database: Path | None = None
    app_id: str = keys.ADZUNA_APP_ID
    app_key: str = keys.ADZUNA_APP_KEY
    others: Mapping[str, str] = field(default_factory=dict)
    seed: int = DEFAULT_SEED
    ads_per_country: int = DEFAULT_ADS
    recorded_dir: Path | None = None
    now: Clock = field(default=utc_now)
