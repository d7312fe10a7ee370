"""A client of the running API: calls whose problems become errors, and live streams as events."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

CALL_SECONDS = 10.0
EVENT_STREAM = "text/event-stream"


class ProblemError(Exception):
    """The API answered with a problem (RFC 9457), or with something that is none."""

    def __init__(self, status: int, problem: dict[str, Any], asked: str) -> None:
        self.status = status
        self.problem = problem
        said = [str(problem[key]) for key in ("title", "detail") if problem.get(key)]
        said += [
            f"{'.'.join(map(str, each.get('loc', ())))}: {each.get('msg')}"
            for each in problem.get("errors", ())
        ]
        super().__init__(f"{asked} was answered {status}: {'; '.join(said) or 'without a reason'}")


@dataclass(frozen=True)
class ServerEvent:
    """One server-sent event; `data` is its JSON."""

    id: str | None
    kind: str
    data: dict[str, Any]


class Api:
    """One person's session. Raises `ProblemError`, and `httpx.HTTPError` where nobody answers."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def call(self, method: str, path: str, **request: Any) -> Any:  # noqa: ANN401 -- JSON
        """Send a request and return the JSON of its answer, or None where that is empty."""
        answer = await self._client.request(method, path, **request)
        _raise_for_problem(answer)
        return answer.json() if answer.content else None

    async def download(self, path: str) -> bytes:
        """Return a file's bytes."""
        answer = await self._client.get(path)
        _raise_for_problem(answer)
        return answer.content

    async def login(self, email: str, password: str) -> None:
        """Be this person from now on."""
        self.be(await self.call("POST", "/api/auth/login", json={"email": email, "password": password}))

    def be(self, tokens: dict[str, Any]) -> None:
        """Be whom tokens were issued for."""
        self._client.headers["authorization"] = f"Bearer {tokens['access_token']}"

    @asynccontextmanager
    async def events(self, path: str, **parameters: str) -> AsyncIterator[AsyncIterator[ServerEvent]]:
        """Open a stream of events, which ends when the server ends it or the block is left."""
        timeout = httpx.Timeout(CALL_SECONDS, read=None)
        headers = {"accept": EVENT_STREAM}
        async with self._client.stream(
            "GET", path, params=parameters, headers=headers, timeout=timeout
        ) as answer:
            if answer.is_error:
                await answer.aread()
            _raise_for_problem(answer)
            yield _events_of(answer.aiter_lines())


@asynccontextmanager
async def open_api(address: str) -> AsyncIterator[Api]:
    """Lend a session with the API at an address; nobody is logged in yet."""
    async with httpx.AsyncClient(base_url=address, timeout=CALL_SECONDS, trust_env=False) as client:
        yield Api(client)


async def _events_of(lines: AsyncIterator[str]) -> AsyncIterator[ServerEvent]:
    fields: dict[str, str] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif "data" in fields:
            yield ServerEvent(fields.get("id"), fields.get("event", "message"), json.loads(fields["data"]))
            fields = {}
        else:
            fields = {}


def _raise_for_problem(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    asked = f"{answer.request.method} {answer.request.url.path}"
    raise ProblemError(answer.status_code, problem if isinstance(problem, dict) else {}, asked)
