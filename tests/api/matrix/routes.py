"""Every route of the app beside what is expected of it; what one has and the other lacks is a fault."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.api.matrix.expected import Expectations, Ids
from tests.api.matrix.of_accounts import ACCOUNTS
from tests.api.matrix.of_admin import ADMIN, MACHINES
from tests.api.matrix.of_applications import ANSWERS, APPLICATIONS
from tests.api.matrix.of_jobs import JOBS
from tests.api.matrix.of_people import PEOPLE
from tests.api.matrix.of_privacy import PRIVACY

EXPECTATIONS: Expectations = {
    **JOBS,
    **APPLICATIONS,
    **ANSWERS,
    **PEOPLE,
    **ACCOUNTS,
    **PRIVACY,
    **ADMIN,
    **MACHINES,
}

UNDESCRIBED = {"/docs", "/docs/assets/{path}", "/openapi.json", "/metrics"}
"""What the app serves and the document does not name: it tells nothing of anybody."""

WHERE = "add it to the nearest file of tests/api/matrix/ (of_*.py), as tests/api/matrix/expected.py says"


@dataclass(frozen=True)
class Operation:
    """One operation of the OpenAPI document."""

    method: str
    path: str
    ids: tuple[str, ...]
    """The parameters of the path that are ids of rows."""

    fields: frozenset[str]
    """What its JSON body may hold; nothing where it takes none."""

    def __str__(self) -> str:
        """Return it as expectations name it."""
        return f"{self.method} {self.path}"

    def at(self, ids: Ids) -> str:
        """Return its address."""
        return self.path.format_map(ids)

    def object_of(self, ids: Ids) -> UUID | None:
        """Return what the audit log names: the first id of the path."""
        return UUID(ids[self.ids[0]]) if self.ids else None


def operations_of(document: dict[str, Any]) -> list[Operation]:
    """Return every operation that a document describes."""
    return [
        Operation(method.upper(), path, tuple(_ids_of(operation)), frozenset(_fields_of(operation, document)))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def _ids_of(operation: dict[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", []):
        kinds = [parameter["schema"], *parameter["schema"].get("anyOf", [])]
        if parameter["in"] == "path" and any(kind.get("format") == "uuid" for kind in kinds):
            yield parameter["name"]


def _fields_of(operation: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    waiting = [content.get("schema", {})]
    while waiting:
        schema = waiting.pop()
        yield from schema.get("properties", {})
        waiting += [*schema.get("oneOf", []), *schema.get("anyOf", [])]
        if name := schema.get("$ref", "").rpartition("/")[2]:
            waiting.append(document["components"]["schemas"][name])


def faults_of(document: dict[str, Any], expectations: Expectations) -> list[str]:
    """Say which operations nothing is expected of, and of which something is that do not exist."""
    described = {str(operation) for operation in operations_of(document)}
    return [
        *(f"{each} has no expectation: {WHERE}." for each in sorted(described - expectations.keys())),
        *(
            f"{each} is expected and does not exist: take it out."
            for each in sorted(expectations.keys() - described)
        ),
    ]
