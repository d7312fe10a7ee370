"""The two shapes of an answer on the wire: one completion, or the chunks of a stream."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from local.openai.answer import Answer

FINGERPRINT = "fp_local"
ARGUMENT_CHARACTERS = 12
OBFUSCATION_BYTES = 6

Document = dict[str, Any]


@dataclass
class Envelope:
    """What all parts of one answer have in common. `model` is the dated name."""

    model: str
    answer: Answer
    prompt_tokens: int
    choices: int = 1
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(14)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def completion(self) -> Document:
        """Return the whole answer."""
        message: Document = {
            "role": "assistant",
            "content": self.answer.content,
            "refusal": self.answer.refusal,
            "annotations": [],
        }
        if self.answer.calls:
            message["tool_calls"] = [
                {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}
                for call_id, name, arguments in self.answer.calls
            ]
        choices = [
            {
                "index": index,
                "message": message,
                "logprobs": None,
                "finish_reason": self.answer.finish_reason,
            }
            for index in range(self.choices)
        ]
        return {**self._frame("chat.completion"), "choices": choices, "usage": self._usage()}

    def chunks(self, *, includes_usage: bool, is_obfuscated: bool) -> Iterator[tuple[float, Document]]:
        """Yield the seconds to wait before each chunk, and the chunk."""
        for index in range(self.choices):
            for delay, delta in self._deltas():
                yield delay, self._chunk(index, delta, None, includes_usage, is_obfuscated)
            yield 0, self._chunk(index, {}, self.answer.finish_reason, includes_usage, is_obfuscated)
        if includes_usage:
            yield 0, {**self._frame("chat.completion.chunk"), "choices": [], "usage": self._usage()}

    def _deltas(self) -> Iterator[tuple[float, Document]]:
        answer = self.answer
        if answer.calls:
            yield 0, {"role": "assistant", "content": None, "refusal": None}
            yield from self._call_deltas()
            return
        first = (
            {"content": None, "refusal": ""} if answer.content is None else {"content": "", "refusal": None}
        )
        yield 0, {"role": "assistant", **first}
        key = "refusal" if answer.content is None else "content"
        for piece in answer.pieces:
            yield piece.delay, {key: piece.text}

    def _call_deltas(self) -> Iterator[tuple[float, Document]]:
        for index, (call_id, name, arguments) in enumerate(self.answer.calls):
            opening = {"name": name, "arguments": ""}
            yield (
                0,
                {"tool_calls": [{"index": index, "id": call_id, "type": "function", "function": opening}]},
            )
            for start in range(0, len(arguments), ARGUMENT_CHARACTERS):
                part = {"arguments": arguments[start : start + ARGUMENT_CHARACTERS]}
                yield 0, {"tool_calls": [{"index": index, "function": part}]}

    def _chunk(
        self, index: int, delta: Document, reason: str | None, includes_usage: bool, is_obfuscated: bool
    ) -> Document:
        choice = {"index": index, "delta": delta, "logprobs": None, "finish_reason": reason}
        chunk: Document = {**self._frame("chat.completion.chunk"), "choices": [choice]}
        if includes_usage:
            chunk["usage"] = None
        if is_obfuscated:
            chunk["obfuscation"] = secrets.token_urlsafe(OBFUSCATION_BYTES)
        return chunk

    def _frame(self, kind: str) -> Document:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "service_tier": "default",
            "system_fingerprint": FINGERPRINT,
        }

    def _usage(self) -> Document:
        completion = self.answer.completion_tokens * self.choices
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": completion,
            "total_tokens": self.prompt_tokens + completion,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": 0,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }
