"""The ledger of calls to Adzuna: whose key made them, and what each key may still be used for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Row, text_enum, utc
from models.enums import CallState, CallWindow

SPANS = {
    CallWindow.MINUTE: timedelta(minutes=1),
    CallWindow.DAY: timedelta(days=1),
    CallWindow.WEEK: timedelta(days=7),
    CallWindow.MONTH: timedelta(days=31),
}
"""Sliding: what is never passed in any such span is never passed in a calendar's either."""

COUNTED_AT = "coalesce(fetch_call.settled_at, fetch_call.created_at + interval '60 seconds')"
"""The latest moment at which a call may have been made: a worker that died after it reserved told of none."""

COUNTED_SINCE = "interval '31 days 1 hour'"
"""No call that was reserved longer ago counts in any window: it was settled, or given up, within the hour."""

# of the latest calls the k-th was made at some time; what fills up by one a call and runs out at `rate` a
# second stands at least at k less what has run out since then, and the highest of these is where it stands
USAGE = f"""
SELECT fetch_key.id, fetch_key.owner_id, fetch_key.digest, fetch_key.blocked_until, fetch_key.refused_at,
       count(*) FILTER (WHERE call.at > %(at)s - interval '1 minute') AS minute,
       count(*) FILTER (WHERE call.at > %(at)s - interval '1 day') AS day,
       count(*) FILTER (WHERE call.at > %(at)s - interval '7 days') AS week,
       count(*) FILTER (WHERE call.at > %(at)s - interval '31 days') AS month,
       CAST(greatest(0, max(call.place - %(rate)s * extract(epoch FROM %(at)s - call.at))
                        FILTER (WHERE call.at > %(at)s - interval '31 days')) AS float8) AS level
FROM fetch_key LEFT JOIN LATERAL (
    SELECT {COUNTED_AT} AS at, row_number() OVER (ORDER BY {COUNTED_AT} DESC) AS place
    FROM fetch_call
    WHERE fetch_key_id = fetch_key.id AND created_at > %(at)s - {COUNTED_SINCE} AND state <> 'released'
) call ON true
GROUP BY fetch_key.id ORDER BY fetch_key.owner_id NULLS FIRST
"""  # noqa: S608 -- made of the constants above
"""Selects what each key has used at a time, with the level of what paces its runs (see `rate`)."""


class FetchKey(Row, table=True):
    """One Adzuna account's ledger: the installation's (no owner), or that of a person's own key.

    `digest` tells a key from the one before: what was refused counts only against the key that it was.
    """

    __tablename__ = "fetch_key"
    __table_args__ = (
        UniqueConstraint("owner_id", name="uq_fetch_key_owner", postgresql_nulls_not_distinct=True),
    )

    owner_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE")
    digest: str = ""
    blocked_until: datetime | None = Field(
        default=None, sa_type=utc(), description="Until when Adzuna asked to be left alone."
    )
    blocked_times: int = Field(default=0, description="How often so since its last answer.")
    refused_at: datetime | None = Field(default=None, sa_type=utc())
    told_at: datetime | None = Field(
        default=None, sa_type=utc(), description="When the owner was told that it is refused."
    )


class FetchCall(Row, table=True):
    """One call: reserved before it is made and settled after. Unsettled ones count as made."""

    __tablename__ = "fetch_call"
    __table_args__ = (Index("ix_fetch_call_key", "fetch_key_id", "created_at"),)

    fetch_key_id: UUID = Field(foreign_key="fetch_key.id", ondelete="CASCADE")
    search_id: UUID | None = Field(default=None, foreign_key="job_search.id", ondelete="SET NULL")
    state: CallState = Field(default=CallState.RESERVED, sa_type=text_enum(CallState))
    settled_at: datetime | None = Field(default=None, sa_type=utc())


@dataclass(frozen=True)
class CallLimits:
    """How many calls an account may make in each window; the defaults are Adzuna's."""

    minute: int = 25
    day: int = 250
    week: int = 1000
    month: int = 2500

    def of(self, window: CallWindow) -> int:
        """Return the limit of one window."""
        return {
            CallWindow.MINUTE: self.minute,
            CallWindow.DAY: self.day,
            CallWindow.WEEK: self.week,
            CallWindow.MONTH: self.month,
        }[window]


class WindowUse(SQLModel):
    """What one window of a key's ledger allows, and what of it was used."""

    window: CallWindow
    limit: int
    used: int
    left: int


class FetchBudget(SQLModel):
    """One Adzuna key's ledger as admins see it; without an owner it is the installation's.

    `refused_at` is when Adzuna last refused the key itself; it is not used for a day after.
    """

    key_id: UUID
    owner_id: UUID | None
    windows: list[WindowUse]
    blocked_until: datetime | None
    refused_at: datetime | None
