"""The two sources of ads: generated ones that come and go with the clock, and a folder of recorded pages."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from local.adzuna.generator import MAXIMUM_AGE, ad_at, period_of
from local.adzuna.model import Ad, make_ad

Clock = Callable[[], datetime]


@dataclass
class GeneratedAds:
    """About `count` ads a country at any time; nothing is stored, a restart finds the same ones again."""

    seed: int
    count: int
    now: Clock
    keeps_time: bool = True
    _shown: dict[str, tuple[Sequence[Ad], datetime]] = field(default_factory=dict)
    _made: dict[str, dict[int, Ad]] = field(default_factory=dict)

    def current(self, country: str) -> Sequence[Ad]:
        """Return the country's ads, newest first; only what has begun since the last call is made anew."""
        now = self.now()
        shown = self._shown.get(country)
        if shown is None or now >= shown[1]:
            shown = self._shown[country] = self._refresh(country, now)
        return shown[0]

    def _refresh(self, country: str, now: datetime) -> tuple[Sequence[Ad], datetime]:
        period = period_of(self.count)
        newest = int(now.timestamp() / period)
        oldest = int((now - MAXIMUM_AGE).timestamp() / period)
        known = self._made.get(country, {})
        # one ad beyond the newest period is made as well: its time is when the list changes next
        made = {
            index: known.get(index) or ad_at(country, self.seed, self.count, index)
            for index in range(newest + 1, oldest - 1, -1)
        }
        self._made[country] = made
        live = [ad for ad in made.values() if now - MAXIMUM_AGE < ad.created <= now]
        beginnings = [ad.created for ad in made.values() if ad.created > now]
        endings = [ad.created + MAXIMUM_AGE for ad in live[-1:]]
        return live, min(beginnings + endings)


@dataclass
class RecordedAds:
    """Pages named `{country}-*.json`, each `{"results": [...]}`, shown word for word and in order."""

    folder: Path
    keeps_time: bool = False
    _read: dict[str, Sequence[Ad]] = field(default_factory=dict)

    def current(self, country: str) -> Sequence[Ad]:
        """Return the ads recorded in a country; files are read once."""
        if country not in self._read:
            pages = sorted(self.folder.glob(f"{country}-*.json"))
            self._read[country] = [
                make_ad(document)
                for page in pages
                for document in json.loads(page.read_text(encoding="utf-8"))["results"]
            ]
        return self._read[country]
