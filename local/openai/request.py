"""The request of a chat completion, read with the checks that OpenAI makes."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from local.openai.errors import OpenAIError, invalid
from local.openai.strict import check_format

CHARACTERS_PER_TOKEN = 4
TOKENS_PER_MESSAGE = 4
MOST_CHOICES = 128


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow")

    type: str
    text: str = ""


class _Call(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: str


class Message(BaseModel):
    """One message of the conversation."""

    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[_Part] | None = None
    tool_calls: list[_Call] | None = None
    tool_call_id: str | None = None

    @property
    def text(self) -> str:
        """What the message says, its parts joined."""
        if isinstance(self.content, list):
            return " ".join(part.text for part in self.content)
        return self.content or ""


class Function(BaseModel):
    """A function that the model may call; `parameters` is a JSON Schema."""

    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    description: str = ""
    parameters: dict[str, Any] = Field(default_factory=dict)
    strict: bool | None = None


class Tool(BaseModel):
    """A tool, which here is always a function."""

    type: Literal["function"]
    function: Function


class _StreamOptions(BaseModel):
    model_config = ConfigDict(extra="forbid")

    include_usage: bool = False
    include_obfuscation: bool = True


class ChatRequest(BaseModel):
    """The body of `POST /chat/completions`; arguments that OpenAI does not know are refused."""

    model_config = ConfigDict(extra="forbid")

    model: str
    messages: list[Message] = Field(min_length=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    max_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    seed: int | None = None
    n: int | None = Field(default=None, ge=1, le=MOST_CHOICES)
    stop: str | list[str] | None = None
    tools: list[Tool] = Field(default_factory=list)
    tool_choice: Literal["none", "auto", "required"] | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None
    response_format: dict[str, Any] | None = None
    stream: bool | None = None
    stream_options: _StreamOptions | None = None
    metadata: dict[str, str] | None = None
    store: bool | None = None
    service_tier: str | None = None
    safety_identifier: str | None = None
    user: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: Literal["in_memory", "24h"] | None = None
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    presence_penalty: float | None = Field(default=None, ge=-2, le=2)
    logit_bias: dict[str, float] | None = None

    @property
    def output_limit(self) -> int | None:
        """The most tokens that the answer may have."""
        return self.max_completion_tokens or self.max_tokens

    @property
    def prompt_tokens(self) -> int:
        """How many tokens the messages and tools come to, by their length."""
        tools = sum(tokens(tool.model_dump_json()) for tool in self.tools)
        return tools + sum(tokens(message.text) + TOKENS_PER_MESSAGE for message in self.messages)

    @property
    def question(self) -> str:
        """The last thing that the user said."""
        said = [message.text for message in self.messages if message.role == "user"]
        return said[-1] if said else ""


def tokens(text: str) -> int:
    """Estimate the tokens of a text."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def read_request(body: object) -> ChatRequest:
    """Read a request; whatever is wrong with it is an `OpenAIError` 400 that names the parameter."""
    try:
        request = ChatRequest.model_validate(body)
    except ValidationError as error:
        raise _first_problem(error) from error
    if request.stream_options is not None and not request.stream:
        raise invalid(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options"
        )
    check_format(request.response_format)
    _check_tool_messages(request.messages)
    return request


def _first_problem(error: ValidationError) -> OpenAIError:
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    param = ".".join(str(step) for step in problem["loc"]) or None
    if problem["type"] == "missing":
        return invalid(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")
    if problem["type"] == "extra_forbidden":
        return invalid(f"Unrecognized request argument supplied: {param}", param, "unknown_parameter")
    return invalid(f"Invalid value for '{param}': {problem['msg']}.", param, "invalid_value")


def _check_tool_messages(messages: list[Message]) -> None:
    """Refuse results of calls that were never made."""
    asked: set[str] = set()
    for index, message in enumerate(messages):
        asked.update(call.id for call in message.tool_calls or [])
        if message.role == "tool" and message.tool_call_id not in asked:
            raise invalid(
                "Invalid parameter: messages with role 'tool' must be a response to a preceeding message "
                "with 'tool_calls'.",
                f"messages.[{index}].role",
            )
