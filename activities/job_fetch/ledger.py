"""Each call to Adzuna, reserved before it is made and settled after: no window's limit is ever passed.

The key's row is locked for the length of a reservation, so that of several workers one counts after the
other. Unless a time is given, it is the database's clock that counts, which is the same for all workers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from psycopg.rows import DictRow

from activities.job_fetch.pacing import PROBE_AFTER
from models.base import new_id
from models.database import Database
from models.enums import CallState, CallWindow, FetchFault
from models.errors import NotFoundError
from models.fetch_key import COUNTED_AT, COUNTED_SINCE, SPANS, CallLimits

_LOCK = b"SELECT refused_at, blocked_until FROM fetch_key WHERE id = %(key_id)s FOR UPDATE"
_LATEST = f"""
WITH moment AS (SELECT coalesce(%(at)s::timestamptz, clock_timestamp()) AS at),
counted AS (
    SELECT {COUNTED_AT} AS at, row_number() OVER (ORDER BY {COUNTED_AT} DESC) AS place
    FROM fetch_call, moment
    WHERE fetch_key_id = %(key_id)s AND created_at > moment.at - {COUNTED_SINCE} AND state <> 'released'
)
SELECT moment.at AS moment, counted.place, counted.at
FROM moment LEFT JOIN counted ON counted.place = ANY(%(limits)s)
"""  # noqa: S608 -- made of our own constants
_RESERVE = b"""
INSERT INTO fetch_call (id, created_at, fetch_key_id, search_id, state)
VALUES (%(id)s, %(at)s, %(key_id)s, %(search_id)s, 'reserved')
"""
_SETTLE = b"""
WITH settled AS (
    UPDATE fetch_call SET state = %(state)s, settled_at = coalesce(%(at)s::timestamptz, clock_timestamp())
    WHERE id = %(id)s AND state = 'reserved' RETURNING search_id, state, settled_at
)
UPDATE job_search SET tried_at = settled.settled_at
FROM settled WHERE job_search.id = settled.search_id AND settled.state = 'made'
"""


@dataclass(frozen=True)
class Refusal:
    """Why a call may not be made, and when it may; the window is the one that is full, if it is a window.

    The fault is BUDGET_SPENT for a window, RATE_LIMITED while Adzuna wants to be left alone, and
    CREDENTIALS_REFUSED for a key that it has refused.
    """

    fault: FetchFault
    wait: timedelta
    window: CallWindow | None = None


@dataclass(frozen=True)
class Ledger:
    """Keeps within `limits`, for every key in `database`."""

    database: Database
    limits: CallLimits

    async def reserve(
        self, key_id: UUID, search_id: UUID | None, at: datetime | None = None
    ) -> UUID | Refusal:
        """Return the id of a call that may be made now, to be settled, or why there is none.

        NotFoundError where the key is gone.
        """
        async with self.database.bulk() as connection:
            given: dict[str, object] = {"key_id": key_id, "search_id": search_id}
            key = await (await connection.execute(_LOCK, given)).fetchone()
            if key is None:
                raise NotFoundError("this key is no longer there")
            # read by a statement of its own: only one that begins behind the lock sees what was before it
            limits = [self.limits.of(window) for window in SPANS]
            found = await connection.execute(_LATEST.encode(), {**given, "at": at, "limits": limits})
            rows = await found.fetchall()
            moment: datetime = rows[0]["moment"]
            latest = {row["place"]: row["at"] for row in rows}
            refusal = _refusal_of_key(key, moment) or self._refusal_of_window(latest, moment)
            if refusal is not None:
                return refusal
            call_id = new_id()
            await connection.execute(_RESERVE, {**given, "id": call_id, "at": moment})
            return call_id

    async def settle(self, call_id: UUID, state: CallState, at: datetime | None = None) -> None:
        """Record that a call was made, or that it provably was not; settling it again changes nothing."""
        async with self.database.bulk() as connection:
            await connection.execute(_SETTLE, {"id": call_id, "state": state.value, "at": at})

    def _refusal_of_window(self, latest: dict[int, datetime], moment: datetime) -> Refusal | None:
        """Return the window that is full the longest: with a limit of n, while the nth call is within it."""
        full = []
        for window, span in SPANS.items():
            last = latest.get(self.limits.of(window))
            if last is not None and last + span > moment:
                full.append(Refusal(FetchFault.BUDGET_SPENT, last + span - moment, window))
        return max(full, key=lambda each: each.wait, default=None)


def _refusal_of_key(key: DictRow, moment: datetime) -> Refusal | None:
    refused_at, blocked_until = key["refused_at"], key["blocked_until"]
    if refused_at is not None and refused_at > moment - PROBE_AFTER:
        return Refusal(FetchFault.CREDENTIALS_REFUSED, refused_at + PROBE_AFTER - moment)
    if blocked_until is not None and blocked_until > moment:
        return Refusal(FetchFault.RATE_LIMITED, blocked_until - moment)
    return None
