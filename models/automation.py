"""The rules by which Jobraker may act for a person: thresholds, caps, waits and quiet hours."""

from datetime import datetime, time
from functools import cache
from typing import Annotated, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, AwareDatetime, Field, StrictBool, model_validator

from models.base import Body

HOURS_A_DAY = 24
UNDO_MINUTES_MAX = 24 * 60
INPUT_DAYS_MAX = 30
CAP_MAX = 50


@cache
def _zones() -> frozenset[str]:
    # a walk through a folder of files, which every reading of a profile would do again
    return frozenset(available_timezones())


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("is no time zone of the IANA database; for example Europe/Paris")
    return name


class Automation(Body):
    """Thresholds for going on alone, caps, waits, and when to keep still.

    Between `quiet_from` and `quiet_to`, in the person's zone, nothing is submitted; the span may pass
    midnight.
    """

    min_score: int = Field(default=70, ge=0, le=100)
    min_confidence: float = Field(default=0.5, ge=0, le=1)
    notify_score: int | None = Field(
        default=80,
        ge=0,
        le=100,
        description="From this score on new matches are told of; null: never.",
    )
    company_cap: int = Field(default=1, ge=0, le=CAP_MAX, description="Applications in 30 days.")
    host_cap: int = Field(default=10, ge=0, le=CAP_MAX, description="Applications to one careers site a day.")
    posted_within_days: int = Field(default=7, ge=1, le=90)
    undo_minutes: float = Field(default=10, ge=0, le=UNDO_MINUTES_MAX)
    input_days: float = Field(default=7, gt=0, le=INPUT_DAYS_MAX, description="How long a question waits.")
    tailor_documents: StrictBool = True
    write_letters: StrictBool = True
    quiet_from: time | None = None
    quiet_to: time | None = None
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    paused_until: AwareDatetime | None = Field(
        default=None, description="Until then nothing is done that the person did not ask for one by one."
    )

    @model_validator(mode="after")
    def _quiet_hours_begin_and_end(self) -> Self:
        if (self.quiet_from is None) != (self.quiet_to is None):
            raise ValueError("quiet_from and quiet_to must be given together")
        return self

    def quiet_seconds(self, at: datetime) -> float:
        """Return for how many seconds from a moment on the person's quiet hours last; 0 outside them."""
        if self.quiet_from is None or self.quiet_to is None or self.quiet_from == self.quiet_to:
            return 0.0
        local = at.astimezone(ZoneInfo(self.time_zone))
        begin, end, clock = self.quiet_from, self.quiet_to, local.time().replace(tzinfo=None)
        is_quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
        if not is_quiet:
            return 0.0
        passed = (local.replace(hour=end.hour, minute=end.minute, second=end.second) - local).total_seconds()
        return passed if passed > 0 else passed + HOURS_A_DAY * 3600.0

    def paused_seconds(self, at: datetime) -> float:
        """Return for how many seconds from a moment on the person has paused everything."""
        return max((self.paused_until - at).total_seconds(), 0.0) if self.paused_until else 0.0
