"""Exports: everything about a person and nothing about anybody else, whole or not at all."""

import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from activities.account_export.collecting import SECTIONS
from activities.account_export.opened import PAGE_ROWS
from models.account_enums import ConsentKind
from models.consent import Consent
from models.database import Database
from models.enums import EventKind, NotificationKind
from models.event import Event
from models.notification import Notification
from models.privacy.register import REGISTER
from models.privacy.rows import schema_of
from models.privacy.shape import NOBODY, Sealed, Table
from tests.activities.export_world import (
    COUNTED,
    World,
    ask,
    collect,
    export_row,
    exported,
    file_of,
    plant,
    rows_in,
    shown,
)

EXPORTED = [table for table in REGISTER.values() if table.exported()]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def world(database: Database) -> World:
    """Ada, with a row in every table."""
    return await plant(database, "Ada")


def planted_row(world: World, archive: zipfile.ZipFile, table: Table) -> dict[str, Any]:
    """Return the row of the archive that is the planted one."""
    names = {column.name for column in schema_of(table).primary_key.columns}
    key = [column for column in table.exported() if column.name in names]
    wanted = [shown(world, table, column) for column in key]
    found = [row for row in rows_in(archive, table.name) if [row[column.name] for column in key] == wanted]
    assert len(found) == 1, table.name
    return found[0]


async def test_every_exported_column_is_found_with_what_it_holds(database: Database, world: World) -> None:
    await plant(database, "Boris")
    archive = await exported(database, world.user_id)
    for table in EXPORTED:
        row = planted_row(world, archive, table)
        for column in table.exported():
            value = row[column.name.removesuffix("_sealed")]
            if column.sealed is Sealed.FILE:
                value = archive.read(value["file"])
            if table.name not in COUNTED or column.name == "user_id":
                assert value == shown(world, table, column), f"{table.name}.{column.name}"
        assert {*row} == {column.name.removesuffix("_sealed") for column in table.exported()}
    assert json.loads(archive.read("manifest.json"))["unreadable"] == []


async def test_nothing_of_anybody_else_is_in_it(database: Database, world: World) -> None:
    boris = await plant(database, "Boris")
    archive = await exported(database, world.user_id)
    everything = b"\n".join([*(archive.read(name) for name in archive.namelist()), *_names(archive)])
    assert {word for word in boris.words if word.encode() in everything} == set()
    assert {word for word in world.words if word.encode() in everything} == world.words - left_out_ids(world)


def left_out_ids(world: World) -> set[str]:
    """Return the ids of rows that no export shows."""
    kept_back = [table.name for table in REGISTER.values() if table.kept_back and table.owner != NOBODY]
    return {str(world.rows[name]["id"]) for name in kept_back if "id" in world.rows[name]}


def _names(archive: zipfile.ZipFile) -> list[bytes]:
    return [name.encode() for name in archive.namelist()]


async def test_secrets_are_left_out_and_named_with_the_reason(database: Database, world: World) -> None:
    archive = await exported(database, world.user_id)
    everything = b"\n".join(archive.read(name) for name in archive.namelist())
    named = {
        (each["table"], column)
        for each in json.loads(archive.read("manifest.json"))["left_out"]
        for column in each["columns"]
        if each["why"]
    }
    secrets = [("account", "password_hash"), ("account", "totp_sealed"), ("refresh_token", "token_hash")]
    secrets += [
        ("api_key", "key_hash"),
        ("recovery_code", "code_hash"),
        ("integration", "credentials_sealed"),
    ]
    for table, column in secrets:
        value = world.opened.get(f"{table}.{column}") or world.rows[table][column]
        value = value["said"][0] if isinstance(value, dict) else value
        assert value.encode() not in everything, f"{table}.{column}"
        assert (table, column) in named
    assert ("account", "data_key") in named
    assert b"hash of Ada" not in everything


async def test_it_opens_with_other_programs_and_every_hash_holds(
    database: Database, world: World, tmp_path: Path
) -> None:
    ref = await ask(database, world.user_id)
    await collect(database, ref)
    file, row = await file_of(database, ref), await export_row(database, ref)
    assert (row.size, row.sha256) == (len(file), hashlib.sha256(file).hexdigest())
    (tmp_path / "export.zip").write_bytes(file)
    for tool, *arguments in (
        ["unzip", "-q", "export.zip"],
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"],
    ):
        program = shutil.which(tool)
        if program is None:
            pytest.skip(f"there is no {tool} here")
        subprocess.run([program, *arguments], cwd=tmp_path, check=True)  # noqa: ASYNC221, S603 -- a moment
    listed = {each["name"]: each for each in json.loads((tmp_path / "manifest.json").read_text())["files"]}
    files = {*zipfile.ZipFile(io.BytesIO(file)).namelist()}
    assert files - {"SHA256SUMS", "manifest.json"} == {*listed}
    assert all((tmp_path / name).stat().st_size == each["size"] for name, each in listed.items())


class Markup(HTMLParser):
    """Collects elements and links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember it."""
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


async def test_its_pages_show_hostile_words_as_words_and_lead_to_its_files(
    database: Database, world: World
) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    async with database.begin() as session:
        connection = await session.connection()
        await connection.execute(text("UPDATE job SET title = :title"), {"title": hostile})
    archive = await exported(database, world.user_id)
    for name in ("index.html", "chat.html"):
        markup = Markup(archive.read(name).decode())
        assert not markup.tags & {"script", "img", "iframe", "form", "object", "base"}
        assert {*markup.links} <= {*archive.namelist()}
    index = Markup(archive.read("index.html").decode())
    assert {name for name in archive.namelist() if name.startswith(("files/resume", "data/"))} <= {
        *index.links
    }
    assert "&lt;script&gt;" in archive.read("index.html").decode()
    assert "Ada chat_message.text_sealed" in archive.read("chat.html").decode()


