"""The model's client over a server of our own that says odd things."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from activities.vendors import openai
from activities.vendors.openai import ModelError, OpenAI, Piece, new_openai_client
from local.serving import serve
from models.enums import ChatFault

HANG = "hang"


def chunk(content: object = None, finish: object = None, **delta: object) -> dict[str, object]:
    """Return one chunk of a stream."""
    return {"choices": [{"index": 0, "delta": {"content": content, **delta}, "finish_reason": finish}]}


class Server:
    """Streams the same events to everybody and remembers from which port each request came."""

    def __init__(self, *events: object) -> None:
        self.events = events
        self.ports: list[int] = []

    async def answer(self, request: Request) -> Response:
        assert request.client is not None
        self.ports.append(request.client.port)
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        for event in self.events:
            if event == HANG:
                await asyncio.sleep(30)
            yield f"data: {event if isinstance(event, str) else json.dumps(event)}\n\n"


@asynccontextmanager
async def model_of(server: Server) -> AsyncIterator[OpenAI]:
    app = Starlette(routes=[Route("/v1/chat/completions", server.answer, methods=["POST"])])
    async with serve(app) as url:
        client = new_openai_client(f"{url}/v1", 5.0)
        try:
            yield OpenAI(client, "a-model", 10)
        finally:
            await client.close()


async def ask(model: OpenAI) -> list[Piece]:
    return [piece async for piece in model.stream("a-key", [{"role": "user", "content": "?"}])]


async def test_the_next_question_goes_over_the_same_connection() -> None:
    usage = {"choices": [], "usage": {"total_tokens": 3}}
    server = Server(chunk("yes"), chunk(finish="stop"), usage, "[DONE]")
    async with model_of(server) as model:
        for _ in range(3):
            assert [piece.text for piece in await ask(model)] == ["yes", ""]
    assert len(set(server.ports)) == 1


async def test_a_server_that_hangs_behind_the_last_piece_holds_nothing_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(openai, "DRAIN_SECONDS", 0.05)
    async with model_of(Server(chunk("yes"), chunk(finish="stop"), HANG)) as model:
        async with asyncio.timeout(3):
            assert (await ask(model))[-1] == Piece(is_last=True)


@pytest.mark.parametrize(
    "odd",
    [{}, {"choices": None}, {"choices": [{}]}, {"choices": [{"delta": None}]}, chunk(3), chunk(["no"])],
    ids=["empty", "null", "no delta", "null delta", "number", "list"],
)
async def test_an_odd_chunk_adds_nothing(odd: object) -> None:
    async with model_of(Server(odd, chunk("yes", "stop"), "[DONE]")) as model:
        assert "".join(piece.text for piece in await ask(model)) == "yes"


@pytest.mark.parametrize(
    "events",
    [(), ("[DONE]",), (chunk("half"),), (chunk("half"), "[DONE]"), ("{",), ("[1]",), ('"text"',)],
    ids=["nothing", "done", "cut", "no finish", "no json", "a list", "a string"],
)
async def test_a_stream_without_an_end_is_broken(events: tuple[object, ...]) -> None:
    async with model_of(Server(*events)) as model:
        with pytest.raises(ModelError) as caught:
            await ask(model)
    assert caught.value.fault is ChatFault.BROKEN_STREAM


async def test_an_answer_without_measure_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai, "TEXT_MAX", 10)
    async with model_of(Server(*[chunk("12345")] * 100, chunk(finish="stop"), "[DONE]")) as model:
        pieces = await ask(model)
    assert "".join(piece.text for piece in pieces) == "1234512345"
    assert pieces[-1] == Piece(is_last=True, fault=ChatFault.CUT_SHORT)
