"""The OpenAI stand-in on a free port with the vendor's own SDK in front of it."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from openai import AsyncOpenAI, DefaultAsyncHttpxClient
from openai.types.chat import ChatCompletionUserMessageParam

from local import keys
from local.openai.app import create_app
from local.openai.config import OpenAIConfig
from local.serving import serve
from tests.local.clients import http_client

MODEL = "gpt-4.1-mini"
_CONTEXT = ssl.create_default_context()


@dataclass
class StandIn:
    """`sdk` calls the model, `control` is a plain client on the stand-in's root."""

    sdk: AsyncOpenAI
    control: httpx.AsyncClient

    async def script(self, *answers: dict[str, object]) -> None:
        """Prescribe the next answers."""
        answer = await self.control.post("/_control/script", json=list(answers))
        assert answer.status_code == 201, answer.text

    async def arm(self, **fault: object) -> None:
        """Arm a fault."""
        answer = await self.control.post("/_control/faults", json=fault)
        assert answer.status_code == 201, answer.text

    async def received(self) -> list[dict[str, object]]:
        """Return the requests that arrived."""
        found: list[dict[str, object]] = (await self.control.get("/_control/requests")).json()
        return found


def user(text: str) -> ChatCompletionUserMessageParam:
    """Make a user's message."""
    return {"role": "user", "content": text}


def quick_config(context_tokens: int = 10_000) -> OpenAIConfig:
    """Return a stand-in's configuration without delays between pieces."""
    return OpenAIConfig(piece_seconds=0, context_tokens=context_tokens)


@asynccontextmanager
async def running_stand_in(
    config: OpenAIConfig, api_key: str = keys.OPENAI_API_KEY
) -> AsyncIterator[StandIn]:
    """Serve the stand-in until the block ends, the SDK's own retries switched off."""
    async with (
        serve(create_app(config)) as address,
        http_client(address) as control,
        AsyncOpenAI(
            base_url=f"{address}/v1",
            api_key=api_key,
            max_retries=0,
            timeout=5,
            http_client=DefaultAsyncHttpxClient(verify=_CONTEXT),
        ) as sdk,
    ):
        yield StandIn(sdk, control)
