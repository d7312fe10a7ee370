"""The limits of an Adzuna account, enforced only where a test has set them; they outlive a restart."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

WINDOWS = {
    "per_minute": timedelta(minutes=1),
    "per_day": timedelta(days=1),
    "per_week": timedelta(weeks=1),
    "per_month": timedelta(days=30),
}


class Limits:
    """Counts the calls of each account in sliding windows; `database` None keeps them in memory."""

    def __init__(self, database: Path | None) -> None:
        if database is not None:
            database.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(database or ":memory:", isolation_level=None)
        self._connection.executescript(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            CREATE TABLE IF NOT EXISTS allowed (span TEXT PRIMARY KEY, calls INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS call (app_id TEXT NOT NULL, at REAL NOT NULL);
            CREATE INDEX IF NOT EXISTS call_by_account ON call (app_id, at);
            """
        )
        self._allowed = dict(self._connection.execute("SELECT span, calls FROM allowed"))

    @property
    def allowed(self) -> dict[str, int]:
        """The limits in force, by span."""
        return dict(self._allowed)

    def set(self, allowed: dict[str, int]) -> None:
        """Replace the limits; an empty mapping ends them. Spans are the keys of `WINDOWS`."""
        with self._connection:
            self._connection.execute("DELETE FROM allowed")
            self._connection.executemany("INSERT INTO allowed VALUES (?, ?)", allowed.items())
        self._allowed = dict(allowed)

    def reset(self) -> None:
        """Forget limits and calls."""
        self.set({})
        self._connection.execute("DELETE FROM call")

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def take(self, app_id: str, now: datetime) -> bool:
        """Count a call and tell whether it is allowed; refused calls are not counted."""
        if not self._allowed:
            return True
        for span, most in self._allowed.items():
            since = (now - WINDOWS[span]).timestamp()
            counted = self._connection.execute(
                "SELECT count(*) FROM call WHERE app_id = ? AND at > ?", (app_id, since)
            ).fetchone()
            if counted[0] >= most:
                return False
        self._connection.execute("INSERT INTO call VALUES (?, ?)", (app_id, now.timestamp()))
        return True
