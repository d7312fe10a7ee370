"""Milliseconds until the first words of an answer, beside asking the model's stand-in directly.

Ours is the whole way on the stack that `make run` starts: POST the question, open the stream, and wait for
its first `text` event, which comes through Temporal, the worker, rows and NOTIFY. The limit posts a question
to the stand-in of OpenAI on the same stack and waits for the first piece of content. It is a time: less is
better, ours may be 50 ms more, so the ratio may be at most (limit + 50) / limit.
"""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from bench.figures import Figure, in_turn, time_figure
from local.demo.api import Api, open_api
from local.demo.person import Person, register
from local.keys import OPENAI_API_KEY
from local.postgres.cluster import throwaway_folder
from local.supervisor.watchdog import Watchdog
from local.throwaway import running_stack

TURNS = 40
WARM_UP = 3
PIECE_SECONDS = 0.01
"""The stand-in's pace: before the first piece it waits as long as between two."""

ALLOWANCE_MS = 50.0
MS_A_SECOND = 1000.0
QUESTION = "What should I prepare for an interview as an engineer?"
MODEL = "gpt-4.1-mini"
OFTEN = "1000/1m"
DATA = "data: "
DONE = "[DONE]"


async def first_token() -> list[Figure]:
    """Ask in turn, one question after the other."""
    with (
        Watchdog() as watchdog,
        throwaway_folder() as folder,
        running_stack(folder, watchdog, SECURITY__CONFIRM_EMAIL="false", LIMITS__CHAT_ACCOUNT=OFTEN) as stack,
    ):
        async with open_api(stack.api) as api, _open_bare(stack.stand_in("openai")) as bare:
            await register(api, Person(), None)
            ours = Ours(api)
            await in_turn(ours.first_text, bare.first_content, WARM_UP)
            pairs = await in_turn(ours.first_text, bare.first_content, TURNS)
    return [time_figure("chat_first_token", pairs, ALLOWANCE_MS)]


@dataclass(frozen=True)
class Ours:
    """A person who asks the assistant."""

    api: Api

    async def first_text(self) -> float:
        """Return the milliseconds until the first text of an answer, and wait for its end."""
        began, first = time.perf_counter(), 0.0
        turn = await self.api.call("POST", "/api/chat/", json={"text": QUESTION})
        async with self.api.events(turn["stream_url"]) as events:
            async for event in events:
                if event.kind == "text" and not first:
                    first = time.perf_counter()
                if event.kind == "end" and event.data["state"] != "done":
                    raise RuntimeError(f"the answer ended as {event.data['state']}: {event.data['error']}")
        return (first - began) * MS_A_SECOND


@dataclass(frozen=True)
class Bare:
    """Who asks the model without us."""

    client: httpx.AsyncClient

    async def first_content(self) -> float:
        """Return the milliseconds until the first content of an answer, and wait for its end."""
        body = {"model": MODEL, "stream": True, "messages": [{"role": "user", "content": QUESTION}]}
        began, first = time.perf_counter(), 0.0
        async with self.client.stream("POST", "/v1/chat/completions", json=body) as answer:
            answer.raise_for_status()
            async for line in answer.aiter_lines():
                if not first and _has_content(line):
                    first = time.perf_counter()
        return (first - began) * MS_A_SECOND


@asynccontextmanager
async def _open_bare(address: str) -> AsyncIterator[Bare]:
    headers = {"authorization": f"Bearer {OPENAI_API_KEY}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, trust_env=False) as client:
        pace = await client.put("/_control/pace", json={"piece_seconds": PIECE_SECONDS})
        pace.raise_for_status()
        yield Bare(client)


def _has_content(line: str) -> bool:
    if not line.startswith(DATA) or line.endswith(DONE):
        return False
    choices = json.loads(line.removeprefix(DATA))["choices"]
    return bool(choices and choices[0]["delta"].get("content"))
