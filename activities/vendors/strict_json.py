"""Checks a model's JSON against the strict part of JSON Schema that structured output knows."""

from typing import Any

Schema = dict[str, Any]

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def fits_schema(value: object, schema: Schema, root: Schema | None = None) -> bool:
    """Tell whether a value is of a schema: types, properties, items, `enum`, `anyOf`, `$ref` to `$defs`."""
    root = schema if root is None else root
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return fits_schema(value, root.get("$defs", {}).get(name, {"enum": []}), root)
    if "anyOf" in schema:
        return any(fits_schema(value, part, root) for part in schema["anyOf"])
    if value not in schema.get("enum", [value]) or not _is_of_type(value, schema.get("type")):
        return False
    if isinstance(value, dict):
        return _fits_object(value, schema, root)
    if isinstance(value, list):
        return all(fits_schema(item, schema.get("items", {}), root) for item in value)
    return True


def _is_of_type(value: object, wanted: object) -> bool:
    if wanted is None:
        return True
    names = wanted if isinstance(wanted, list) else [wanted]
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, _TYPES.get(str(name), ())) for name in names)


def _fits_object(value: dict[str, Any], schema: Schema, root: Schema) -> bool:
    properties: Schema = schema.get("properties", {})
    if set(schema.get("required", [])) - value.keys():
        return False
    if schema.get("additionalProperties") is False and value.keys() - properties.keys():
        return False
    return all(fits_schema(part, properties[key], root) for key, part in value.items() if key in properties)
