"""People and adverts written by us, with who is well served by which advert and why: to judge the scorer by.

Half of the pairs is there to tune by, half is held out: they alternate in the order of a hash, within the
good and the others of each person. A person's ranking is over all jobs of a half: what was written for the
others is not for them.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.answering_enums import SkipReason
from models.automation import Automation
from models.job import Job
from models.match.places import Point
from models.profile import Preferences

FOLDER = Path(__file__).parent / "labelled"
AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
RULES = Automation(posted_within_days=30)
TUNE, HELD_OUT = "tune", "held_out"


class Pair(BaseModel):
    """An advert and whether it is good for the person: why, and which gate must keep it away, if any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    job: str
    half: str
    good: bool
    why: str
    gate: SkipReason | None
    advert: dict[str, Any]

    def to_job(self) -> Job:
        """Return the advert as a job."""
        told = {name: value for name, value in self.advert.items() if name not in {"days_old", "is_expired"}}
        return Job(
            source="labelled",
            source_id=self.job,
            category_label=self.advert["category"].removesuffix("-jobs").replace("-", " "),
            url=f"https://www.example.com/{self.job}",
            posted_at=AT - timedelta(days=self.advert["days_old"]),
            content_key=self.job,
            fingerprint=self.job,
            seen_at=AT,
            expired_at=AT if self.advert.get("is_expired") else None,
            **told,
        )


class Person(BaseModel):
    """Somebody with what they look for, the coordinates of their places where these count, and the pairs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: str
    preferences: Preferences
    places: dict[str, Point]
    pairs: list[Pair]


@cache
def people() -> list[Person]:
    """Return the labelled set, in the order of the people's names."""
    return [Person.model_validate_json(file.read_text()) for file in sorted(FOLDER.glob("*.json"))]


def half_of(person: Person, pair: Pair) -> str:
    """Return in which half a pair belongs by the rule, whatever the file says."""
    alike = sorted(
        (each for each in person.pairs if each.good is pair.good), key=lambda each: _key(person, each)
    )
    # every other person's first of the others is held out, so that the halves are equal
    shift = 0 if pair.good else people().index(person)
    return HELD_OUT if (alike.index(pair) + shift) % 2 else TUNE


def _key(person: Person, pair: Pair) -> str:
    return hashlib.sha256(f"{person.profile}/{pair.job}".encode()).hexdigest()


def jobs_of(half: str) -> dict[str, Job]:
    """Return the jobs of a half by their names."""
    return {pair.job: pair.to_job() for person in people() for pair in person.pairs if pair.half == half}
