"""The model by OpenAI's chat completions, streamed or as JSON. No call is repeated here: each is billed."""

import asyncio
import json
import math
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx
import openai
from openai import AsyncOpenAI, AsyncStream
from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessageParam

from activities.vendors.client import VendorError, retry_after
from activities.vendors.strict_json import fits_schema
from models.enums import ChatFault

CONNECT_SECONDS = 5.0
DRAIN_SECONDS = 1.0
MILLISECONDS = 1000.0
TEXT_MAX = 200_000
"""Characters of one answer; a server that is not OpenAI's may know no limit of tokens."""

FINAL = frozenset(
    {
        ChatFault.BAD_REQUEST,
        ChatFault.TOO_LONG,
        ChatFault.CREDENTIALS_REFUSED,
        ChatFault.NOT_ALLOWED,
        ChatFault.MODEL_NOT_FOUND,
        ChatFault.QUOTA_EXHAUSTED,
    }
)
"""Faults that no repetition mends."""

_BY_CODE = {
    "insufficient_quota": ChatFault.QUOTA_EXHAUSTED,
    "context_length_exceeded": ChatFault.TOO_LONG,
    "rate_limit_exceeded": ChatFault.RATE_LIMITED,
    "model_not_found": ChatFault.MODEL_NOT_FOUND,
    "invalid_api_key": ChatFault.CREDENTIALS_REFUSED,
}
_BY_STATUS: dict[int, ChatFault] = {
    HTTPStatus.BAD_REQUEST: ChatFault.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED: ChatFault.CREDENTIALS_REFUSED,
    HTTPStatus.PAYMENT_REQUIRED: ChatFault.QUOTA_EXHAUSTED,
    HTTPStatus.FORBIDDEN: ChatFault.CREDENTIALS_REFUSED,
    HTTPStatus.NOT_FOUND: ChatFault.MODEL_NOT_FOUND,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ChatFault.TOO_LONG,
    HTTPStatus.UNPROCESSABLE_ENTITY: ChatFault.BAD_REQUEST,
    HTTPStatus.TOO_MANY_REQUESTS: ChatFault.RATE_LIMITED,
}
_BY_FINISH = {"length": ChatFault.CUT_SHORT, "content_filter": ChatFault.CONTENT_FILTER}


class ModelError(VendorError):
    """There is no whole answer; `retry_after` is the wait in seconds that the vendor asks for, if any."""

    def __init__(self, fault: ChatFault, retry_after_seconds: float | None = None) -> None:
        super().__init__(f"the model gave no whole answer ({fault.value})")
        self.fault = fault
        self.retry_after = retry_after_seconds

    @property
    def is_final(self) -> bool:
        """Whether no repetition mends it."""
        return self.fault in FINAL


@dataclass(frozen=True)
class Piece:
    """A part of an answer; the last one says whether the answer fell short, and how."""

    text: str = ""
    is_last: bool = False
    fault: ChatFault | None = None


@dataclass(frozen=True)
class OpenAI:
    """The model; `client` is shared by all keys, and closed by whoever made it."""

    client: AsyncOpenAI
    model: str
    max_completion_tokens: int

    async def stream(self, key: str, messages: list[ChatCompletionMessageParam]) -> AsyncIterator[Piece]:
        """Yield an answer piece by piece, the last one marked; ModelError where it does not come whole."""
        _check_key(key)
        try:
            async with await self._ask(key, messages) as chunks:
                reading = _Reading()
                async for chunk in chunks:
                    yield reading.read(chunk)
                    if reading.is_over:
                        await _drain(chunks)
                        return
        except openai.APIError as error:
            raise model_error(error) from None
        except (openai.OpenAIError, ValueError):
            # what was streamed is not what the contract says
            raise ModelError(ChatFault.BROKEN_STREAM) from None
        raise ModelError(ChatFault.BROKEN_STREAM)

    async def complete(
        self, key: str, messages: list[ChatCompletionMessageParam], schema_name: str, schema: dict[str, Any]
    ) -> dict[str, Any]:
        """Return a JSON object that fits a strict JSON Schema; ModelError where none comes.

        `schema` requires every property and allows no other. Refused, cut short, unreadable or not of the
        schema is no answer.
        """
        _check_key(key)
        try:
            completion = await self.client.with_options(api_key=key).chat.completions.create(
                model=self.model,
                messages=messages,
                max_completion_tokens=self.max_completion_tokens,
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": schema_name, "strict": True, "schema": schema},
                },
            )
        except openai.APIError as error:
            raise model_error(error) from None
        except (openai.OpenAIError, ValueError):
            raise ModelError(ChatFault.BROKEN_STREAM) from None
        return _document_of(completion, schema)

    async def _ask(
        self, key: str, messages: list[ChatCompletionMessageParam]
    ) -> AsyncStream[ChatCompletionChunk]:
        return await self.client.with_options(api_key=key).chat.completions.create(
            model=self.model,
            messages=messages,
            max_completion_tokens=self.max_completion_tokens,
            stream=True,
        )


