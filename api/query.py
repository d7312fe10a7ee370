"""Query parameters read by one pydantic model, which costs a hot list less than field by field."""

from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)


def parse_query(model: type[Model], request: Request) -> Model:
    """Return the model that a request's query makes; of a parameter given twice the last one counts."""
    try:
        return model.model_validate(dict(request.query_params))
    except ValidationError as error:
        details = [{**each, "loc": ("query", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(details) from None


def described(model: type[BaseModel]) -> dict[str, Any]:
    """Return the `openapi_extra` that names the model's fields as query parameters."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return {
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", ()),
                "schema": shape,
                **_said_of(shape),
            }
            for name, each in schema["properties"].items()
            for shape in [_inlined(each, schema.get("$defs", {}))]
        ]
    }


def _said_of(shape: dict[str, Any]) -> dict[str, str]:
    """Return what describes a parameter, to stand beside its shape: tools show no other description."""
    said = (each.get("description") for each in (shape, *shape.get("anyOf", ())))
    text = next(filter(None, said), None)
    return {"description": text} if text else {}


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:  # noqa: ANN401 -- JSON
    """Put definitions in the place of the references to them."""
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {name: _inlined(each, definitions) for name, each in schema.items()}
