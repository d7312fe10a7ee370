"""Composes an answer out of the request alone: the same request always gets the same words."""

import json
import re
from hashlib import sha256

from local.openai.applicant import compose_for_applicant
from local.openai.request import ChatRequest, Tool
from local.openai.strict import instance

LONGEST_TOPIC = 12
LONGEST_RESULT = 160

GREETINGS = (
    "Here is how I would go about it.",
    "Good question, let us take it step by step.",
    "I can help with that.",
    "That is worth a plan.",
)
ADVICE = (
    "Start with the two or three points that matter most to the employer, and give one result for each.",
    "Compare the advert with your profile first, and name openly what is still missing.",
    "Keep it short, use the words of the advert where they are true for you, and leave out the rest.",
    "Write down what you know, what you need to find out, and whom you could ask today.",
)
CLOSINGS = (
    "Tell me more about your situation and I can be more specific.",
    "If you like, send me the advert and we go through it together.",
    "Shall we look at an example next?",
)


def topic(question: str) -> str:
    """Return the first words of a question, without markup or line breaks."""
    found: list[str] = re.findall(r"[\w'.+#/-]+", question)
    return " ".join(found[:LONGEST_TOPIC]).strip(".-/")


def compose_text(request: ChatRequest) -> str:
    """Answer the last message: refer to its topic, to the result of a tool, and to what went before."""
    digest = sha256("\n".join(message.text for message in request.messages).encode()).digest()
    about = topic(request.question) or "your message"
    parts = [GREETINGS[digest[0] % len(GREETINGS)], f"You asked about “{about}”."]
    last = request.messages[-1]
    if last.role == "tool":
        parts.append(f"The look-up says: {last.text[:LONGEST_RESULT]}.")
    parts.append(ADVICE[digest[1] % len(ADVICE)])
    count = len(request.messages)
    parts.append(f"We have {count} {'message' if count == 1 else 'messages'} in this conversation so far.")
    parts.append(CLOSINGS[digest[2] % len(CLOSINGS)])
    return " ".join(parts)


def compose_document(request: ChatRequest) -> str | None:
    """Answer with JSON where the request's format asks for it."""
    response_format = request.response_format or {}
    filler = topic(request.question) or "something"
    if response_format.get("type") == "json_object":
        return json.dumps({"answer": compose_text(request)}, ensure_ascii=False)
    if response_format.get("type") == "json_schema":
        wanted = response_format["json_schema"]
        schema = wanted.get("schema", {})
        document = compose_for_applicant(str(wanted.get("name")), schema, request.question)
        return json.dumps(document or instance(schema, filler), ensure_ascii=False)
    return None


def compose_calls(request: ChatRequest) -> list[tuple[str, str]]:
    """Return the calls to make, each a name and JSON arguments.

    A tool is called where `tool_choice` forces one, or where the user's last message spells the tool's name.
    """
    tool = _wanted_tool(request)
    if tool is None:
        return []
    arguments = instance(
        {"type": "object", **tool.function.parameters}, topic(request.question) or "something"
    )
    return [(tool.function.name, json.dumps(arguments, ensure_ascii=False))]


def _wanted_tool(request: ChatRequest) -> Tool | None:
    choice = request.tool_choice or "auto"
    if not request.tools or choice == "none":
        return None
    if isinstance(choice, dict):
        name = choice.get("function", {}).get("name")
        return next((tool for tool in request.tools if tool.function.name == name), None)
    if choice == "required":
        return request.tools[0]
    if request.messages[-1].role != "user":
        return None
    question = request.question.casefold()
    return next((tool for tool in request.tools if _spelt(tool.function.name) in question), None)


def _spelt(name: str) -> str:
    return re.sub(r"[_-]+", " ", name).casefold()
