"""The register of what is stored says of every table and column what is so, and its page says the same."""

from dataclasses import replace

import pytest
from sqlalchemy import UniqueConstraint

from models.account_enums import RetainedKind
from models.account_export import place_of_part
from models.base import new_id
from models.chat import place_of_delta
from models.privacy.document import DOCUMENT, document
from models.privacy.register import REGISTER, personal, place_in
from models.privacy.rows import schema_of
from models.privacy.shape import NOBODY, Columns, Erased, Sealed, Table
from models.sealed import place_of
from models.tables import all_tables

SCHEMA = all_tables()


def named(tables: list[Table]) -> list[str]:
    """Return the columns that are described, as `table.column`."""
    return [f"{table.name}.{column.name}" for table in tables for column in table.each()]


def stored() -> set[str]:
    """Return the columns that there are."""
    return {f"{table.name}.{column.name}" for table in SCHEMA.values() for column in table.columns}


def untold(table: Table) -> list[str]:
    """Return what is wrong with what is said of a table's sealing."""
    told = {column.name: column.sealed for column in table.each()}
    return [
        name
        for name, sealed in told.items()
        if name.endswith("_sealed") != (sealed not in {None, Sealed.WRAPPED})
    ]


def test_every_column_is_described_once() -> None:
    described = named([*REGISTER.values()])
    assert len(described) == len({*described})
    assert {*described} == stored()
    assert {name: table.name for name, table in REGISTER.items()} == {name: name for name in SCHEMA}


def test_a_forgotten_column_is_noticed() -> None:
    forgetful = replace(REGISTER["profile"], columns=REGISTER["profile"].columns[1:])
    others = [table for table in REGISTER.values() if table.name != "profile"]
    assert stored() - {*named([*others, forgetful])} == {
        "profile.id",
        "profile.created_at",
        "profile.user_id",
    }


def test_what_is_sealed_is_called_so_and_nothing_else() -> None:
    assert [f"{table.name}.{name}" for table in REGISTER.values() for name in untold(table)] == []
    wrapped = [
        f"{table.name}.{column.name}"
        for table in REGISTER.values()
        for column in table.each()
        if column.sealed is Sealed.WRAPPED
    ]
    assert wrapped == ["account.data_key"]


def test_a_sealing_that_is_told_wrongly_is_noticed() -> None:
    said = (Columns("text_sealed", "the text"), Columns("role", "who speaks", sealed=Sealed.TEXT))
    assert untold(Table("chat_message", "", said, "")) == ["text_sealed", "role"]


@pytest.mark.parametrize("table", [each for each in REGISTER.values() if each.owner != NOBODY])
def test_the_owner_of_a_table_leads_to_an_account(table: Table) -> None:
    column = table.owner.column
    assert column is not None
    keys = [key.column for key in schema_of(table).c[column].foreign_keys]
    if table.owner.through is not None:
        assert [key.table.name for key in keys] == [table.owner.through]
        assert REGISTER[table.owner.through].owner.through is None
    elif table.name == "account":
        assert column == "id"
    elif table.erased is Erased.UNNAMED:
        # what outlives the account points nowhere
        assert keys == []
    else:
        assert [f"{key.table.name}.{key.name}" for key in keys] == ["account.id"]


def test_whatever_points_at_an_account_is_somebodys() -> None:
    pointing = {
        table.name
        for table in SCHEMA.values()
        for key in table.foreign_keys
        if key.column.table.name == "account" and key.ondelete == "CASCADE"
    }
    assert pointing <= {table.name for table in personal()}


@pytest.mark.parametrize("table", [each for each in REGISTER.values() if each.owner == NOBODY])
def test_what_is_nobodys_is_not_erased_and_lent_by_columns_that_point_at_it(table: Table) -> None:
    assert table.erased in {Erased.NOBODY, Erased.UNNAMED}
    for lent in table.lent:
        name, _, column = lent.partition(".")
        assert REGISTER[name].owner != NOBODY
        assert [key.column.table.name for key in SCHEMA[name].c[column].foreign_keys] == [table.name]


def test_a_persons_rows_are_found_by_an_index() -> None:
    for table in personal():
        schema = schema_of(table)
        first = {next(iter(schema.primary_key.columns)).name}
        for index in schema.indexes:
            if index.dialect_options["postgresql"]["where"] is None and len(index.columns):
                first.add(next(iter(index.columns)).name)
        for unique in schema.constraints:
            if isinstance(unique, UniqueConstraint):
                first.add(next(iter(unique.columns)).name)
        # few erasures are there at any time, and they are gone through by their state
        assert table.owner.column in first or table.name == "erasure", table.name


def test_every_kind_of_retention_is_told_of_a_table() -> None:
    assert {table.pruned for table in REGISTER.values()} - {None} == {*RetainedKind}


def test_a_sealed_value_has_the_place_that_its_primary_key_names() -> None:
    row_id = new_id()
    place = place_in("answer", "value_sealed", row_id)
    assert place == place_of("answer", "value_sealed", row_id)
    assert place_in("chat_delta", "text_sealed", row_id, 3) == place_of_delta(row_id, 3)
    assert place_in("export_part", "content_sealed", row_id, 3) == place_of_part(row_id, 3)


def test_the_page_is_what_the_register_says() -> None:
    written = DOCUMENT.read_text()
    assert written == document(), "run `python -m models.privacy.document`"
    for table in REGISTER.values():
        assert f"### `{table.name}`\n{table.about}\n" in written
