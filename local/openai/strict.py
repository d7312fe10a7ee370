"""Structured output: checks of `response_format`, and documents that satisfy a JSON Schema."""

import re
from typing import Any

from local.openai.errors import OpenAIError, invalid

NAME = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
DEEPEST = 6
FORMATS = {
    "date": "2026-01-15",
    "date-time": "2026-01-15T09:30:00Z",
    "time": "09:30:00Z",
    "duration": "P1D",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uuid": "0b0e6b52-7c1f-4a43-9d5c-2f8a6c1d9e10",
}

Schema = dict[str, Any]


def check_format(response_format: Schema | None) -> None:
    """Refuse formats that are unknown, badly named or, where strict, not strict enough."""
    if response_format is None:
        return
    kind = response_format.get("type")
    if kind not in {"text", "json_object", "json_schema"}:
        raise invalid("Invalid value for 'response_format.type'.", "response_format.type", "invalid_value")
    if kind != "json_schema":
        return
    wrapped = response_format.get("json_schema")
    if not isinstance(wrapped, dict) or not NAME.match(str(wrapped.get("name", ""))):
        raise invalid(
            "Missing or invalid parameter: 'response_format.json_schema.name'.",
            "response_format.json_schema.name",
        )
    if wrapped.get("strict"):
        _check_strict(wrapped.get("schema"), str(wrapped["name"]), ())


def _check_strict(schema: object, name: str, context: tuple[str, ...]) -> None:
    """Walk through a schema; every object must require all its properties and allow no other."""
    if isinstance(schema, list):
        for part in schema:
            _check_strict(part, name, context)
    if not isinstance(schema, dict):
        return
    properties = schema.get("properties")
    if schema.get("type") == "object" or isinstance(properties, dict):
        _check_object(schema, name, context)
    for key, part in schema.items():
        if key not in {"enum", "const", "default", "required"}:
            _check_strict(part, name, (*context, key))


def _check_object(schema: Schema, name: str, context: tuple[str, ...]) -> None:
    if schema.get("additionalProperties") is not False:
        raise _not_strict(name, context, "'additionalProperties' is required to be supplied and to be false")
    missing = set(schema.get("properties", {})) - set(schema.get("required", []))
    if missing:
        raise _not_strict(
            name,
            context,
            "'required' is required to be supplied and to be an array including every key in properties. "
            f"Missing '{min(missing)}'",
        )


def _not_strict(name: str, context: tuple[str, ...], reason: str) -> OpenAIError:
    return invalid(
        f"Invalid schema for response_format '{name}': In context={context}, {reason}.",
        "response_format",
    )


def instance(schema: Schema, filler: str) -> Any:  # noqa: ANN401 - a document of any JSON type
    """Return a document that satisfies the schema; free strings say `filler`.

    Patterns of strings are not followed.
    """
    return _Maker(schema, filler).make(schema, 0)


def empty_instance(schema: Schema, root: Schema | None = None) -> Any:  # noqa: ANN401 - any JSON type
    """Return a document that satisfies the schema and says as little as it can."""
    return _Maker(schema if root is None else root, "").make_empty(schema)


class _Maker:
    """Makes documents, within a depth at which optional and endless parts are left empty."""

    def __init__(self, root: Schema, filler: str) -> None:
        self.root = root
        self.filler = filler

    def make(self, schema: Schema, depth: int) -> Any:  # noqa: ANN401 - a document of any JSON type
        schema = self._resolved(schema, depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        kind = _kind(schema)
        if kind == "object":
            properties: Schema = schema.get("properties", {})
            return {key: self.make(part, depth + 1) for key, part in properties.items()}
        if kind == "array":
            count = schema.get("minItems", 0 if depth >= DEEPEST else 1)
            return [self.make(schema.get("items", {}), depth + 1) for _ in range(count)]
        if kind in {"integer", "number"}:
            return _number(schema)
        return {"boolean": True, "null": None}.get(kind, self._string(schema))

    def make_empty(self, schema: Schema) -> Any:  # noqa: ANN401 - a document of any JSON type
        """Make what says nothing: null where it may be, empty lists, empty texts."""
        schema = self._resolved(schema, DEEPEST)
        kinds = schema.get("type")
        if isinstance(kinds, list) and "null" in kinds:
            return None
        if _kind(schema) == "object":
            return {key: self.make_empty(part) for key, part in schema.get("properties", {}).items()}
        return [] if _kind(schema) == "array" else self.make(schema, DEEPEST)

    def _resolved(self, schema: Schema, depth: int) -> Schema:
        """Follow references and choose among alternatives: null where the document is already deep."""
        while True:
            if "$ref" in schema:
                schema = {**self._referred(schema["$ref"]), **_without(schema, "$ref")}
            elif "anyOf" in schema or "oneOf" in schema:
                chosen = _chosen(schema.get("anyOf") or schema["oneOf"], depth)
                schema = {**_without(schema, "anyOf", "oneOf"), **chosen}
            elif "allOf" in schema:
                merged: Schema = {}
                for part in schema["allOf"]:
                    merged.update(part)
                schema = {**_without(schema, "allOf"), **merged}
            else:
                return schema

    def _referred(self, pointer: str) -> Schema:
        node: Any = self.root
        for step in pointer.removeprefix("#").strip("/").split("/"):
            node = node[step.replace("~1", "/").replace("~0", "~")] if step else node
        found: Schema = node
        return found

    def _string(self, schema: Schema) -> str:
        text = FORMATS.get(schema.get("format", ""), self.filler)
        least, most = schema.get("minLength", 0), schema.get("maxLength")
        text = text.ljust(least, ".")
        return text if most is None else text[:most]


def _kind(schema: Schema) -> str:
    kinds = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kinds, list):
        kinds = next((kind for kind in kinds if kind != "null"), "null")
    return str(kinds)


def _chosen(alternatives: list[Schema], depth: int) -> Schema:
    if depth >= DEEPEST:
        return next((part for part in alternatives if part.get("type") == "null"), alternatives[0])
    return next((part for part in alternatives if part.get("type") != "null"), alternatives[0])


def _number(schema: Schema) -> float:
    least = schema.get("minimum", schema.get("exclusiveMinimum"))
    most = schema.get("maximum", schema.get("exclusiveMaximum"))
    step = schema.get("multipleOf", 1)
    value: float = 1 if least is None else least
    if most is not None and value > most:
        value = most
    value = -(-value // step) * step
    if value == schema.get("exclusiveMinimum"):
        value += step
    if value == schema.get("exclusiveMaximum"):
        value -= step
    return value


def _without(schema: Schema, *keys: str) -> Schema:
    return {key: value for key, value in schema.items() if key not in keys}
