"""The model's JSON answers over a server of our own that says odd things."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from activities.vendors.openai import ModelError, OpenAI, new_openai_client
from local.serving import serve
from models.enums import ChatFault

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "count": {"type": ["integer", "null"]},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/part"}},
    },
    "required": ["text", "count", "parts"],
    "additionalProperties": False,
    "$defs": {
        "part": {
            "type": "object",
            "properties": {"kind": {"enum": ["a", "b"]}},
            "required": ["kind"],
            "additionalProperties": False,
        }
    },
}
GOOD = {"text": "yes", "count": None, "parts": [{"kind": "a"}]}


def completion(content: object, finish: str = "stop", refusal: str | None = None) -> dict[str, object]:
    """Return a completion that says this."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return {"choices": [{"index": 0, "message": message, "finish_reason": finish}]}


@asynccontextmanager
async def model_that_says(body: object, seen: list[dict[str, Any]]) -> AsyncIterator[OpenAI]:
    async def answer(request: Request) -> Response:
        seen.append(await request.json())
        return body if isinstance(body, Response) else JSONResponse(body)

    app = Starlette(routes=[Route("/v1/chat/completions", answer, methods=["POST"])])
    async with serve(app) as url:
        client = new_openai_client(f"{url}/v1", 5.0)
        try:
            yield OpenAI(client, "a-model", 100)
        finally:
            await client.close()


async def complete(body: object, seen: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    async with model_that_says(body, [] if seen is None else seen) as model:
        return await model.complete("a-key", [{"role": "user", "content": "?"}], "a_schema", SCHEMA)


async def test_a_document_of_the_schema_is_returned_and_was_asked_for_strictly() -> None:
    seen: list[dict[str, Any]] = []
    assert await complete(completion(json.dumps(GOOD)), seen) == GOOD
    wrapped = {"name": "a_schema", "strict": True, "schema": SCHEMA}
    assert seen[0]["response_format"] == {"type": "json_schema", "json_schema": wrapped}
    assert seen[0]["max_completion_tokens"] == 100


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (completion(json.dumps(GOOD), finish="length"), ChatFault.CUT_SHORT),
        (completion(None, finish="content_filter"), ChatFault.CONTENT_FILTER),
        (completion(None, refusal="I will not"), ChatFault.REFUSED),
        (completion(None), ChatFault.EMPTY),
        (completion(""), ChatFault.EMPTY),
        (completion("Sure, here it is: {"), ChatFault.BROKEN_STREAM),
        (completion("[" * 50_000), ChatFault.BROKEN_STREAM),
        (completion('"text"'), ChatFault.BROKEN_STREAM),
        (completion(json.dumps(GOOD | {"more": 1})), ChatFault.BROKEN_STREAM),
        (completion(json.dumps({"text": "yes", "count": 1})), ChatFault.BROKEN_STREAM),
        (completion(json.dumps(GOOD | {"count": True})), ChatFault.BROKEN_STREAM),
        (completion(json.dumps(GOOD | {"parts": [{"kind": "c"}]})), ChatFault.BROKEN_STREAM),
        (completion(7), ChatFault.BROKEN_STREAM),
        ({}, ChatFault.EMPTY),
        ({"choices": []}, ChatFault.EMPTY),
        ({"choices": [{"message": None}]}, ChatFault.EMPTY),
        (Response("<html>", media_type="text/html"), ChatFault.EMPTY),
        (Response("{", media_type="application/json"), ChatFault.BROKEN_STREAM),
        (JSONResponse({"error": {"code": "insufficient_quota"}}, 429), ChatFault.QUOTA_EXHAUSTED),
        (JSONResponse({"error": {}}, 503), ChatFault.UNAVAILABLE),
    ],
)
async def test_whatever_is_no_whole_document_of_the_schema_is_an_error(
    body: object, fault: ChatFault
) -> None:
    with pytest.raises(ModelError) as caught:
        await complete(body)
    assert caught.value.fault is fault


async def test_a_key_that_no_header_can_hold_is_not_sent() -> None:
    seen: list[dict[str, Any]] = []
    async with model_that_says(completion(json.dumps(GOOD)), seen) as model:
        with pytest.raises(ModelError) as caught:
            await model.complete("näh\n", [{"role": "user", "content": "?"}], "a_schema", SCHEMA)
    assert caught.value.fault is ChatFault.CREDENTIALS_REFUSED
    assert seen == []
