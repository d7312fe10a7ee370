"""Runs: a final run never changes its state again, whatever its browser still does."""

import json
import sqlite3
from collections.abc import Sequence

from local.skyvern.ids import now
from local.skyvern.run import Run, Status, WebhookState
from local.skyvern.store.database import Database
from local.skyvern.store.files import Files

SEARCHED_RUNS = 1000


class Runs:
    """The runs table; `search` holds what `search_key` is looked for in."""

    def __init__(self, database: Database, files: Files) -> None:
        self._database = database
        self._files = files

    def add(self, run: Run) -> None:
        """Write a new run down and bind its files to it, in one commit."""
        with self._database.transaction():
            self._files.bind(run.file_ids, run.run_id)
            self._database.execute(
                "INSERT INTO runs (run_id, status, webhook_state, search, body) VALUES (?, ?, ?, ?, ?)",
                run.run_id,
                run.status,
                run.webhook_state,
                _searchable(run),
                run.model_dump_json(),
            )

    def get(self, run_id: str) -> Run | None:
        """Return a run, or None."""
        row = self._database.execute("SELECT body FROM runs WHERE run_id = ?", run_id).fetchone()
        return _run(row) if row else None

    def advance(self, run_id: str, **changes: object) -> Run | None:
        """Change a run that has not ended and return it; None where it has ended or is unknown."""
        run = self.get(run_id)
        if run is None or run.is_final:
            return None
        return self._write(run, changes)

    def note(self, run_id: str, **changes: object) -> None:
        """Change what is remembered about a run beside its state, ended or not."""
        run = self.get(run_id)
        if run is not None:
            self._write(run, changes)

    def _write(self, run: Run, changes: dict[str, object]) -> Run:
        changed = run.model_copy(update={"modified_at": now(), **changes})
        self._database.execute(
            "UPDATE runs SET status = ?, webhook_state = ?, body = ? WHERE run_id = ?",
            changed.status,
            changed.webhook_state,
            changed.model_dump_json(),
            changed.run_id,
        )
        return changed

    def unfinished(self) -> list[Run]:
        """Return the runs that have not ended, oldest first."""
        rows = self._database.execute(
            "SELECT body FROM runs WHERE status IN (?, ?, ?, ?) ORDER BY position",
            Status.CREATED,
            Status.QUEUED,
            Status.RUNNING,
            Status.PAUSED,
        )
        return [_run(row) for row in rows]

    def with_webhook_due(self) -> list[str]:
        """Return the ids of ended runs whose webhook was not yet delivered, lost or given up."""
        rows = self._database.execute(
            "SELECT run_id FROM runs WHERE webhook_state = ? ORDER BY position", WebhookState.PENDING
        )
        return [row["run_id"] for row in rows]

    def search(self, search_key: str | None, statuses: Sequence[str]) -> list[Run]:
        """Return the newest runs that hold the key somewhere, newest first; at most a thousand are found."""
        marks = ", ".join("?" for _ in statuses)
        by_status = f"AND status IN ({marks})" if statuses else ""
        rows = self._database.execute(
            f"SELECT body FROM runs WHERE instr(search, ?) {by_status}"  # noqa: S608 - only question marks
            " ORDER BY position DESC LIMIT ?",
            (search_key or "").lower(),
            *statuses,
            SEARCHED_RUNS,
        )
        return [_run(row) for row in rows]


def _run(row: sqlite3.Row) -> Run:
    return Run.model_validate_json(row["body"])


def _searchable(run: Run) -> str:
    """Title, ids and URL; for a workflow also its parameters' values and where its webhook goes."""
    words = [run.title, run.run_id, run.workflow_permanent_id, run.request.get("url")]
    if run.is_workflow:
        words.append(run.webhook_url)
        words += [
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for value in run.parameters.values()
        ]
    return "\n".join(word for word in words if word).lower()
