"""A person's applications in figures: by state, by the board's columns, by day, and who has replied."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field
from pydantic.dataclasses import dataclass

from models.board import Column, column_of, is_reply
from models.enums import ApplicationState, Outcome, Stage

DAYS_DEFAULT = 30
DAYS_MAX = 366

KINDS_SQL = (
    "SELECT state, stage, outcome, count(*) AS count FROM application"
    " WHERE user_id = %(user_id)s GROUP BY state, stage, outcome"
)
# the days are given as moments: zones are Python's, and a day may have 23 or 25 hours
CREATED_SQL = (
    "SELECT width_bucket(created_at, %(days)s::timestamptz[]) AS day, count(*) AS count FROM application"
    " WHERE user_id = %(user_id)s AND created_at >= %(first)s GROUP BY 1"
)
SUBMITTED_SQL = (
    "SELECT width_bucket(submitted_at, %(days)s::timestamptz[]) AS day, count(*) AS count FROM application"
    " WHERE user_id = %(user_id)s AND state = 'submitted' AND submitted_at >= %(first)s GROUP BY 1"
)
INTERVIEWS_SQL = (
    "SELECT count(*) AS count, min(at) AS next FROM interview WHERE user_id = %(user_id)s AND at >= %(now)s"
)


@dataclass(frozen=True)
class Kind:
    """How many applications stand alike on all three axes."""

    state: ApplicationState
    stage: Stage | None
    outcome: Outcome | None
    count: int


class DayCount(BaseModel):
    """One day in the person's zone."""

    day: date
    created: int = Field(description="Applications that were asked for, by the person or the sweep.")
    submitted: int


class Counters(BaseModel):
    """All figures; `by_day` ends with today and leaves no day out."""

    total: int
    needs_me: int
    by_state: dict[ApplicationState, int]
    by_column: dict[Column, int] = Field(
        description="The board. What failed, expired, was skipped or never sent is on none of its columns."
    )
    off_board: int
    by_day: list[DayCount]
    time_zone: str
    interviews_ahead: int
    next_interview_at: datetime | None
    submitted: int
    replied: int
    reply_rate: float | None = Field(description="replied / submitted; null where nothing was submitted.")


def by_state(kinds: Iterable[Kind]) -> dict[ApplicationState, int]:
    """Return how many applications are in each state, all of the states."""
    counts: Counter[ApplicationState] = Counter()
    for kind in kinds:
        counts[kind.state] += kind.count
    return {state: counts[state] for state in ApplicationState}


def by_column(kinds: Iterable[Kind]) -> tuple[dict[Column, int], int]:
    """Return how many applications are in each column of the board, and how many are in none."""
    counts: Counter[Column | None] = Counter()
    for kind in kinds:
        counts[column_of(kind.state, kind.stage, kind.outcome)] += kind.count
    return {column: counts[column] for column in Column}, counts[None]


def replies(kinds: Iterable[Kind]) -> tuple[int, int]:
    """Return how many applications were submitted, and to how many of them the employer has replied."""
    submitted = [kind for kind in kinds if kind.state is ApplicationState.SUBMITTED]
    replied = sum(kind.count for kind in submitted if is_reply(kind.stage, kind.outcome))
    return sum(kind.count for kind in submitted), replied


def days_until(at: datetime, zone: ZoneInfo, count: int) -> list[datetime]:
    """Return when each of the last `count` days began in a zone, the day of `at` being the last."""
    today = at.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in reversed(range(count))]
    return [datetime(day.year, day.month, day.day, tzinfo=zone) for day in days]


def by_day(days: Sequence[datetime], created: dict[int, int], submitted: dict[int, int]) -> list[DayCount]:
    """Return one count a day of what PostgreSQL has put into buckets, numbered from 1."""
    return [
        DayCount(day=day.date(), created=created.get(number, 0), submitted=submitted.get(number, 0))
        for number, day in enumerate(days, start=1)
    ]
