"""What a run leaves behind: screenshots and the last page's HTML, as bytes."""

import sqlite3
from dataclasses import dataclass

from local.skyvern.ids import new_id, now
from local.skyvern.store.database import Database

SCREENSHOT_ACTION = "screenshot_action"
SCREENSHOT_FINAL = "screenshot_final"
HTML = "html_scrape"
SCREENSHOTS = (SCREENSHOT_ACTION, SCREENSHOT_FINAL)
_COLUMNS = "artifact_id, run_id, task_id, step_id, artifact_type, created_at, length(content) AS size"


@dataclass(frozen=True)
class Artifact:
    """One artifact without its bytes; `size` counts them."""

    artifact_id: str
    run_id: str
    task_id: str
    step_id: str
    artifact_type: str
    created_at: str
    size: int


class Artifacts:
    """The artifacts table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run_id: str, task_id: str, step_id: str, artifact_type: str, content: bytes) -> str:
        """Keep an artifact and return its id."""
        artifact_id = new_id("a")
        self._database.execute(
            "INSERT INTO artifacts"
            " (artifact_id, run_id, task_id, step_id, artifact_type, created_at, content)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            artifact_id,
            run_id,
            task_id,
            step_id,
            artifact_type,
            now(),
            content,
        )
        return artifact_id

    def of_run(self, run_id: str) -> list[Artifact]:
        """Return a run's artifacts, newest first."""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM artifacts WHERE run_id = ? ORDER BY position DESC",  # noqa: S608 - constant
            run_id,
        )
        return [_artifact(row) for row in rows]

    def content(self, artifact_id: str) -> tuple[str, bytes] | None:
        """Return an artifact's type and bytes."""
        row = self._database.execute(
            "SELECT artifact_type, content FROM artifacts WHERE artifact_id = ?", artifact_id
        ).fetchone()
        return (row["artifact_type"], row["content"]) if row else None


def _artifact(row: sqlite3.Row) -> Artifact:
    return Artifact(**{key: row[key] for key in row.keys()})  # noqa: SIM118 - a Row iterates over its values
