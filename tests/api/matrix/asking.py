"""Asking for an operation as somebody, and what must not change when somebody is refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from uuid import UUID

import httpx
from sqlalchemy import (
    CompoundSelect,
    Table,
    Text,
    Uuid,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import aggregate_order_by

from models.database import Database
from models.privacy import shape
from models.privacy.register import REGISTER
from models.privacy.rows import belongs_to, schema_of
from tests.api.matrix.expected import Expected, Ids
from tests.api.matrix.routes import Operation

MOVES_BY_ITSELF = "last_used_at"
"""The one column that changes by asking, whatever is asked."""


@dataclass(frozen=True)
class Answer:
    """What was answered; of a stream only that it began."""

    status: int
    content: bytes
    media_type: str

    @property
    def text(self) -> str:
        """The content, as far as it is text."""
        return self.content.decode(errors="replace")

    @property
    def shown(self) -> object:
        """What two who ask for the same see alike: the JSON, or what kind of thing it is."""
        is_json = self.media_type == "application/json" and self.content
        return json.loads(self.content) if is_json else self.media_type


async def ask(
    http: httpx.AsyncClient,
    operation: Operation,
    expected: Expected,
    headers: Mapping[str, str],
    ids: Ids,
) -> Answer:
    """Ask for an operation, with what was made for it."""
    options: dict[str, Any] = {
        "headers": {**headers, **(expected.headers or {})},
        "params": expected.params(ids),
    }
    if expected.json is not None:
        options["json"] = expected.json(ids)
    if expected.files is not None:
        options["files"] = expected.files
    async with http.stream(operation.method, operation.at(ids), **options) as answer:
        is_refused = answer.is_error
        content = await answer.aread() if is_refused or not expected.streams else b""
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        return Answer(answer.status_code, content, media_type)


WHOSE = cast("UUID", bindparam("whose", type_=Uuid()))
"""Whose rows they are is put in when the statements run: making them takes longer than running them."""


@cache
def _owned() -> dict[str, tuple[shape.Table, Table]]:
    return {
        name: (table, schema_of(table)) for name, table in REGISTER.items() if table.owner.column is not None
    }


@cache
def _digests() -> CompoundSelect[Any]:
    parts = []
    for name, (table, schema) in _owned().items():
        row = sql_cast(func.to_jsonb(literal_column(f'"{name}"')).op("-")(MOVES_BY_ITSELF), Text)
        rows = func.md5(func.string_agg(row, aggregate_order_by(literal(""), row)))
        parts.append(select(literal(name), rows).select_from(schema).where(belongs_to(table, WHOSE)))
    return union_all(*parts)


@cache
def _ids() -> CompoundSelect[Any]:
    having = [(table, schema) for table, schema in _owned().values() if "id" in schema.c]
    parts = [select(sql_cast(schema.c.id, Text)).where(belongs_to(table, WHOSE)) for table, schema in having]
    return union_all(*parts)


async def fingerprint(database: Database, user_id: UUID) -> dict[str, str | None]:
    """Return, by table, what is equal as long as nothing of the person's has changed."""
    return {row[0]: row[1] for row in await _rows(database, _digests(), user_id)}


async def row_ids(database: Database, user_id: UUID) -> set[str]:
    """Return the ids of everything that belongs to a person."""
    return {row[0] for row in await _rows(database, _ids(), user_id)}


async def _rows(database: Database, query: CompoundSelect[Any], user_id: UUID) -> list[Any]:
    async with database.begin() as session:
        connection = await session.connection()
        return list(await connection.execute(query, {"whose": user_id}))
