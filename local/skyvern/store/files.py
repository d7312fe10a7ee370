"""Uploaded files: each may be bound to one run ever, and is deleted when that run ends."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath

from local.skyvern.ids import new_id, now
from local.skyvern.store.database import Database

RETENTION_DAYS = 7
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


@dataclass(frozen=True)
class StoredFile:
    """An uploaded file; `stored_name` is the name that an employer gets to see."""

    file_id: str
    name: str
    content: bytes
    expires_at: str

    @property
    def stored_name(self) -> str:
        """Return the id and the uploaded name as one file name."""
        return f"{self.file_id}_{self.name}"


class Files:
    """The files table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, content: bytes, retention_days: int | None) -> StoredFile:
        """Keep an upload."""
        plain = "".join(c if c in _SAFE else "_" for c in PurePath(name).name) or "file"
        days = timedelta(days=retention_days or RETENTION_DAYS)
        stored = StoredFile(new_id("file"), plain, content, now(days))
        self._database.execute(
            "INSERT INTO files (file_id, name, content, expires_at) VALUES (?, ?, ?, ?)",
            stored.file_id,
            stored.name,
            stored.content,
            stored.expires_at,
        )
        return stored

    def get(self, file_id: str) -> StoredFile | None:
        """Return a file that is neither deleted nor expired."""
        row = self._database.execute(
            "SELECT * FROM files WHERE file_id = ? AND NOT deleted AND expires_at > ?", file_id, now()
        ).fetchone()
        return StoredFile(row["file_id"], row["name"], row["content"], row["expires_at"]) if row else None

    def of_run(self, file_id: str, run_id: str) -> StoredFile | None:
        """Return a file if it is bound to this run: a run can use no others."""
        bound = self._database.execute(
            "SELECT 1 FROM files WHERE file_id = ? AND run_id = ?", file_id, run_id
        ).fetchone()
        return self.get(file_id) if bound else None

    def not_attachable(self, file_ids: list[str]) -> list[str]:
        """Return those ids that are unknown, deleted, expired or bound."""
        return [file_id for file_id in file_ids if not self._is_free(file_id)]

    def _is_free(self, file_id: str) -> bool:
        row = self._database.execute(
            "SELECT 1 FROM files WHERE file_id = ? AND NOT deleted AND run_id IS NULL AND expires_at > ?",
            file_id,
            now(),
        ).fetchone()
        return row is not None

    def bind(self, file_ids: list[str], run_id: str) -> None:
        """Bind files to a run for ever."""
        for file_id in file_ids:
            self._database.execute("UPDATE files SET run_id = ? WHERE file_id = ?", run_id, file_id)

    def delete(self, file_id: str) -> bool:
        """Delete a file's bytes; False where there is no such file."""
        changed = self._database.execute(
            "UPDATE files SET deleted = 1, content = NULL WHERE file_id = ? AND NOT deleted", file_id
        )
        return changed.rowcount > 0

    def delete_of_run(self, run_id: str) -> None:
        """Delete the bytes of all files of a run that has ended."""
        self._database.execute("UPDATE files SET deleted = 1, content = NULL WHERE run_id = ?", run_id)
