"""The OpenAPI document: which problems each route may answer, as application/problem+json."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

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
    every = sorted({*statuses, 400, 413, 422, 500, 503})
    return {status: {"description": HTTPStatus(status).phrase, "content": _REFERENCE} for status in every}


def binary(*media_types: str) -> dict[str, Any]:
    """Return the description of an answer that is a file."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {"description": "The file.", "content": dict.fromkeys(media_types, schema)}


class Described(FastAPI):
    """A FastAPI whose document names our problems in place of FastAPI's own error shapes."""

    def openapi(self) -> dict[str, Any]:
        """Return the document, made once."""
        if self.openapi_schema is None:
            schemas = super().openapi().setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = PROBLEM_SCHEMA
            for name in _NEVER_SENT:
                schemas.pop(name, None)
        return super().openapi()
