"""The errors of the OpenAI stand-in, as the vendor's own SDK understands them."""

from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest

from tests.local.openai_sdk import MODEL, StandIn, quick_config, running_stand_in, user

KEY = {"authorization": "Bearer local-openai-key"}


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with running_stand_in(quick_config(context_tokens=1000)) as running:
        yield running


async def failure(stand_in: StandIn, text: str = "x", model: str = MODEL) -> openai.APIStatusError:
    with pytest.raises(openai.APIStatusError) as caught:
        await stand_in.sdk.chat.completions.create(model=model, messages=[user(text)])
    return caught.value


async def test_a_wrong_key_is_refused_and_never_repeated() -> None:
    async with running_stand_in(quick_config(), api_key="sk-canary") as stand_in:
        error = await failure(stand_in)
        assert isinstance(error, openai.AuthenticationError)
        assert (error.status_code, error.code) == (401, "invalid_api_key")
        assert "canary" not in error.response.text
        missing = await stand_in.control.post("/v1/chat/completions", json={})
        assert (missing.status_code, missing.json()["error"]["code"]) == (401, "invalid_api_key")
        assert (await stand_in.control.get("/v1/models")).status_code == 401


async def test_an_unknown_model_is_not_found(stand_in: StandIn) -> None:
    error = await failure(stand_in, model="gpt-1")
    assert isinstance(error, openai.NotFoundError)
    assert (error.code, error.type) == ("model_not_found", "invalid_request_error")


async def test_too_long_a_conversation_is_told_from_other_bad_requests(stand_in: StandIn) -> None:
    error = await failure(stand_in, text="word " * 1000)
    assert isinstance(error, openai.BadRequestError)
    assert (error.code, error.param) == ("context_length_exceeded", "messages")


@pytest.mark.parametrize(
    ("name", "kind", "status"),
    [
        ("rate_limit_exceeded", openai.RateLimitError, 429),
        ("insufficient_quota", openai.RateLimitError, 429),
        ("context_length_exceeded", openai.BadRequestError, 400),
        ("model_not_found", openai.NotFoundError, 404),
        ("unsupported_country_region_territory", openai.PermissionDeniedError, 403),
        ("server_error", openai.InternalServerError, 500),
    ],
)
async def test_errors_can_be_scripted_by_name(
    stand_in: StandIn, name: str, kind: type[openai.APIStatusError], status: int
) -> None:
    await stand_in.script({"error": name})
    error = await failure(stand_in)
    assert isinstance(error, kind)
    assert error.status_code == status
    assert error.code == (None if name == "server_error" else name)
    assert set(error.response.json()["error"]) == {"message", "type", "param", "code"}
    assert (error.request_id or "").startswith("req_")


async def test_a_rate_limit_says_when_to_come_back_and_a_quota_does_not(stand_in: StandIn) -> None:
    await stand_in.script(
        {"error": "rate_limit_exceeded", "retry_after": 2.5}, {"error": "insufficient_quota"}
    )
    limited, spent = await failure(stand_in), await failure(stand_in)
    assert limited.response.headers["retry-after-ms"] == "2500"
    assert limited.response.headers["retry-after"] == "2"
    assert limited.response.headers["x-ratelimit-remaining-requests"] == "0"
    assert "retry-after" not in spent.response.headers
    assert spent.type == "insufficient_quota"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (409, openai.ConflictError),
        (422, openai.UnprocessableEntityError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
async def test_status_faults_have_openais_body(
    stand_in: StandIn, status: int, kind: type[openai.APIStatusError]
) -> None:
    await stand_in.arm(kind="status", status=status, headers={"retry-after": "3"})
    error = await failure(stand_in)
    assert isinstance(error, kind)
    assert set(error.response.json()["error"]) == {"message", "type", "param", "code"}
    assert error.response.headers["retry-after"] == "3"


async def test_a_503_may_be_an_html_page(stand_in: StandIn) -> None:
    await stand_in.arm(kind="html")
    error = await failure(stand_in)
    assert isinstance(error, openai.InternalServerError)
    assert isinstance(error.body, str)
    assert "<html>" in error.body


async def test_an_answer_lost_after_it_was_made_is_a_connection_error(stand_in: StandIn) -> None:
    await stand_in.script({"text": "billed and lost"})
    await stand_in.arm(kind="cut", after_effect=True, times=1)
    with pytest.raises(openai.APIConnectionError):
        await stand_in.sdk.chat.completions.create(model=MODEL, messages=[user("x")])
    assert (await stand_in.control.get("/_control/script")).json() == []


async def test_a_slow_answer_is_a_timeout(stand_in: StandIn) -> None:
    await stand_in.arm(kind="slow", seconds=0.3)
    with pytest.raises(openai.APITimeoutError):
        await stand_in.sdk.with_options(timeout=0.1).chat.completions.create(
            model=MODEL, messages=[user("x")]
        )


async def test_the_sdks_own_retries_reach_the_stand_in(stand_in: StandIn) -> None:
    await stand_in.script(*[{"error": "rate_limit_exceeded", "retry_after": 0.01}] * 2)
    answer = await stand_in.sdk.with_options(max_retries=2).chat.completions.create(
        model=MODEL, messages=[user("x")]
    )
    assert answer.choices[0].finish_reason == "stop"
    assert [request["status"] for request in await stand_in.received()] == [429, 429, 200]


VALID: dict[str, Any] = {"model": MODEL, "messages": [{"role": "user", "content": "x"}]}


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "messages.0.role"),
        ({"messages": [{"role": "tool", "content": "x", "tool_call_id": "call_1"}]}, "messages.[0].role"),
        ({"temprature": 1}, "temprature"),
        ({"temperature": 3}, "temperature"),
        ({"max_completion_tokens": 40_000}, "max_tokens"),
        ({"stream_options": {"include_usage": True}}, "stream_options"),
        ({"response_format": {"type": "xml"}}, "response_format.type"),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "a b", "schema": {}}}},
            "response_format.json_schema.name",
        ),
        ({"tools": [{"type": "function", "function": {"name": "a b"}}]}, "tools.0.function.name"),
    ],
)
async def test_bad_requests_name_the_parameter(
    stand_in: StandIn, change: dict[str, object], param: str
) -> None:
    answer = await stand_in.control.post("/v1/chat/completions", json={**VALID, **change}, headers=KEY)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
        {
            "type": "object",
            "properties": {"a": {"type": "string"}},
            "required": [],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"a": {"type": "array", "items": {"type": "object", "properties": {}}}},
            "required": ["a"],
            "additionalProperties": False,
        },
    ],
)
async def test_a_schema_that_is_not_strict_is_refused_only_where_strict_is_asked(
    stand_in: StandIn, schema: dict[str, object]
) -> None:
    async def status(*, strict: bool) -> int:
        wrapped = {"name": "thing", "strict": strict, "schema": schema}
        body = {**VALID, "response_format": {"type": "json_schema", "json_schema": wrapped}}
        return (await stand_in.control.post("/v1/chat/completions", json=body, headers=KEY)).status_code

    assert await status(strict=True) == 400
    assert await status(strict=False) == 200


async def test_what_is_no_json_or_no_endpoint_is_an_error_of_the_same_shape(stand_in: StandIn) -> None:
    broken = await stand_in.control.post("/v1/chat/completions", content=b"{", headers=KEY)
    unknown = await stand_in.control.post("/v1/completionz", json={}, headers=KEY)
    assert (broken.status_code, unknown.status_code) == (400, 404)
    for answer in (broken, unknown):
        assert set(answer.json()["error"]) == {"message", "type", "param", "code"}
