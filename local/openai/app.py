"""The OpenAI stand-in: chat completions by the wire contract, scripted by tests or composed by itself."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Body, FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from local import faults, received
from local.openai.answer import answer_to
from local.openai.config import LARGEST_OUTPUT_TOKENS, OpenAIConfig
from local.openai.errors import (
    OpenAIError,
    body_for_status,
    context_length_exceeded,
    invalid,
    invalid_api_key,
    model_not_found,
)
from local.openai.request import ChatRequest, read_request
from local.openai.script import Delay, Script, Scripts
from local.openai.wire import Document, Envelope

API = "/v1"
API_VERSION = "2020-10-01"


def create_app(config: OpenAIConfig) -> FastAPI:
    """Build the stand-in; `/_control` has faults, requests, state, scripts and the pace of streams."""
    desk = _Desk(config, Scripts(), config.piece_seconds)

    async def reset() -> None:
        desk.scripts.waiting.clear()
        desk.piece_seconds = config.piece_seconds

    app = FastAPI(openapi_url=None)
    faults.install(app, reset, body_for_status)
    received.install(app)
    _answer_errors(app)
    _add_control(app, desk)
    _add_routes(app, desk)
    return app


@dataclass
class _Desk:
    """Checks what comes in and makes the answers."""

    config: OpenAIConfig
    scripts: Scripts
    piece_seconds: float

    def admit(self, request: Request) -> None:
        """Refuse a wrong or missing key."""
        sent = request.headers.get("authorization", "")
        if not secrets.compare_digest(sent.encode(), f"Bearer {self.config.api_key}".encode()):
            raise invalid_api_key()

    def snapshot(self, model: str) -> str:
        """Return the dated name of a model."""
        name = self.config.snapshot(model)
        if name is None:
            raise model_not_found(model)
        return name

    async def complete(self, request: ChatRequest) -> Response:
        """Answer a request, plain or streaming, by the next script or by our own words."""
        model = self.snapshot(request.model)
        self._check_size(request)
        script = self.scripts.take()
        await asyncio.sleep(script.delay)
        if script.error is not None:
            raise script.failure(script.error)
        if script.stream_error is not None and not request.stream:
            raise script.failure(script.stream_error)
        answer = answer_to(request, script, self.piece_seconds)
        envelope = Envelope(model, answer, request.prompt_tokens, request.n or 1)
        if not request.stream:
            return JSONResponse(envelope.completion())
        return StreamingResponse(_events(envelope, request, script), media_type="text/event-stream")

    def _check_size(self, request: ChatRequest) -> None:
        asked = request.prompt_tokens
        if asked > self.config.context_tokens:
            raise context_length_exceeded(self.config.context_tokens, asked)
        if (request.output_limit or 0) > LARGEST_OUTPUT_TOKENS:
            raise invalid(
                f"max_tokens is too large: {request.output_limit}. This model supports at most "
                f"{LARGEST_OUTPUT_TOKENS} completion tokens.",
                "max_tokens",
                "invalid_value",
            )


async def _events(envelope: Envelope, request: ChatRequest, script: Script) -> AsyncIterator[bytes]:
    """Yield server-sent events, each as soon as its time has come; a stream that breaks has no `[DONE]`."""
    options = request.stream_options
    chunks = envelope.chunks(
        includes_usage=options is not None and options.include_usage,
        is_obfuscated=options is None or options.include_obfuscation,
    )
    for delay, chunk in chunks:
        is_last = any(choice["finish_reason"] for choice in chunk["choices"])
        if is_last and script.stream_error is not None:
            yield _event(script.failure(script.stream_error).body())
            return
        if delay:
            await asyncio.sleep(delay)
        yield _event(chunk)
    yield b"data: [DONE]\n\n"


def _event(document: Document) -> bytes:
    return f"data: {json.dumps(document, ensure_ascii=False)}\n\n".encode()


def _add_routes(app: FastAPI, desk: _Desk) -> None:
    @app.post(f"{API}/chat/completions")
    async def chat_completions(request: Request) -> Response:
        desk.admit(request)
        try:
            body = await request.json()
        except ValueError as error:
            raise invalid("We could not parse the JSON body of your request.") from error
        response = await desk.complete(read_request(body))
        response.headers["x-request-id"] = f"req_{secrets.token_hex(16)}"
        response.headers["openai-version"] = API_VERSION
        return response

    @app.get(f"{API}/models")
    async def models(request: Request) -> Document:
        desk.admit(request)
        return {"object": "list", "data": [_model(name) for name in desk.config.snapshots]}

    @app.get(f"{API}/models/{{name}}")
    async def model(request: Request, name: str) -> Document:
        desk.admit(request)
        desk.snapshot(name)
        return _model(name)


def _model(name: str) -> Document:
    return {"id": name, "object": "model", "created": 0, "owned_by": "system"}


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(OpenAIError)
    async def refuse(_: Request, error: OpenAIError) -> Response:
        response = error.response()
        response.headers["x-request-id"] = f"req_{secrets.token_hex(16)}"
        return response

    @app.exception_handler(404)
    async def missing(request: Request, _: Exception) -> Response:
        message = f"Invalid URL ({request.method} {request.url.path})"
        return OpenAIError(404, message).response()

    @app.exception_handler(405)
    async def wrong_method(request: Request, _: Exception) -> Response:
        return OpenAIError(405, f"Not allowed to {request.method} on {request.url.path}").response()


def _add_control(app: FastAPI, desk: _Desk) -> None:
    @app.post(f"{faults.CONTROL}/script", status_code=201)
    async def add_scripts(scripts: Script | list[Script]) -> dict[str, int]:
        desk.scripts.waiting.extend(scripts if isinstance(scripts, list) else [scripts])
        return {"waiting": len(desk.scripts.waiting)}

    @app.get(f"{faults.CONTROL}/script")
    async def list_scripts() -> list[Script]:
        return list(desk.scripts.waiting)

    @app.delete(f"{faults.CONTROL}/script", status_code=204)
    async def clear_scripts() -> None:
        desk.scripts.waiting.clear()

    @app.put(f"{faults.CONTROL}/pace")
    async def set_pace(piece_seconds: Annotated[Delay, Body(embed=True)]) -> dict[str, float]:
        desk.piece_seconds = piece_seconds
        return {"piece_seconds": piece_seconds}
