"""Plain answers of the OpenAI stand-in, read by the vendor's own SDK."""

import json
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Any, Literal

import openai
import pytest
from jsonschema import Draft202012Validator
from openai.types.chat import ChatCompletionFunctionToolParam
from pydantic import BaseModel, Field

from local.openai.strict import instance
from tests.local.openai_sdk import MODEL, StandIn, quick_config, running_stand_in, user

SEARCH: ChatCompletionFunctionToolParam = {
    "type": "function",
    "function": {
        "name": "search_jobs",
        "description": "Search the stored jobs.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"what": {"type": "string"}, "limit": {"type": "integer", "minimum": 5}},
            "required": ["what", "limit"],
            "additionalProperties": False,
        },
    },
}


class _Level(StrEnum):
    JUNIOR = "junior"
    SENIOR = "senior"


class _Skill(BaseModel):
    name: str
    years: int | None


class _Parsed(BaseModel):
    title: str
    level: _Level
    kind: Literal["cv", "letter"]
    skills: list[_Skill]
    score: float
    is_remote: bool
    best: _Skill


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with running_stand_in(quick_config()) as running:
        yield running


async def test_an_answer_has_the_shape_of_the_contract(stand_in: StandIn) -> None:
    messages = [user("How do I explain a gap in my CV?")]
    answer = await stand_in.sdk.chat.completions.create(model=MODEL, messages=messages)
    assert answer.id.startswith("chatcmpl-")
    assert (answer.object, answer.model) == ("chat.completion", "gpt-4.1-mini-2025-04-14")
    (choice,) = answer.choices
    assert (choice.index, choice.finish_reason, choice.message.role) == (0, "stop", "assistant")
    assert choice.message.refusal is None
    assert "How do I explain a gap in my CV" in (choice.message.content or "")
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer.usage.prompt_tokens_details is not None
    assert (answer._request_id or "").startswith("req_")  # noqa: SLF001 - the SDK's documented name


async def test_an_answer_depends_on_the_request_alone(stand_in: StandIn) -> None:
    async def ask(*texts: str) -> str:
        messages = [user(text) for text in texts]
        answer = await stand_in.sdk.chat.completions.create(model=MODEL, messages=messages)
        return answer.choices[0].message.content or ""

    first = await ask("hello")
    assert first == await ask("hello")
    longer = await ask("hello", "and my notice period?")
    assert "1 message " in first
    assert "2 messages" in longer
    assert "notice period" in longer


async def test_what_was_asked_can_be_read_back_without_the_key(stand_in: StandIn) -> None:
    await stand_in.sdk.chat.completions.create(model=MODEL, messages=[user("hello")], temperature=0.2)
    (request,) = await stand_in.received()
    assert request["body"] == {
        "model": MODEL,
        "messages": [{"role": "user", "content": "hello"}],
        "temperature": 0.2,
    }
    assert "local-openai-key" not in json.dumps(request)


async def test_scripts_are_answered_in_order_and_once(stand_in: StandIn) -> None:
    await stand_in.script({"text": "one"}, {"pieces": [{"text": "t"}, {"text": "wo"}]})
    said = [
        (await stand_in.sdk.chat.completions.create(model=MODEL, messages=[user("x")]))
        .choices[0]
        .message.content
        for _ in range(3)
    ]
    assert said[:2] == ["one", "two"]
    assert "You asked about" in (said[2] or "")


async def test_scripts_can_be_listed_and_taken_back(stand_in: StandIn) -> None:
    await stand_in.script({"text": "one"})
    assert [script["text"] for script in (await stand_in.control.get("/_control/script")).json()] == ["one"]
    await stand_in.control.delete("/_control/state")
    assert (await stand_in.control.get("/_control/script")).json() == []
    assert (await stand_in.control.post("/_control/script", json={"txt": "typo"})).status_code == 422


async def test_a_refusal_has_no_content(stand_in: StandIn) -> None:
    await stand_in.script({"refusal": "I cannot help with that."})
    answer = await stand_in.sdk.chat.completions.parse(
        model=MODEL, messages=[user("x")], response_format=_Parsed
    )
    message = answer.choices[0].message
    assert (message.refusal, message.content, message.parsed) == ("I cannot help with that.", None, None)


async def test_a_limit_cuts_the_answer_and_says_so(stand_in: StandIn) -> None:
    answer = await stand_in.sdk.chat.completions.create(
        model=MODEL, messages=[user("x")], max_completion_tokens=5
    )
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 5


async def test_a_stop_sequence_ends_the_answer_properly(stand_in: StandIn) -> None:
    await stand_in.script({"text": "first. END second."})
    answer = await stand_in.sdk.chat.completions.create(model=MODEL, messages=[user("x")], stop=["END"])
    assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == ("first. ", "stop")


