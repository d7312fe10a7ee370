"""What the register says of a table and of its columns: purpose, sealing, owner, time, export, erasure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from models.account_enums import RetainedKind


class Sealed(StrEnum):
    """What a sealed column holds once it is opened; a wrapped key is opened by the master key alone."""

    TEXT = "text"
    JSON = "json"
    FILE = "file"
    WRAPPED = "wrapped"


class Erased(StrEnum):
    """What an erasure does with a person's part of a table.

    `rows`: they are deleted. `account`: the row goes last, with the key. `unnamed`: the row stays, and what
    leads to the person is taken out of it. `nobody`: the table is about nobody, and stays as it is.
    """

    ROWS = "rows"
    ACCOUNT = "account"
    UNNAMED = "unnamed"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Owner:
    """Whose a row is: `column` holds the person's id, or that of a row of the table `through`."""

    column: str | None = None
    through: str | None = None


NOBODY = Owner()
"""Of a table that is about no person."""


@dataclass(frozen=True)
class Columns:
    """What there is to say of some columns of a table alike; `names` are parted by blanks.

    `kept_back` says why they are in no export; what says nothing is exported.
    """

    names: str
    holds: str
    why: str = ""
    sealed: Sealed | None = None
    kept_back: str | None = None


@dataclass(frozen=True)
class Column:
    """One column, as the register has it."""

    name: str
    said: Columns

    @property
    def sealed(self) -> Sealed | None:
        """What it holds once it is opened; None where it stands in plain."""
        return self.said.sealed

    @property
    def exported(self) -> bool:
        """Whether it goes into an export."""
        return self.said.kept_back is None


@dataclass(frozen=True)
class Table:
    """One table. A sealed value's place is `table.column:` and the row's primary key, parted by `/`.

    `kept` says until when its rows stay, beside the erasure; `pruned` is the retention that deletes them.
    `kept_back` says why nothing of it is in an export. `lent`: columns, as `table.column`, by which rows of
    people point at rows of this table, which is about nobody; those go into these people's exports.
    """

    name: str
    about: str
    columns: tuple[Columns, ...]
    kept: str
    owner: Owner = Owner("user_id")
    pruned: RetainedKind | None = None
    erased: Erased = Erased.ROWS
    kept_back: str | None = None
    lent: tuple[str, ...] = ()

    def each(self) -> Iterator[Column]:
        """Go through the columns one by one."""
        for said in self.columns:
            for name in said.names.split():
                yield Column(name, said)

    def exported(self) -> tuple[Column, ...]:
        """Return the columns that go into an export; none where the table is kept back as a whole."""
        if self.kept_back is not None or (self.owner == NOBODY and not self.lent):
            return ()
        return tuple(column for column in self.each() if column.exported)


WHILE_THE_ACCOUNT = "as long as the account"
IT_IS_PUBLIC = "about nobody"
"""Words that many tables share."""
