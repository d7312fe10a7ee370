"""A workflow of ours at Skyvern. Its title carries the hash of its definition, so that it is found again.

A changed definition is another workflow, an unchanged one is the one that was made before.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

TITLE_HASH_LENGTH = 12


@dataclass(frozen=True)
class Workflow:
    """A workflow by its name and definition; `hash` is the hex SHA-256 of the definition's canonical JSON."""

    name: str
    definition: Json = field(repr=False)

    @property
    def hash(self) -> str:
        """What names the definition."""
        text = json.dumps(self.definition, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def title(self) -> str:
        """Under which it is found in an account."""
        return f"Jobraker {self.name} {self.hash[:TITLE_HASH_LENGTH]}"

    def creation_body(self) -> Json:
        """Return the body that creates it."""
        return {"json_definition": {"title": self.title, "workflow_definition": self.definition}}


def parameter(key: str, kind: str, description: str) -> Json:
    """Return a parameter that every run is given."""
    return {
        "key": key,
        "parameter_type": "workflow",
        "workflow_parameter_type": kind,
        "description": description,
    }
