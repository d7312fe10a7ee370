"""A person's rows of one table, opened: page by page, so that no table is ever held as a whole."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, select, text, tuple_

from models.database import Database
from models.errors import SealError
from models.file_suffixes import suffix_of
from models.privacy.register import place_in
from models.privacy.rows import belongs_to, is_lent_to, schema_of
from models.privacy.shape import NOBODY, Column, Sealed, Table
from models.sealed import Seal

PAGE_ROWS = 100
DECLARE = "DECLARE export_rows NO SCROLL CURSOR FOR"
FETCH = f"FETCH {PAGE_ROWS} FROM export_rows"
BATCH_FILES = 50
BATCH_BYTES = 4 * 1024 * 1024
SEALED_SUFFIX = "_sealed"
UNREADABLE = {"unreadable": "it does not open"}
FORMATS = {"pdf": "pdf", "docx": "docx"}
"""The suffixes of résumés, whose form is no media type."""

FORMS = ("media_type", "format")
"""The columns that say of which form a row's file is."""

Json = dict[str, Any]


@dataclass(frozen=True)
class FileOf:
    """A sealed file of a row: its name in the archive, which is all ours, where it is, and its bytes."""

    name: str
    table: Table
    column: str
    key: tuple[object, ...]
    size: int
    application_id: UUID | None


@dataclass
class Opener:
    """Opens one person's values. `files` are those that rows have, `unreadable` where some is broken."""

    database: Database
    seal: Seal = field(repr=False)
    user_id: UUID
    files: list[FileOf] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    async def pages(self, table: Table) -> AsyncGenerator[list[Json], None]:
        """Go through the person's rows in the order of their primary key, as JSON values."""
        async with aclosing(stream(self.database, self._query(table))) as pages:
            async for page in pages:
                yield await asyncio.to_thread(self._opened, table, page)

    async def read(self, batch: list[FileOf]) -> list[bytes | None]:
        """Return the bytes of files of one column; None where one was deleted since, or does not open."""
        table, name = batch[0].table, batch[0].column
        schema = schema_of(table)
        key = list(schema.primary_key.columns)
        query = select(*key, schema.c[name]).where(tuple_(*key).in_([file.key for file in batch]))
        async with self.database.begin() as session:
            rows = (await (await session.connection()).execute(query)).all()
        sealed = {tuple(row[:-1]): row[-1] for row in rows}
        return await asyncio.to_thread(
            lambda: [self._file(file, sealed[file.key]) if file.key in sealed else None for file in batch]
        )

    def _query(self, table: Table) -> Select[Any]:
        schema = schema_of(table)
        key = list(schema.primary_key.columns)
        names = {each.name for each in table.exported()}
        # files are many megabytes, and read when their turn comes
        named = [
            schema.c[each.name].is_not(None).label(each.name)
            if each.sealed is Sealed.FILE
            else schema.c[each.name]
            for each in table.exported()
        ]
        others = [column for column in key if column.name not in names]
        condition = is_lent_to if table.owner == NOBODY else belongs_to
        return select(*named, *others).where(condition(table, self.user_id)).order_by(*key)

    def _opened(self, table: Table, page: list[RowMapping]) -> list[Json]:
        return [self._opened_row(table, row) for row in page]

    def _opened_row(self, table: Table, row: RowMapping) -> Json:
        key = tuple(row[column.name] for column in schema_of(table).primary_key.columns)
        opened: Json = {}
        for column in table.exported():
            name = column.name.removesuffix(SEALED_SUFFIX)
            if column.sealed is Sealed.FILE:
                opened[name] = self._named(_file_of(table, column, row, key)) if row[column.name] else None
            elif column.sealed is None:
                opened[name] = _plain(row[column.name])
            else:
                opened[name] = self._value(table, column, row[column.name], key)
        return opened

    def _named(self, file: FileOf) -> Json:
        self.files.append(file)
        return {"file": file.name}

    def _value(self, table: Table, column: Column, sealed: bytes | None, key: tuple[object, ...]) -> object:
        if sealed is None:
            return None
        place = place_in(table.name, column.name, *key)
        try:
            words = self.seal.open_text(sealed, place)
            return json.loads(words) if column.sealed is Sealed.JSON else words
        except (SealError, ValueError):
            # one broken value must not keep everything else back
            self.unreadable.append(place)
            return UNREADABLE

    def _file(self, file: FileOf, sealed: bytes) -> bytes | None:
        place = place_in(file.table.name, file.column, *file.key)
        try:
            return self.seal.open(sealed, place)
        except SealError:
            self.unreadable.append(place)
            return None


def batches(files: list[FileOf]) -> Iterator[list[FileOf]]:
    """Part files into such as are read at once: of one column, and few bytes together."""
    batch: list[FileOf] = []
    for file in files:
        is_full = len(batch) == BATCH_FILES or sum(each.size for each in batch) + file.size > BATCH_BYTES
        if batch and (is_full or (file.table, file.column) != (batch[0].table, batch[0].column)):
            yield batch
            batch = []
        batch.append(file)
    if batch:
        yield batch


async def stream(database: Database, query: Select[Any]) -> AsyncGenerator[list[RowMapping], None]:
    """Run a read by a cursor of the server, and yield its rows page by page."""
    async with database.begin() as session:
        connection = await session.connection()
        # all rows are wanted, not the first ones soon
        await connection.execute(text("SET LOCAL cursor_tuple_fraction = 1"))
        # in SQL, since the driver's own cursors must be closed also where a step is broken off
        compiled = query.compile(dialect=connection.dialect)
        await connection.exec_driver_sql(f"{DECLARE} {compiled.string}", compiled.params)
        fetch = text(FETCH).columns(*query.selected_columns)
        while page := (await connection.execute(fetch)).mappings().all():
            yield list(page)


def _file_of(table: Table, column: Column, row: RowMapping, key: tuple[object, ...]) -> FileOf:
    """Name a file by its row's id and kind: whatever its person called it stands in the JSON only."""
    form = next((_plain(row[name]) for name in FORMS if name in row), None)
    kind = f"-{_plain(row['kind'])}" if "kind" in row else ""
    name = f"files/{table.name}/{'-'.join(str(part) for part in key)}{kind}.{_suffix(form)}"
    return FileOf(name, table, column.name, key, row.get("size", BATCH_BYTES), row.get("application_id"))


def _suffix(form: object) -> str:
    return FORMATS.get(str(form)) or suffix_of(str(form))


def _plain(value: object) -> Any:  # noqa: ANN401 -- any JSON value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def to_json(value: object, indent: int | None = None) -> bytes:
    """Return a value as JSON in UTF-8; half a surrogate pair, which UTF-8 has no form of, stays escaped."""
    try:
        return json.dumps(value, ensure_ascii=False, indent=indent).encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent).encode()