@pytest.mark.parametrize(
    ("reason", "error"),
    [("length", openai.LengthFinishReasonError), ("content_filter", openai.ContentFilterFinishReasonError)],
)
async def test_a_cut_document_is_told_by_its_finish_reason(
    stand_in: StandIn, reason: str, error: type[openai.OpenAIError]
) -> None:
    await stand_in.script({"text": '{"title": "ha', "finish_reason": reason})
    with pytest.raises(error):
        await stand_in.sdk.chat.completions.parse(model=MODEL, messages=[user("x")], response_format=_Parsed)


async def test_structured_output_satisfies_its_schema(stand_in: StandIn) -> None:
    answer = await stand_in.sdk.chat.completions.parse(
        model=MODEL, messages=[user("nurse in Leeds")], response_format=_Parsed
    )
    parsed = answer.choices[0].message.parsed
    assert parsed is not None
    assert parsed.title == "nurse in Leeds"
    assert parsed.skills


class _Tree(BaseModel):
    value: int = Field(ge=3, lt=5)
    children: list["_Tree"]
    parent: "_Tree | None"


@pytest.mark.parametrize(
    "schema",
    [
        _Parsed.model_json_schema(),
        _Tree.model_json_schema(),
        {"type": "array", "minItems": 3, "items": {"type": "number", "exclusiveMinimum": 0, "maximum": 1}},
        {"type": "object", "properties": {"a": {"const": 4}, "b": {"enum": ["x"]}}, "required": ["a", "b"]},
        {"type": ["null", "string"], "minLength": 40, "maxLength": 50},
        {"type": "integer", "minimum": 10, "multipleOf": 7},
        {"allOf": [{"type": "object", "properties": {"d": {"type": "string", "format": "date"}}}]},
        {"oneOf": [{"type": "null"}, {"type": "boolean"}]},
    ],
)
def test_made_documents_are_valid(schema: dict[str, Any]) -> None:
    document = instance(schema, "a topic")
    Draft202012Validator(schema).validate(document)
    assert document is not None


async def test_json_mode_answers_with_an_object(stand_in: StandIn) -> None:
    answer = await stand_in.sdk.chat.completions.create(
        model=MODEL, messages=[user("answer in JSON")], response_format={"type": "json_object"}
    )
    assert isinstance(json.loads(answer.choices[0].message.content or ""), dict)


async def test_a_tool_is_called_and_its_result_is_used(stand_in: StandIn) -> None:
    asked = user("please search jobs in Leeds")
    first = await stand_in.sdk.chat.completions.create(model=MODEL, messages=[asked], tools=[SEARCH])
    message = first.choices[0].message
    assert (first.choices[0].finish_reason, message.content) == ("tool_calls", None)
    (call,) = message.tool_calls or []
    assert call.type == "function"
    assert call.function.name == "search_jobs"
    assert json.loads(call.function.arguments) == {"what": "please search jobs in Leeds", "limit": 5}
    second = await stand_in.sdk.chat.completions.create(
        model=MODEL,
        messages=[
            asked,
            {
                "role": "assistant",
                "tool_calls": [
                    {
                        "id": call.id,
                        "type": "function",
                        "function": {"name": "search_jobs", "arguments": call.function.arguments},
                    }
                ],
            },
            {"role": "tool", "tool_call_id": call.id, "content": "three nurses wanted"},
        ],
        tools=[SEARCH],
    )
    assert "three nurses wanted" in (second.choices[0].message.content or "")


async def test_the_choice_of_tools_is_respected(stand_in: StandIn) -> None:
    async def reason(text: str, choice: Literal["none", "auto", "required"]) -> str:
        answer = await stand_in.sdk.chat.completions.create(
            model=MODEL, messages=[user(text)], tools=[SEARCH], tool_choice=choice
        )
        return answer.choices[0].finish_reason

    assert await reason("search jobs", "none") == "stop"
    assert await reason("good morning", "auto") == "stop"
    assert await reason("good morning", "required") == "tool_calls"


async def test_several_choices_are_counted_and_billed(stand_in: StandIn) -> None:
    answer = await stand_in.sdk.chat.completions.create(model=MODEL, messages=[user("x")], n=3)
    assert [choice.index for choice in answer.choices] == [0, 1, 2]


async def test_models_are_listed(stand_in: StandIn) -> None:
    listed = [model.id async for model in stand_in.sdk.models.list()]
    assert MODEL in listed
    assert (await stand_in.sdk.models.retrieve(MODEL)).id == MODEL
