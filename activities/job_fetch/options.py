"""What the installation's settings say about fetching jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from activities.vendors.adzuna import SearchQuery
from models.fetch_key import CallLimits

ADZUNAS = CallLimits()


@dataclass(frozen=True)
class FetchOptions:
    """The installation's own searches, what an Adzuna account may be asked, and how often runs begin."""

    searches: Sequence[SearchQuery]
    results_per_page: int = 50
    pages_per_search: int = 1
    attempts: int = 3
    limits: CallLimits = ADZUNAS
    interval: timedelta = timedelta(minutes=30)