async def test_no_name_in_it_is_anybodys_words(database: Database, world: World) -> None:
    archive = await exported(database, world.user_id)
    ours = re.compile(r"[A-Za-z0-9_]+(/[a-z0-9_-]+)*(\.(json|html|pdf|png))?")
    assert [name for name in archive.namelist() if not ours.fullmatch(name)] == []
    assert len(archive.namelist()) == len(set(archive.namelist()))


async def test_the_newest_resume_is_a_json_resume_document_with_its_persons_name(
    database: Database, world: World
) -> None:
    resume, profile = world.rows["resume"], world.rows["profile"]
    structured = {"basics": {"label": "Engineer"}, "work": [{"name": "Acme", "startDate": "2020-01"}]}
    identity = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org", "phone": None}
    async with database.begin() as session:
        connection = await session.connection()
        for table, column, row, value in (
            ("resume", "structured_sealed", resume, structured),
            ("profile", "identity_sealed", profile, identity),
        ):
            sealed = world.seal.seal_text(json.dumps(value), f"{table}.{column}:{row['id']}")
            update = text(f"UPDATE {table} SET {column} = :sealed")  # noqa: S608 -- our own names
            await connection.execute(update, {"sealed": sealed})
    archive = await exported(database, world.user_id)
    document = json.loads(archive.read("resume.json"))
    assert document["basics"] == {"name": "Ada Lovelace", "email": "ada@example.org", "label": "Engineer"}
    assert document["work"] == structured["work"]
    assert json.loads(archive.read(f"resumes/{resume['id']}.json")) == document


async def test_what_does_not_open_is_named_and_holds_nothing_else_back(
    database: Database, world: World
) -> None:
    async with database.begin() as session:
        connection = await session.connection()
        await connection.execute(text("UPDATE chat_message SET text_sealed = 'moved from elsewhere'"))
        await connection.execute(text("UPDATE evidence SET content_sealed = 'moved too'"))
    archive = await exported(database, world.user_id)
    said = json.loads(archive.read("manifest.json"))
    assert {place.partition(":")[0] for place in said["unreadable"]} == {
        "chat_message.text_sealed",
        "evidence.content_sealed",
    }
    assert said["deleted_meanwhile"] == [rows_in(archive, "evidence")[0]["content"]["file"]]
    assert rows_in(archive, "answer")[0]["value"] == world.opened["answer.value_sealed"]


async def test_a_picture_that_was_removed_after_its_time_has_no_file(
    database: Database, world: World
) -> None:
    async with database.begin() as session:
        connection = await session.connection()
        await connection.execute(text("UPDATE evidence SET content_sealed = NULL, removed_at = now()"))
    archive = await exported(database, world.user_id)
    (row,) = rows_in(archive, "evidence")
    assert row["content"] is None
    assert row["removed_at"] is not None
    assert [name for name in archive.namelist() if name.startswith("files/evidence")] == []
    assert json.loads(archive.read("manifest.json"))["deleted_meanwhile"] == []


async def events_of(database: Database, world: World) -> list[Event]:
    """Return the events of the export, in their order."""
    query = select(Event).where(Event.kind == EventKind.EXPORT_CHANGED).order_by(col(Event.number))
    async with database.begin() as session:
        return [each for each in await session.exec(query) if each.user_id == world.user_id]


async def test_its_progress_is_told_and_its_end_notified(database: Database, world: World) -> None:
    ref = await ask(database, world.user_id)
    told = await collect(database, ref)
    states = [event.data for event in await events_of(database, world) if event.subject_id == ref.export_id]
    assert [each["done"] for each in states] == [*range(SECTIONS + 1)]
    assert [each["state"] for each in states] == ["collecting"] * SECTIONS + ["ready"]
    assert {each["total"] for each in states} == {SECTIONS}
    row = await export_row(database, ref)
    assert row.expires_at is not None
    assert row.ended_at is not None
    assert (row.expires_at - row.ended_at).days == 7
    async with database.begin() as session:
        notification = await session.get(Notification, told.notification_id)
    assert notification is not None
    assert notification.kind is NotificationKind.EXPORT_READY
    # the step's answer was lost: nothing is collected again, and the same notification is mailed
    assert await collect(database, ref) == told
    assert await export_row(database, ref) == row


async def test_rows_beyond_a_page_are_all_there_once_and_in_order(database: Database, world: World) -> None:
    async with database.begin() as session:
        for _ in range(2 * PAGE_ROWS + 1):
            session.add(Consent(user_id=world.user_id, kind=ConsentKind.TERMS, version="1", given=True))
    archive = await exported(database, world.user_id)
    ids = [row["id"] for row in rows_in(archive, "consent")]
    assert len(ids) == len({*ids}) == 2 * PAGE_ROWS + 2
    assert ids == sorted(ids)
    assert json.loads(archive.read("data/consent.json"))["about"] == REGISTER["consent"].about
    (told,) = [
        each for each in json.loads(archive.read("manifest.json"))["tables"] if each["name"] == "consent"
    ]
    assert (told["rows"], told["file"]) == (len(ids), "data/consent.json")
