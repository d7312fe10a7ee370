"""What is in an export and what is not, for programs: `manifest.json`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from activities.account_export.archive import Entry
from models.privacy.register import REGISTER
from models.privacy.shape import NOBODY
from models.privacy.words import RECIPIENTS, TEMPORAL

FORMAT = "jobraker-export"
VERSION = 1


@dataclass(frozen=True)
class LeftOut:
    """Columns of a table that are not in the export, and why."""

    table: str
    columns: list[str]
    why: str


def left_out() -> Iterator[LeftOut]:
    """Go through what is stored about people and not handed out."""
    for table in REGISTER.values():
        if table.owner == NOBODY and not table.lent:
            continue
        if table.kept_back is not None:
            yield LeftOut(table.name, [column.name for column in table.each()], table.kept_back)
            continue
        for said in table.columns:
            if said.kept_back is not None:
                yield LeftOut(table.name, said.names.split(), said.kept_back)


@dataclass
class Contents:
    """What an export holds: rows by table; and what could not be read, or was deleted meanwhile."""

    export_id: UUID
    user_id: UUID
    begun_at: datetime
    rows: dict[str, int]
    unreadable: list[str]
    missing: list[str]


def manifest(contents: Contents, entries: list[Entry], ended_at: datetime) -> dict[str, Any]:
    """Return the manifest: the files with their hashes, the tables, what is left out, what is elsewhere."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "export_id": str(contents.export_id),
        "account_id": str(contents.user_id),
        "begun_at": contents.begun_at.isoformat(),
        "ended_at": ended_at.isoformat(),
        "tables": [_table(name, rows) for name, rows in contents.rows.items()],
        "files": [{"name": each.name, "size": each.size, "sha256": each.sha256} for each in entries],
        "left_out": [{"table": each.table, "columns": each.columns, "why": each.why} for each in left_out()],
        "unreadable": contents.unreadable,
        "deleted_meanwhile": contents.missing,
        "elsewhere": {"Temporal": TEMPORAL, **dict(RECIPIENTS)},
    }


def _table(name: str, rows: int) -> Mapping[str, object]:
    table = REGISTER[name]
    return {
        "name": name,
        "about": table.about,
        "kept": table.kept,
        "rows": rows,
        "file": data_file(name),
    }


def data_file(table: str) -> str:
    """Return the name of a table's file in the archive."""
    return f"data/{table}.json"