def _check_key(key: str) -> None:
    if not key or not (key.isascii() and key.isprintable()):
        raise ModelError(ChatFault.CREDENTIALS_REFUSED)


def _document_of(completion: ChatCompletion, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the object that a completion holds. The SDK checks nothing, so any part of it may be missing."""
    choices: Any = getattr(completion, "choices", None)
    first: Any = choices[0] if isinstance(choices, list) and choices else None
    fault = _BY_FINISH.get(str(getattr(first, "finish_reason", None)))
    message: Any = getattr(first, "message", None)
    text: Any = getattr(message, "content", None)
    if fault is None and getattr(message, "refusal", None):
        fault = ChatFault.REFUSED
    if fault is None and not text:
        fault = ChatFault.EMPTY
    if fault is not None:
        raise ModelError(fault)
    try:
        document = json.loads(text) if isinstance(text, str) and len(text) <= TEXT_MAX else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not fits_schema(document, schema):
        raise ModelError(ChatFault.BROKEN_STREAM)
    return document


async def _drain(chunks: AsyncStream[ChatCompletionChunk]) -> None:
    """Read what follows the last piece, so that the connection can serve the next question."""
    with suppress(openai.OpenAIError, ValueError, TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for _ in chunks:
                pass


class _Reading:
    """Turns chunks into pieces."""

    def __init__(self) -> None:
        self.is_over = False
        self._refused = False
        self._length = 0

    def read(self, chunk: ChatCompletionChunk) -> Piece:
        """Return what a chunk adds. The SDK checks nothing, so any part of it may be missing."""
        choices: Any = getattr(chunk, "choices", None) or [None]
        delta: Any = getattr(choices[0], "delta", None)
        text, refusal = getattr(delta, "content", None), getattr(delta, "refusal", None)
        self._refused = self._refused or bool(refusal)
        said = "".join(part for part in (text, refusal) if isinstance(part, str))
        self._length += len(said)
        finish: Any = getattr(choices[0], "finish_reason", None)
        if self._length > TEXT_MAX:
            said, finish = "", "length"
        self.is_over = isinstance(finish, str)
        return Piece(said, self.is_over, self._fault(finish) if self.is_over else None)

    def _fault(self, finish: str) -> ChatFault | None:
        if finish in _BY_FINISH:
            return _BY_FINISH[finish]
        if self._refused:
            return ChatFault.REFUSED
        return ChatFault.EMPTY if not self._length else None


def new_openai_client(base_url: str, timeout_seconds: float) -> AsyncOpenAI:
    """Return a client for the vendor; each call brings its own key, and whoever opens it closes it."""
    return AsyncOpenAI(
        api_key="each-call-brings-its-own",
        base_url=base_url,
        timeout=openai.Timeout(timeout_seconds, connect=CONNECT_SECONDS),
        max_retries=0,
    )


def model_error(error: openai.APIError) -> ModelError:
    """Return what an error of the SDK means; its text is never read."""
    if isinstance(error, openai.APITimeoutError):
        return ModelError(ChatFault.TIMEOUT)
    if isinstance(error, openai.APIConnectionError):
        return ModelError(ChatFault.UNREACHABLE)
    status = error.status_code if isinstance(error, openai.APIStatusError) else 0
    fault = _BY_CODE.get(error.code or "") or _BY_STATUS.get(status, ChatFault.UNAVAILABLE)
    if fault is ChatFault.RATE_LIMITED and isinstance(error, openai.APIStatusError):
        return ModelError(fault, _wait(httpx.Headers(list(error.response.headers.items()))))
    return ModelError(fault)


def _wait(headers: httpx.Headers) -> float | None:
    """Return the seconds that the vendor asks for; it tells them in milliseconds, too."""
    try:
        exact = float(headers.get("retry-after-ms", "")) / MILLISECONDS
    except ValueError:
        return retry_after(headers)
    return max(exact, 0.0) if math.isfinite(exact) else None
