"""Validates answers of the stand-ins against the vendors' OpenAPI files, which live beside the repository."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

SPECS = Path(__file__).parents[3] / "shared" / "vendors" / "specs"
ADZUNA = "adzuna-openapi.json"
SKYVERN = "skyvern-1.0.56-openapi.json"


class Spec:
    """An OpenAPI 3.1 document; paths are written as in the document, with their placeholders."""

    def __init__(self, name: str) -> None:
        self.document: dict[str, Any] = json.loads((SPECS / name).read_text())

    def validate(self, document: object, path: str, method: str = "get", status: int = 200) -> None:
        """Check the JSON body of an answer; jsonschema's ValidationError names what differs."""
        operation = ("paths", path, method, "responses", str(status), "content", "application/json", "schema")
        self._check(document, *operation)

    def validate_request(self, document: object, path: str, method: str = "post") -> None:
        """Check the JSON body of a request."""
        self._check(document, "paths", path, method, "requestBody", "content", "application/json", "schema")

    def validate_component(self, document: object, name: str) -> None:
        """Check a document against a named schema of `components`."""
        self._check(document, "components", "schemas", name)

    def _check(self, document: object, *steps: str) -> None:
        pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
        # the document itself is the schema, so that its references to `#/components` resolve
        Draft202012Validator({**self.document, "$ref": f"#/{pointer}"}).validate(document)


@cache
def spec(name: str) -> Spec:
    """Load a vendor's OpenAPI file once; the calling test is skipped where the folder is absent."""
    if not (SPECS / name).exists():
        pytest.skip(f"the vendors' specification {name} is not beside this checkout")
    return Spec(name)
