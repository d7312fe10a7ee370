"""Webhooks: signed, delivered up to three times in identical bytes, and spoilt where a control says so."""

import asyncio
import hashlib
import hmac
import json
import time
from collections import deque
from dataclasses import dataclass

import httpx

from local.skyvern.ids import now
from local.skyvern.run import Json, Run, WebhookMode, WebhookState
from local.skyvern.shapes import Shapes
from local.skyvern.store.runs import Runs
from local.skyvern.webhook_body import webhook_body

ATTEMPTS = 3
TIMEOUT_SECONDS = 30.0
MAX_WAIT_SECONDS = 30.0
REMEMBERED = 1000
_RETRIED = frozenset({403, 408, 425, 429})
_SERVER_ERROR = 500


def sign(api_key: str, body: bytes) -> str:
    """Return the hex HMAC-SHA256 of the raw body under the API key."""
    return hmac.new(api_key.encode(), body, hashlib.sha256).hexdigest()


def encode(payload: Json) -> bytes:
    """Return a payload as the bytes that are signed: compact, not escaped, whole floats as integers."""
    return json.dumps(_whole(payload), separators=(",", ":"), ensure_ascii=False).encode()


def _whole(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(part) for key, part in value.items()}
    return [_whole(part) for part in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class Message:
    """One webhook as it goes over the wire, however often."""

    body: bytes
    headers: dict[str, str]


class Webhooks:
    """Delivers the webhooks of ended runs in the background."""

    def __init__(
        self, runs: Runs, shapes: Shapes, client: httpx.AsyncClient, api_key: str, backoff: float
    ) -> None:
        self._runs = runs
        self._shapes = shapes
        self._client = client
        self._api_key = api_key
        self._backoff = backoff
        self._tasks: set[asyncio.Task[None]] = set()
        self._settled: dict[str, asyncio.Event] = {}
        self.log: deque[Json] = deque(maxlen=REMEMBERED)

    def schedule(self, run_id: str) -> None:
        """Deliver an ended run's webhook soon."""
        task = asyncio.create_task(self._send(run_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self, run_id: str) -> None:
        """Wait until a run's webhook was delivered, lost or given up."""
        await self._settled.setdefault(run_id, asyncio.Event()).wait()

    async def stop(self) -> None:
        """Give up what is under way; a restart takes it up again."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def message(self, run: Run) -> Message:
        """Return a run's webhook, signed now, with a wrong signature where the run was told so."""
        body = encode(webhook_body(run, self._shapes))
        key = f"not-{self._api_key}" if run.webhook_mode is WebhookMode.FORGED else self._api_key
        headers = {
            "x-skyvern-timestamp": str(int(time.time())),
            "x-skyvern-signature": sign(key, body),
            "content-type": "application/json",
        }
        return Message(body, headers)

    async def post(self, url: str, message: Message) -> httpx.Response:
        """Post a webhook once; an httpx.HTTPError where it is not answered."""
        return await self._client.post(url, content=message.body, headers=message.headers)

    async def _send(self, run_id: str) -> None:
        run = self._runs.get(run_id)
        if run is None or run.webhook_url is None:
            return
        state = WebhookState.LOST
        if run.webhook_mode is not WebhookMode.LOST:
            if run.webhook_mode is WebhookMode.LATE:
                await asyncio.sleep(run.webhook_seconds)
            state = await self._send_copies(run, run.webhook_url)
        self._runs.note(run_id, webhook_state=state)
        self._settled.setdefault(run_id, asyncio.Event()).set()

    async def _send_copies(self, run: Run, url: str) -> WebhookState:
        message, sent = self.message(run), False
        copies = run.webhook_copies + (run.webhook_mode is WebhookMode.DOUBLED)
        for _ in range(copies):
            sent = await self._deliver(run, url, message) or sent
        return WebhookState.SENT if sent else WebhookState.FAILED

    async def _deliver(self, run: Run, url: str, message: Message) -> bool:
        for attempt in range(1, ATTEMPTS + 1):
            answer = await self._try(url, message)
            code = answer.status_code if answer is not None else None
            self.log.append({"run_id": run.run_id, "attempt": attempt, "status_code": code, "at": now()})
            if answer is not None and not _is_retried(answer.status_code):
                return answer.is_success
            if attempt < ATTEMPTS:
                await asyncio.sleep(_wait_asked(answer) or self._backoff * attempt)
        return False

    async def _try(self, url: str, message: Message) -> httpx.Response | None:
        try:
            return await self.post(url, message)
        except (httpx.HTTPError, httpx.InvalidURL):
            return None


def _is_retried(status: int) -> bool:
    return status in _RETRIED or status >= _SERVER_ERROR


def _wait_asked(answer: httpx.Response | None) -> float:
    """Return how long the receiver asks to be left alone, in seconds, at most half a minute."""
    asked = answer.headers.get("retry-after", "") if answer is not None else ""
    return min(float(asked), MAX_WAIT_SECONDS) if asked.isdigit() else 0.0
