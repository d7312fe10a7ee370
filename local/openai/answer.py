"""One answer of the model: what it says in which pieces, and how it ends."""

import json
import re
import secrets
from dataclasses import dataclass, field

from local.openai.compose import compose_calls, compose_document, compose_text
from local.openai.request import CHARACTERS_PER_TOKEN, ChatRequest, tokens
from local.openai.script import Piece, Script


@dataclass
class Answer:
    """What is said, and how it ended; `calls` are (id, name, JSON arguments)."""

    content: str | None
    refusal: str | None
    calls: list[tuple[str, str, str]]
    finish_reason: str
    pieces: list[Piece] = field(default_factory=list)

    @property
    def completion_tokens(self) -> int:
        """How many tokens the answer comes to, by its length."""
        said = [self.content or "", self.refusal or "", *(name + text for _, name, text in self.calls)]
        return sum(tokens(text) for text in said)


def answer_to(request: ChatRequest, script: Script, piece_seconds: float) -> Answer:
    """Follow the script, or compose an answer where it prescribes none; cut it at the limits asked for."""
    if script.refusal is not None:
        pieces = _split(script.refusal, piece_seconds)
        return Answer(None, script.refusal, [], script.finish_reason or "stop", pieces)
    if calls := _calls(request, script):
        return Answer(None, None, calls, script.finish_reason or "tool_calls")
    content, is_cut = _cut(_content(request, script), request)
    pieces = script.pieces if script.pieces and not is_cut else _split(content, piece_seconds)
    reason = script.finish_reason or ("length" if is_cut else "stop")
    return Answer(content, None, [], reason, pieces)


def _calls(request: ChatRequest, script: Script) -> list[tuple[str, str, str]]:
    scripted = [
        (call.name, call.arguments if isinstance(call.arguments, str) else json.dumps(call.arguments))
        for call in script.tool_calls
    ]
    wanted = scripted or ([] if script.content is not None else compose_calls(request))
    return [(f"call_{secrets.token_hex(12)}", name, arguments) for name, arguments in wanted]


def _content(request: ChatRequest, script: Script) -> str:
    if script.content is not None:
        return script.content
    return compose_document(request) or compose_text(request)


def _cut(content: str, request: ChatRequest) -> tuple[str, bool]:
    """Cut at the first stop sequence, which ends an answer properly, and at the limit, which does not."""
    stops = [request.stop] if isinstance(request.stop, str) else request.stop or []
    ends = [place for stop in stops if (place := content.find(stop)) >= 0]
    content = content[: min(ends)] if ends else content
    limit = request.output_limit
    if limit is not None and tokens(content) > limit:
        return content[: limit * CHARACTERS_PER_TOKEN], True
    return content, False


def _split(text: str, delay: float) -> list[Piece]:
    return [Piece(text=word, delay=delay) for word in re.findall(r"\s*\S+|\s+$", text)]
