"""Collects an export, section by section: a table each, then the files, then what leads through it all."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from activities.account_export.archive import Archive
from activities.account_export.manifest import Contents, data_file, manifest
from activities.account_export.opened import FileOf, Opener, batches, stream, to_json
from activities.account_export.pages import (
    CHAT,
    INDEX,
    MANIFEST,
    RESUME,
    Shown,
    applications,
    chat_page,
    index_page,
)
from activities.account_export.parts import Parts
from activities.account_export.resumes import json_resume
from models.base import now
from models.database import Database
from models.privacy.register import REGISTER
from models.privacy.shape import Table

Json = dict[str, Any]

TABLES: Sequence[Table] = tuple(table for table in REGISTER.values() if table.exported())
SECTIONS = len(TABLES) + 2
"""The tables, the files, and the pages."""

CHAT_MESSAGE = REGISTER["chat_message"]
RESUME_TABLE = "resume"


@dataclass
class Collector:
    """Writes one export, from `opener` by `archive` into `parts`."""

    database: Database
    parts: Parts
    opener: Opener
    begun_at: datetime
    shown: Shown = field(default_factory=Shown)

    def __post_init__(self) -> None:
        self._archive = Archive(self.begun_at)
        ref = self.parts.ref
        self._contents = Contents(ref.export_id, ref.user_id, self.begun_at, {}, self.opener.unreadable, [])

    async def collect(self) -> None:
        """Write everything into the parts; `Parts.end` makes a file of them."""
        with closing(self._archive):
            await self._collect()

    async def _collect(self) -> None:
        for table in TABLES:
            await self._table(table)
            await self.parts.progress()
        for batch in batches(self.opener.files):
            for file, content in zip(batch, await self.opener.read(batch), strict=True):
                await self._file(file, content)
        await self.parts.progress()
        await self._resumes()
        await self._page(CHAT, chat_page(self.opener.pages(CHAT_MESSAGE)))
        mine = stream(self.database, applications(self.parts.ref.user_id))
        await self._page(INDEX, index_page(self._contents, self.shown, mine))
        await self._add(MANIFEST, manifest(self._contents, self._archive.entries, now()))
        self._archive.end()
        await self._flush()

    async def _table(self, table: Table) -> None:
        """Write a table's rows as they come; no more than a page of them is held."""
        said = json.dumps({"table": table.name, "about": table.about}, ensure_ascii=False)
        count, file = 0, self._archive.begin(data_file(table.name))
        file.write(f'{said[:-1]}, "rows": ['.encode())
        async with aclosing(self.opener.pages(table)) as pages:
            async for page in pages:
                self._note(table, page)
                await asyncio.to_thread(file.write, _lines(page, is_first=count == 0))
                count += len(page)
                await self._flush()
        file.write(b"\n]}\n")
        file.close()
        self._contents.rows[table.name] = count

    def _note(self, table: Table, page: list[Json]) -> None:
        """Remember the little that the pages show."""
        if table.name == "account":
            self.shown.account = page[0]
        elif table.name == "profile":
            self.shown.profile = page[0]
        elif table.name == RESUME_TABLE:
            for row in page:
                self.shown.resumes.append((row, f"resumes/{row['id']}.json"))

    async def _file(self, file: FileOf, content: bytes | None) -> None:
        if content is None:
            self._contents.missing.append(file.name)
            return
        await asyncio.to_thread(self._archive.add, file.name, content, packed=False)
        if file.application_id is not None:
            self.shown.files.setdefault(file.application_id, []).append(file.name)
        await self._flush()

    async def _resumes(self) -> None:
        identity = self.shown.profile.get("identity")
        newest: Json | None = None
        for row, name in self.shown.resumes:
            newest = row.get("structured")
            await self._add(name, json_resume(newest, identity))
        await self._add(RESUME, json_resume(newest, identity))

    async def _page(self, name: str, pieces: AsyncIterator[str]) -> None:
        file = self._archive.begin(name)
        async for piece in pieces:
            await asyncio.to_thread(file.write, piece.encode("utf-8", "replace"))
            await self._flush()
        file.close()

    async def _add(self, name: str, content: object) -> None:
        await asyncio.to_thread(self._archive.add, name, to_json(content, indent=2))
        await self._flush()

    async def _flush(self) -> None:
        await self.parts.take(self._archive.taken())


def _lines(page: list[Json], *, is_first: bool) -> bytes:
    rows = b",\n".join(to_json(row) for row in page)
    return (b"\n" if is_first else b",\n") + rows
