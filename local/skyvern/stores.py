"""All tables of the stand-in over one database file."""

from dataclasses import dataclass
from pathlib import Path

from local.skyvern.store.artifacts import Artifacts
from local.skyvern.store.database import Database
from local.skyvern.store.files import Files
from local.skyvern.store.runs import Runs
from local.skyvern.store.workflows import Workflows


@dataclass(frozen=True)
class Stores:
    """The tables, and the database to clear or close them together."""

    database: Database
    files: Files
    workflows: Workflows
    runs: Runs
    artifacts: Artifacts


def open_stores(path: Path) -> Stores:
    """Open or create the database file."""
    database = Database(path)
    files = Files(database)
    return Stores(database, files, Workflows(database), Runs(database, files), Artifacts(database))
