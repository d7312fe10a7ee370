"""The OpenAPI document: which problems each route may answer, as application/problem+json."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.acting import PARAMETERS
from api.deps import authenticate
from api.problems import MEDIA_TYPE

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "A refusal (RFC 9457). `type` is stable; decide by it and never by a text.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problems/not-found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do."},
        "retry_after": {
            "type": "integer",
            "description": "For `/problems/rate-limited`: in how many seconds it is allowed again.",
        },
        "errors": {
            "type": "array",
            "description": "Where it does not fit, and why: for `/problems/invalid` by `loc`, "
            "for `/problems/bad-answer` by `question_id`.",
            "items": {
                "type": "object",
                "properties": {
                    "loc": {"type": "array", "items": {"type": ["string", "integer"]}},
                    "msg": {"type": "string"},
                    "type": {"type": "string"},
                    "question_id": {"type": "string", "format": "uuid"},
                },
            },
        },
    },
    "additionalProperties": True,
}
_REFERENCE = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_NEVER_SENT = ("HTTPValidationError", "ValidationError")

Responses = dict[int | str, dict[str, Any]]


def problems(*statuses: int) -> Responses:
    """Return the `responses` of a route that may answer with these statuses, beside those that all may."""
    every = sorted({*statuses, 400, 413, 421, 422, 500, 503})
    return {status: {"description": HTTPStatus(status).phrase, "content": _REFERENCE} for status in every}


def binary(*media_types: str) -> dict[str, Any]:
    """Return the description of an answer that is a file."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {"description": "The file.", "content": dict.fromkeys(media_types, schema)}


class Described(FastAPI):
    """A FastAPI whose document names our problems in place of FastAPI's own error shapes.

    It also tells on which routes an administrator may act for their person, and by which headers.
    """

    def openapi(self) -> dict[str, Any]:
        """Return the document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = PROBLEM_SCHEMA
            for name in _NEVER_SENT:
                schemas.pop(name, None)
            for route in self.routes:
                if isinstance(route, APIRoute) and route.include_in_schema and lets_act(route):
                    _describe_acting(document["paths"][route.path_format], route.methods or set())
        return super().openapi()


def lets_act(route: APIRoute) -> bool:
    """Tell whether administrators may act for the person on this route: who it asks for is `deps.Me`."""
    return authenticate in _calls_of(route.dependant)


def _calls_of(dependant: Dependant) -> Iterator[Callable[..., Any] | None]:
    yield dependant.call
    for each in dependant.dependencies:
        yield from _calls_of(each)


def _describe_acting(operations: dict[str, Any], methods: set[str]) -> None:
    for method in methods:
        operation = operations[method.lower()]
        operation["parameters"] = [*operation.get("parameters", []), *PARAMETERS]
        for status, described in problems(403, 404).items():
            operation["responses"].setdefault(str(status), described)
