"""What a test may prescribe: the next answers, in order, each used once."""

from collections import deque
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from local.openai.errors import NAMED, OpenAIError, rate_limit_exceeded

FinishReason = Literal["stop", "length", "tool_calls", "content_filter"]
ErrorName = Literal[
    "rate_limit_exceeded",
    "insufficient_quota",
    "context_length_exceeded",
    "invalid_api_key",
    "model_not_found",
    "unsupported_country_region_territory",
    "server_error",
]
Delay = Annotated[float, Field(ge=0)]


class Piece(BaseModel):
    """A part of a streamed text, sent after a delay in seconds."""

    model_config = ConfigDict(extra="forbid")

    text: str
    delay: Delay = 0


class ScriptedCall(BaseModel):
    """A call of a function; `arguments` may be a string, to send what is no JSON."""

    model_config = ConfigDict(extra="forbid")

    name: str
    arguments: dict[str, JsonValue] | str = Field(default_factory=dict)


class Script(BaseModel):
    """One answer. `pieces` spell out a stream and are joined for a plain answer.

    `error` answers with an error instead; `stream_error` breaks a stream with one after its pieces, and a
    plain answer altogether. `delay` comes before the first byte. Where it says nothing, our own words do.
    """

    model_config = ConfigDict(extra="forbid")

    text: str | None = None
    pieces: list[Piece] = Field(default_factory=list)
    refusal: str | None = None
    tool_calls: list[ScriptedCall] = Field(default_factory=list)
    finish_reason: FinishReason | None = None
    error: ErrorName | None = None
    stream_error: ErrorName | None = None
    retry_after: float | None = Field(default=None, ge=0)
    delay: Delay = 0

    @property
    def content(self) -> str | None:
        """The text, spelt out or whole."""
        return "".join(piece.text for piece in self.pieces) if self.pieces else self.text

    def failure(self, name: ErrorName) -> OpenAIError:
        """Build the error of that name, with this script's time to wait."""
        if name == "rate_limit_exceeded" and self.retry_after is not None:
            return rate_limit_exceeded(self.retry_after)
        return replace(NAMED[name])


class Scripts:
    """The queue of scripted answers."""

    def __init__(self) -> None:
        self.waiting: deque[Script] = deque()

    def take(self) -> Script:
        """Return the next script, or an empty one, which leaves the answer to be composed."""
        return self.waiting.popleft() if self.waiting else Script()
