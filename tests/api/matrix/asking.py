"""Asking for an operation as somebody, and what must not change when somebody is refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import Text, cast, func, literal, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by

from models.database import Database
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
        """What two who ask for the same see alike: the JSON, or how much there is of something else."""
        return json.loads(self.content) if self.media_type == "application/json" else self.media_type


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


@cache
def _of_one_person(user_id: UUID) -> Any:  # noqa: ANN401 -- a union of as many tables as there are
    parts = []
    for table in REGISTER.values():
        if table.owner.column is None:
            continue
        row = cast(func.to_jsonb(literal_column(f'"{table.name}"')).op("-")(MOVES_BY_ITSELF), Text)
        rows = func.md5(func.string_agg(row, aggregate_order_by(literal(""), row)))
        mine = select(literal(table.name), rows).select_from(schema_of(table))
        parts.append(mine.where(belongs_to(table, user_id)))
    return union_all(*parts)


async def fingerprint(database: Database, user_id: UUID) -> dict[str, str | None]:
    """Return, by table, what is equal as long as nothing of the person's has changed."""
    async with database.begin() as session:
        connection = await session.connection()
        rows = await connection.execute(_of_one_person(user_id))
        return {row[0]: row[1] for row in rows}


async def row_ids(database: Database, user_id: UUID) -> set[str]:
    """Return the ids of everything that belongs to a person."""
    found: set[str] = set()
    async with database.begin() as session:
        connection = await session.connection()
        for table in REGISTER.values():
            schema = schema_of(table)
            if table.owner.column is not None and "id" in schema.c:
                mine = select(schema.c.id).where(belongs_to(table, user_id))
                found |= {str(each) for (each,) in await connection.execute(mine)}
    return found
