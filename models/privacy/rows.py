"""Whose rows are whose, as conditions of queries: the register's owners in terms of the schema."""

from collections.abc import Mapping
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, false, or_, select

from models.privacy import shape
from models.privacy.register import REGISTER
from models.tables import all_tables


def schema_of(table: shape.Table) -> Table:
    """Return the table as SQLAlchemy knows it."""
    return _tables()[table.name]


@cache
def _tables() -> Mapping[str, Table]:
    return all_tables()


def belongs_to(table: shape.Table, user_id: UUID) -> ColumnElement[bool]:
    """Return the condition under which a row of a table with an owner is that person's."""
    if table.owner.column is None:
        raise ValueError(f"{table.name} is about nobody")
    column = schema_of(table).c[table.owner.column]
    if table.owner.through is None:
        return column == user_id
    return column.in_(_ids(REGISTER[table.owner.through], user_id))


def is_lent_to(table: shape.Table, user_id: UUID) -> ColumnElement[bool]:
    """Return the condition under which a row about nobody is pointed at by a row of the person."""
    return or_(false(), *(_points_at(table, lent, user_id) for lent in table.lent))


def _points_at(table: shape.Table, lent: str, user_id: UUID) -> ColumnElement[bool]:
    name, _, column = lent.partition(".")
    pointing = REGISTER[name]
    return schema_of(table).c.id.in_(
        select(schema_of(pointing).c[column]).where(belongs_to(pointing, user_id))
    )


def _ids(table: shape.Table, user_id: UUID) -> Select[tuple[UUID]]:
    return select(schema_of(table).c.id).where(belongs_to(table, user_id))
