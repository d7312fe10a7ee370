"""A person with a row in every table that an export reads, each column holding something of its own.

It goes by the schema and the register, so that a column that is added is planted, and must be exported.
"""

import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import select
from temporalio.testing import ActivityEnvironment

from activities.account_export.activities import AccountExportActivities
from models.account import Account
from models.account_export import AccountExport, ExportPart, place_of_part
from models.base import new_id
from models.database import Database, seal_of
from models.privacy.register import REGISTER, place_in
from models.privacy.rows import schema_of
from models.privacy.shape import Column, Sealed, Table
from models.sealed import Seal
from models.tables import all_tables
from tests.activities.people import KEYS
from workflows.account_messages import Exported, ExportRef

KEPT = timedelta(days=7)
START = datetime(2026, 3, 1, tzinfo=UTC)
OVER = {"account_export": {"state": "expired"}, "erasure": {"state": "undone"}}
"""What is not open, so that another may be asked for."""

FORMS = {"media_type": "image/png", "format": "pdf"}
COUNTED = {"event_cursor"}
"""What an export itself moves on."""

_numbers = count(1)


@dataclass
class World:
    """What was planted: by table the row as the database has it, and by `table.column` what is sealed."""

    database: Database
    user_id: UUID
    seal: Seal
    word: str
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    opened: dict[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> set[str]:
        """All words and ids that are this person's and nobody else's."""
        values = [value for row in self.rows.values() for value in row.values()]
        ids = {str(value) for value in values if isinstance(value, UUID)}
        return {self.word, *ids}


async def plant(database: Database, word: str) -> World:
    """Store a person with a row in every table of people, and those rows about nobody that they point at."""
    account = Account.register(f"{word}@example.org", f"hash of {word}", KEYS)
    world = World(database, account.id, account.seal(KEYS), word)
    tables = [REGISTER[name] for name in all_tables() if name in REGISTER]
    for table in tables:
        if table.exported() or table.kept_back is not None:
            await _plant_row(world, table, account)
    return world


async def _plant_row(world: World, table: Table, account: Account) -> None:
    schema = schema_of(table)
    columns = [column for column in schema.columns if column.computed is None]
    row: dict[str, Any] = {column.name: _value(world, table, column) for column in columns}
    row |= OVER.get(table.name, {})
    if table.name == "account":
        row |= {"id": account.id, "email": account.email, "password_hash": account.password_hash}
        row |= {"master_key_id": account.master_key_id, "data_key": account.data_key, "erasing_at": None}
    world.rows[table.name] = row
    _seal(world, table, row)
    async with world.database.begin() as session:
        await (await session.connection()).execute(schema.insert().values(row))


def _value(world: World, table: Table, column: sa.Column[Any]) -> Any:  # noqa: ANN401 -- any value
    if column.name == table.owner.column and table.owner.through is None:
        return world.user_id
    for key in column.foreign_keys:
        target = key.column.table.name
        return world.user_id if target == "account" else world.rows[target]["id"]
    if column.name in FORMS and table.name != "job":
        return FORMS[column.name]
    return _of_type(world.word, f"{table.name}.{column.name}", column.type)


def _of_type(word: str, place: str, kind: sa.types.TypeEngine[Any]) -> Any:  # noqa: ANN401 -- as above
    if isinstance(kind, sa.Enum):
        return kind.enums[-1]
    number, length = next(_numbers), getattr(kind, "length", None)
    made: dict[type, Any] = {
        UUID: new_id(),
        str: f"{word} {place}"[:length],
        bool: True,
        float: number + 0.5,
        int: number,
        datetime: START + timedelta(minutes=number, microseconds=number),
        dict: {"planted": f"{word} {place}", "number": number},
        list: [f"{word} {place}", "twö"],
        bytes: b"to be sealed",
    }
    plain = kind.impl_instance if isinstance(kind, sa.TypeDecorator) else kind
    return made[dict if isinstance(plain, sa.JSON) else plain.python_type]


def _seal(world: World, table: Table, row: dict[str, Any]) -> None:
    key = [row[column.name] for column in schema_of(table).primary_key.columns]
    for column in table.each():
        if column.sealed in {None, Sealed.WRAPPED}:
            continue
        name = f"{table.name}.{column.name}"
        words = f'{world.word} {name} "<b>&amp; \u202e'
        value = {"said": [words]} if column.sealed is Sealed.JSON else words
        text = json.dumps(value) if column.sealed is Sealed.JSON else words
        row[column.name] = world.seal.seal_text(text, place_in(table.name, column.name, *key))
        world.opened[name] = value


def shown(world: World, table: Table, column: Column) -> Any:  # noqa: ANN401 -- as above
    """Return what an export must show of a planted value; of a file its bytes."""
    name = f"{table.name}.{column.name}"
    if column.sealed is Sealed.FILE:
        return world.opened[name].encode()
    if column.sealed is not None:
        return world.opened[name]
    value = world.rows[table.name][column.name]
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def steps_of(database: Database) -> AccountExportActivities:
    """Return the real steps."""
    return AccountExportActivities(database, KEYS, KEPT)


async def ask(database: Database, user_id: UUID) -> ExportRef:
    """Store an export that is queued."""
    export = AccountExport(user_id=user_id)
    async with database.begin() as session:
        session.add(export)
    return ExportRef(export_id=export.id, user_id=user_id)


async def collect(database: Database, ref: ExportRef) -> Exported:
    """Run the step that collects it."""
    return await ActivityEnvironment().run(steps_of(database).collect_export, ref)


async def export_row(database: Database, ref: ExportRef) -> AccountExport:
    """Return an export's row."""
    async with database.begin() as session:
        return await session.get_one(AccountExport, ref.export_id)


async def file_of(database: Database, ref: ExportRef) -> bytes:
    """Return the file that an export's parts make, opened as a download does."""
    query = (
        select(ExportPart)
        .where(ExportPart.export_id == ref.export_id)
        .order_by(sa.text("export_part.number"))
    )
    async with database.begin() as session:
        parts = (await session.exec(query)).all()
        seal = await seal_of(session, KEYS, ref.user_id)
    return b"".join(
        seal.open(part.content_sealed, place_of_part(part.export_id, part.number)) for part in parts
    )


async def exported(database: Database, user_id: UUID) -> zipfile.ZipFile:
    """Ask for an export, collect it, and return its archive."""
    ref = await ask(database, user_id)
    await collect(database, ref)
    return zipfile.ZipFile(io.BytesIO(await file_of(database, ref)))


def rows_in(archive: zipfile.ZipFile, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table as the archive has them."""
    rows: list[dict[str, Any]] = json.loads(archive.read(f"data/{table}.json"))["rows"]
    return rows
