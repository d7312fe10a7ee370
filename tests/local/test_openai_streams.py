"""Streamed answers of the OpenAI stand-in, whole and broken, read by the vendor's own SDK."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import openai
import pytest
from openai.types.chat import ChatCompletionChunk

from tests.local.openai_sdk import MODEL, StandIn, quick_config, running_stand_in, user


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with running_stand_in(quick_config()) as running:
        yield running


async def read(stand_in: StandIn, text: str = "hello") -> list[ChatCompletionChunk]:
    stream = await stand_in.sdk.chat.completions.create(
        model=MODEL, messages=[user(text)], stream=True, stream_options={"include_usage": True}
    )
    async with stream:
        return [chunk async for chunk in stream]


def said(chunks: list[ChatCompletionChunk]) -> str:
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


async def test_a_stream_says_the_same_as_a_plain_answer_word_by_word(stand_in: StandIn) -> None:
    chunks = await read(stand_in)
    plain = await stand_in.sdk.chat.completions.create(model=MODEL, messages=[user("hello")])
    assert said(chunks) == plain.choices[0].message.content
    assert len(chunks) > 20
    assert len({chunk.id for chunk in chunks}) == 1
    assert chunks[-1].usage is not None
    assert plain.usage is not None
    assert chunks[-1].usage.completion_tokens == plain.usage.completion_tokens


async def test_chunks_have_the_shapes_of_the_contract(stand_in: StandIn) -> None:
    chunks = await read(stand_in)
    first, last, usage = chunks[0].choices[0], chunks[-2].choices[0], chunks[-1]
    assert (first.delta.role, first.delta.content, first.finish_reason) == ("assistant", "", None)
    assert last.delta.model_dump(exclude_unset=True) == {}
    assert last.finish_reason == "stop"
    assert usage.choices == []
    assert all(chunk.object == "chat.completion.chunk" and chunk.usage is None for chunk in chunks[:-1])
    assert [choice.finish_reason for chunk in chunks[:-2] for choice in chunk.choices].count(None) == len(
        chunks[:-2]
    )


async def test_events_end_with_done_and_carry_usage_only_if_asked(stand_in: StandIn) -> None:
    body = {"model": MODEL, "messages": [user("x")], "stream": True}
    headers = {"authorization": "Bearer local-openai-key"}
    answer = await stand_in.control.post("/v1/chat/completions", json=body, headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = answer.text.split("\n\n")
    assert events[-2:] == ["data: [DONE]", ""]
    documents = [json.loads(event.removeprefix("data: ")) for event in events[:-2]]
    assert not [document for document in documents if "usage" in document]
    assert all(document["obfuscation"] for document in documents)


async def test_pieces_come_at_the_pace_of_the_script(stand_in: StandIn) -> None:
    await stand_in.script({"pieces": [{"text": "a"}, {"text": "b", "delay": 0.3}], "delay": 0.1})
    stream = await stand_in.sdk.chat.completions.create(model=MODEL, messages=[user("x")], stream=True)
    times = {}
    async with stream:
        async for chunk in stream:
            times[chunk.choices[0].delta.content] = time.monotonic()
    assert 0.25 < times["b"] - times["a"] < 1


async def test_the_pace_of_composed_answers_can_be_set(stand_in: StandIn) -> None:
    answer = await stand_in.control.put("/_control/pace", json={"piece_seconds": 0.01})
    assert answer.status_code == 200
    started = time.monotonic()
    chunks = await read(stand_in)
    assert time.monotonic() - started > 0.01 * (len(chunks) - 3)
    await stand_in.control.delete("/_control/state")
    assert (await stand_in.control.put("/_control/pace", json={"piece_seconds": -1})).status_code == 422


async def test_a_refusal_streams_as_such(stand_in: StandIn) -> None:
    await stand_in.script({"refusal": "No, thank you."})
    chunks = await read(stand_in)
    refused = "".join(choice.delta.refusal or "" for chunk in chunks for choice in chunk.choices)
    assert (refused, said(chunks)) == ("No, thank you.", "")


async def test_tool_calls_stream_in_fragments(stand_in: StandIn) -> None:
    arguments = {"what": "a rather long text to be cut", "limit": 3}
    await stand_in.script(
        {"tool_calls": [{"name": "search", "arguments": arguments}, {"name": "noop", "arguments": "{"}]}
    )
    chunks = await read(stand_in)
    names, texts = {}, {0: "", 1: ""}
    for chunk in chunks:
        for choice in chunk.choices:
            for call in choice.delta.tool_calls or []:
                assert call.function is not None
                if call.id:
                    names[call.index] = call.function.name
                texts[call.index] += call.function.arguments or ""
    assert names == {0: "search", 1: "noop"}
    assert json.loads(texts[0]) == arguments
    assert texts[1] == "{"
    assert chunks[-2].choices[0].finish_reason == "tool_calls"


@pytest.mark.parametrize("reason", ["length", "content_filter"])
async def test_a_stream_ends_for_the_reason_of_the_script(stand_in: StandIn, reason: str) -> None:
    await stand_in.script({"text": "half an ans", "finish_reason": reason})
    chunks = await read(stand_in)
    assert (said(chunks), chunks[-2].choices[0].finish_reason) == ("half an ans", reason)


async def test_an_error_inside_a_stream_is_an_error_after_what_was_said(stand_in: StandIn) -> None:
    await stand_in.script({"text": "half an", "stream_error": "server_error"})
    heard: list[str] = []

    async def listen() -> None:
        stream = await stand_in.sdk.chat.completions.create(model=MODEL, messages=[user("x")], stream=True)
        async with stream:
            async for chunk in stream:
                heard.extend([chunk.choices[0].delta.content or ""])

    with pytest.raises(openai.APIError, match="server had an error"):
        await listen()
    assert "".join(heard) == "half an"


async def test_a_cut_stream_is_a_connection_error(stand_in: StandIn) -> None:
    await stand_in.arm(kind="cut", after_bytes=900, times=1)
    with pytest.raises(openai.APIConnectionError):
        await read(stand_in)
    assert said(await read(stand_in))


async def test_a_stream_that_stalls_is_a_timeout(stand_in: StandIn) -> None:
    await stand_in.script({"pieces": [{"text": "a"}, {"text": "b", "delay": 0.9}]})
    hurried = stand_in.sdk.with_options(timeout=0.2)

    async def listen() -> None:
        stream = await hurried.chat.completions.create(model=MODEL, messages=[user("x")], stream=True)
        async with stream:
            async for _ in stream:
                pass

    with pytest.raises(openai.APITimeoutError):
        await listen()


async def test_a_listener_that_leaves_does_no_harm(stand_in: StandIn) -> None:
    await stand_in.script({"pieces": [{"text": "x", "delay": 0.01}] * 500})
    stream = await stand_in.sdk.chat.completions.create(model=MODEL, messages=[user("x")], stream=True)
    async with stream:
        await anext(aiter(stream))
    async with asyncio.timeout(2):
        assert said(await read(stand_in))
