"""Counts what a page of jobs names, so that each name and word goes to the database once a page."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from activities.job_upkeep.naming import Name, company_name, known_words, place_names, title_name
from models.enums import TermKind

Row = dict[str, Any]
Key = tuple[TermKind, str, str]


@dataclass
class Tallied:
    """How many jobs had a name, how it was first written, and where those with coordinates were in total."""

    shown: str
    jobs: int = 0
    latitude: float = 0.0
    longitude: float = 0.0
    located: int = 0


@dataclass
class Tally:
    """What the rows of jobs named that were added."""

    names: dict[Key, Tallied] = field(default_factory=dict)
    words: Counter[str] = field(default_factory=Counter)

    def add(self, job: Row) -> None:
        """Count a job: its places always, its title and company unless another job has the same content."""
        country = job["country"]
        places = {place.normal: place for place in place_names(job["location"], job["area"])}
        for place in places.values():
            self._locate(self._count(TermKind.PLACE, country, place), job["latitude"], job["longitude"])
        texts = list(places)
        if not job["is_copy"]:
            texts += [job["title"], job["company"]]
            if (title := title_name(job["title"])) is not None:
                self._count(TermKind.TITLE, country, title)
            if (company := company_name(job["company"] or "")) is not None:
                self._count(TermKind.COMPANY, country, company)
        self.words.update(known_words(texts))

    def _count(self, kind: TermKind, country: str, name: Name) -> Tallied:
        counted = self.names.setdefault((kind, country, name.normal), Tallied(name.shown))
        counted.jobs += 1
        return counted

    def _locate(self, counted: Tallied, latitude: float | None, longitude: float | None) -> None:
        if latitude is not None and longitude is not None:
            counted.located += 1
            counted.latitude += latitude
            counted.longitude += longitude

    def terms(self) -> list[Row]:
        """Return the rows of the names, in the order of their keys, with the middle of their jobs."""
        return [
            {
                "kind": kind,
                "country": country,
                "normal": normal,
                "shown": counted.shown,
                "jobs": counted.jobs,
                "latitude": counted.latitude / counted.located if counted.located else None,
                "longitude": counted.longitude / counted.located if counted.located else None,
                "located": counted.located,
            }
            for (kind, country, normal), counted in sorted(self.names.items(), key=lambda each: each[0])
        ]

    def counted_words(self) -> list[Row]:
        """Return the rows of the words, in their order."""
        return [{"word": word, "jobs": jobs} for word, jobs in sorted(self.words.items())]
