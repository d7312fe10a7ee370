"""Renders docs/privacy.md from the register: `python -m models.privacy.document`."""

from collections.abc import Iterator
from pathlib import Path

from models.privacy.accounts import ACCOUNTS
from models.privacy.applying import APPLYING
from models.privacy.jobs import JOBS
from models.privacy.people import PEOPLE
from models.privacy.register import REGISTER
from models.privacy.shape import NOBODY, Columns, Erased, Sealed, Table
from models.privacy.telling import TELLING
from models.privacy.words import ELSEWHERE, INTRODUCTION, PLAIN, RECIPIENTS, RIGHTS, TEMPORAL

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "privacy.md"
ROOMS = (
    ("Accounts and their security", ACCOUNTS),
    ("What people tell of themselves, and what follows from it", PEOPLE),
    ("Applications", APPLYING),
    ("What people are told", TELLING),
    ("Jobs: public, and about no user", JOBS),
)
FATES = {
    Erased.ROWS: "the person's rows are deleted",
    Erased.ACCOUNT: "the row goes last, and the key with it",
    Erased.UNNAMED: "what leads to the person is taken out, and the rest stays",
    Erased.NOBODY: "nothing: it is about nobody",
}


def document() -> str:
    """Return the whole page, as Markdown."""
    parts = [INTRODUCTION, PLAIN]
    for title, tables in ROOMS:
        parts.append(f"## In PostgreSQL: {title[:1].lower()}{title[1:]}\n")
        parts += ["\n".join(_table(table)) + "\n" for table in tables]
    return "\n".join([*parts, _elsewhere(), RIGHTS])


def _table(table: Table) -> Iterator[str]:
    yield f"### `{table.name}`"
    yield table.about
    yield ""
    yield "| column | what it holds | sealed | why | exported |"
    yield "|---|---|---|---|---|"
    for said in table.columns:
        names = ", ".join(f"`{name}`" for name in said.names.split())
        yield f"| {names} | {said.holds} | {_sealing(said)} | {said.why} | {_export(table, said)} |"
    yield ""
    yield f"Whose: {_owner(table)}. Kept: {table.kept}. At an erasure: {FATES[table.erased]}."


def _sealing(said: Columns) -> str:
    if said.sealed is None:
        return "no"
    return "wrapped" if said.sealed is Sealed.WRAPPED else "yes"


def _export(table: Table, said: Columns) -> str:
    reason = table.kept_back or said.kept_back
    if reason is not None:
        return f"no: {reason}"
    if table.owner != NOBODY:
        return "yes"
    return "where the person's rows point at it" if table.lent else "no: about nobody"


def _owner(table: Table) -> str:
    owner = table.owner
    if owner.column is None:
        return "nobody's"
    if owner.through is None:
        return f"the person's of `{owner.column}`"
    through = REGISTER[owner.through]
    return f"the person's of `{through.owner.column}` in the `{owner.through}` of `{owner.column}`"


def _elsewhere() -> str:
    told = "\n".join(f"- **{name}** {what}" for name, what in RECIPIENTS)
    return f"## Elsewhere\n- **Temporal's histories**: {TEMPORAL}.\n{told}\n{ELSEWHERE}"


if __name__ == "__main__":
    DOCUMENT.write_text(document())
