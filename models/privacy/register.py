"""The register of all that is stored: each table and column, whose, why, how long, and what becomes of it.

The document, the export and the erasure go by it, and a test compares it with the schema.
"""

from models.privacy.accounts import ACCOUNTS
from models.privacy.applying import APPLYING
from models.privacy.jobs import JOBS
from models.privacy.people import PEOPLE
from models.privacy.shape import NOBODY, Erased, Table
from models.privacy.telling import TELLING

REGISTER: dict[str, Table] = {
    table.name: table for room in (ACCOUNTS, PEOPLE, APPLYING, TELLING, JOBS) for table in room
}


def personal() -> list[Table]:
    """Return the tables whose rows are people's."""
    return [table for table in REGISTER.values() if table.owner != NOBODY]


def erased_by_rows() -> list[Table]:
    """Return the tables whose rows of a person an erasure deletes."""
    return [table for table in REGISTER.values() if table.erased is Erased.ROWS]


def place_in(table: str, column: str, *key: object) -> str:
    """Return where a value is sealed to: its table, its column, and its row's primary key."""
    return f"{table}.{column}:{'/'.join(str(part) for part in key)}"
