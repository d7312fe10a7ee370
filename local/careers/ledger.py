"""The employer's own record of every application that was accepted, and of half-filled ones, in SQLite.

The site never removes doubles: a second application is a second row, so that the ledger bears witness.
"""

import json
import secrets
import sqlite3
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.careers.checks import ReceivedFile, Value

_SCHEMA = """
CREATE TABLE IF NOT EXISTS submissions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL,
    kind TEXT NOT NULL,
    email TEXT NOT NULL,
    fields TEXT NOT NULL,
    file_name TEXT,
    file_sha256 TEXT,
    file_size INTEGER,
    at TEXT NOT NULL,
    confirmation_id TEXT
);
CREATE INDEX IF NOT EXISTS submissions_by_email ON submissions (email);
CREATE INDEX IF NOT EXISTS submissions_by_slug ON submissions (slug);
CREATE TABLE IF NOT EXISTS drafts (
    token TEXT PRIMARY KEY,
    slug TEXT NOT NULL,
    next_page INTEGER NOT NULL,
    fields TEXT NOT NULL,
    file TEXT
);
"""
_WHERE = "WHERE (:email IS NULL OR email = :email) AND (:slug IS NULL OR slug = :slug)"


@dataclass
class Draft:
    """A multi-page application under way: `next_page` is the index of the page to be answered next."""

    token: str
    slug: str
    next_page: int
    fields: dict[str, Value]
    file: ReceivedFile | None


class Ledger:
    """One connection to the ledger's file; every write is committed before it returns."""

    def __init__(self, database: Path) -> None:
        database.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def accept(
        self,
        slug: str,
        kind: str,
        values: dict[str, Value],
        file: ReceivedFile | None,
        confirmation_id: str | None,
    ) -> None:
        """Write one accepted application down."""
        self._connection.execute(
            "INSERT INTO submissions (slug, kind, email, fields, file_name, file_sha256, file_size, at,"
            " confirmation_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                slug,
                kind,
                str(values.get("email", "")),
                json.dumps(values, ensure_ascii=False),
                file.name if file else None,
                file.sha256 if file else None,
                file.size if file else None,
                datetime.now(UTC).isoformat(),
                confirmation_id,
            ),
        )

    def submissions(self, email: str | None = None, slug: str | None = None) -> list[dict[str, Any]]:
        """Return the accepted applications in their order, with their fields as an object."""
        rows = self._connection.execute(
            f"SELECT * FROM submissions {_WHERE} ORDER BY id",  # noqa: S608 - the clause is a constant
            {"email": email, "slug": slug},
        )
        return [{**dict(row), "fields": json.loads(row["fields"])} for row in rows]

    def latest(self, limit: int) -> list[dict[str, Any]]:
        """Return the newest applications first, without their fields."""
        rows = self._connection.execute(
            "SELECT slug, kind, email, file_name, at, confirmation_id FROM submissions"
            " ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        return [dict(row) for row in rows]

    def count(self, email: str | None = None, slug: str | None = None) -> int:
        """Return how many applications were accepted."""
        row = self._connection.execute(
            f"SELECT count(*) FROM submissions {_WHERE}",  # noqa: S608 - the clause is a constant
            {"email": email, "slug": slug},
        ).fetchone()
        return int(row[0])

    def draft(self, token: str, slug: str) -> Draft | None:
        """Return the half-filled application of a token, if it belongs to this job."""
        row = self._connection.execute(
            "SELECT * FROM drafts WHERE token = ? AND slug = ?", (token, slug)
        ).fetchone()
        if row is None:
            return None
        file = ReceivedFile(**json.loads(row["file"])) if row["file"] else None
        return Draft(token, slug, row["next_page"], json.loads(row["fields"]), file)

    def save_draft(self, draft: Draft) -> None:
        """Write a half-filled application down, replacing its earlier state."""
        file = json.dumps(asdict(draft.file)) if draft.file else None
        self._connection.execute(
            "INSERT OR REPLACE INTO drafts (token, slug, next_page, fields, file) VALUES (?, ?, ?, ?, ?)",
            (draft.token, draft.slug, draft.next_page, json.dumps(draft.fields), file),
        )

    def drop_draft(self, token: str) -> None:
        """Forget a half-filled application."""
        self._connection.execute("DELETE FROM drafts WHERE token = ?", (token,))

    def clear(self) -> None:
        """Forget everything."""
        self._connection.executescript("DELETE FROM submissions; DELETE FROM drafts;")


def new_draft(slug: str) -> Draft:
    """Return an empty draft with a token that cannot be guessed."""
    return Draft(secrets.token_urlsafe(16), slug, 0, {}, None)


def new_confirmation_id() -> str:
    """Return a fresh confirmation id such as `CONF-7F3A91C2`."""
    return f"CONF-{secrets.token_hex(4).upper()}"
