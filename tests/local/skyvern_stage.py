"""A stage for Skyvern's stand-in: itself, a careers site and a webhook receiver, on real sockets."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.careers.app import create_app as create_careers
from local.serving import serve
from local.skyvern.app import create_app
from local.skyvern.config import SkyvernConfig
from local.skyvern.services import tls

Json = dict[str, Any]

KEY = "sk-test-not-a-real-key"
RECORDED = Path(__file__).parents[3] / "shared" / "vendors" / "recorded" / "skyvern"
RESUME = b"%PDF-1.7 a resume"
APPLICANT = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.org",
    "phone": "+44 20 7946 0000",
    "location": {"city": "London", "country": "United Kingdom"},
    "links": {"linkedin": "https://www.linkedin.com/in/ada"},
}
RIGHT_TO_WORK = [
    {"topic": "work_authorisation", "answer": True},
    {"topic": "sponsorship", "answer": False},
]
CODES = {
    code: f"when it is {code}"
    for code in ("job_closed", "login_required", "captcha", "missing_answer", "unsafe_request")
}
PARAMETERS = [
    {"key": "application_id", "parameter_type": "workflow", "workflow_parameter_type": "string"},
    {"key": "resume", "parameter_type": "workflow", "workflow_parameter_type": "file_url"},
    {"key": "job_url", "parameter_type": "workflow", "workflow_parameter_type": "string"},
    {"key": "applicant", "parameter_type": "workflow", "workflow_parameter_type": "json"},
]
APPLY_BLOCK = {
    "block_type": "navigation",
    "label": "apply",
    "url": "{{ job_url }}",
    "engine": "skyvern-1.0",
    "parameter_keys": ["resume", "applicant"],
    "max_retries": 0,
    "navigation_goal": "Apply for the job. COMPLETE when the application was received.",
    "error_code_mapping": CODES,
}
CONFIRM_BLOCK = {
    "block_type": "extraction",
    "label": "confirm",
    "url": "",
    "data_extraction_goal": "Extract the confirmation id",
    "data_schema": {
        "type": "object",
        "properties": {"submitted": {"type": "boolean"}, "confirmation_id": {"type": "string"}},
    },
}


def definition(*blocks: Json, title: str = "Jobraker apply", **content: object) -> Json:
    """Return the body that makes a workflow of some blocks."""
    workflow = {"parameters": PARAMETERS, "blocks": list(blocks), **content}
    return {"json_definition": {"title": title, "workflow_definition": workflow}}


APPLY_WORKFLOW = definition(APPLY_BLOCK, CONFIRM_BLOCK)


def recorded(name: str) -> Json:
    """Return a recorded body, of a list its first row; skips the test where the folder is absent."""
    path = RECORDED / f"{name}.json"
    if not path.exists():
        pytest.skip("the recorded Skyvern answers are not beside this checkout")
    document = json.loads(path.read_text())
    body = document.get("body", document)
    first: Json = body[0] if isinstance(body, list) else body
    return first


@dataclass
class Receiver:
    """Takes webhooks; `statuses` are the answers to give, the last one for ever."""

    received: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=lambda: [200])
    headers: dict[str, str] = field(default_factory=dict)

    async def take(self, request: Request) -> Response:
        self.received.append((await request.body(), dict(request.headers)))
        status = self.statuses[0] if len(self.statuses) == 1 else self.statuses.pop(0)
        return Response("thanks", status, headers=self.headers)


@dataclass
class Stage:
    """The three servers; `skyvern` has the key, `careers` and `hook_url` say where the others are."""

    skyvern: httpx.AsyncClient
    careers: httpx.AsyncClient
    receiver: Receiver
    hook_url: str

    async def workflow(self, body: Json = APPLY_WORKFLOW) -> str:
        answer = await self.skyvern.post("/v1/workflows", json=body)
        assert answer.status_code == 200, answer.text
        permanent_id: str = answer.json()["workflow_permanent_id"]
        return permanent_id

    async def upload(self, content: bytes = RESUME, name: str = "resume.pdf") -> str:
        answer = await self.skyvern.post("/v1/upload_file", files={"file": (name, content)})
        file_id: str = answer.json()["file_id"]
        return file_id

    async def request(self, slug: str, workflow_id: str | None = None, **applicant: object) -> Json:
        """Return the body of a run that applies for a job; nobody is told about its end."""
        file_id = await self.upload()
        return {
            "workflow_id": workflow_id or await self.workflow(),
            "parameters": {
                "application_id": f"attempt-of-{slug}",
                "resume": file_id,
                "job_url": f"https://www.adzuna.co.uk/jobs/land/ad/{slug}?se=x",
                "applicant": {**APPLICANT, **applicant},
            },
            "file_ids": [file_id],
            "proxy_location": "NONE",
        }

    async def start(self, body: Json, **changes: object) -> Json:
        answer = await self.skyvern.post("/v1/run/workflows", json={**body, **changes})
        assert answer.status_code == 200, answer.text
        run: Json = answer.json()
        return run

    async def run(self, run_id: str) -> Json:
        run: Json = (await self.skyvern.get(f"/v1/runs/{run_id}")).json()
        return run

    async def reach(self, run_id: str, *statuses: str) -> Json:
        """Wait until a run has one of some states, or any final one where none is named."""

        async def arrived() -> bool:
            run = await self.run(run_id)
            return run["status"] in statuses if statuses else run["finished_at"] is not None

        await until(arrived)
        return await self.run(run_id)

    async def apply(self, slug: str, **applicant: object) -> Json:
        """Apply for a job and return the run at its end."""
        created = await self.start(await self.request(slug, None, **applicant))
        return await self.reach(created["run_id"])

    async def webhooks(self, count: int) -> list[tuple[bytes, dict[str, str]]]:
        """Wait for so many webhooks and return all that came."""

        async def arrived() -> bool:
            return len(self.receiver.received) >= count

        await until(arrived)
        return self.receiver.received

    async def ledger(self) -> list[Json]:
        rows: list[Json] = (await self.careers.get("/_control/ledger")).json()
        return rows

    async def order(self, what: str, **order: object) -> None:
        answer = await self.skyvern.post(f"/_control/{what}", json=order)
        assert answer.status_code == 201, answer.text


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 8.0) -> None:
    """Wait until an async condition holds; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, "the condition never came to hold"
        await asyncio.sleep(0.005)


@asynccontextmanager
async def open_stage(folder: Path, step_seconds: float = 0.0, public_url: str = "") -> AsyncIterator[Stage]:
    """Serve the three; the Skyvern stand-in keeps its state in `folder`."""
    receiver = Receiver()
    hook = Starlette(routes=[Route("/hook", receiver.take, methods=["POST"])])
    async with serve(create_careers(folder / "careers.sqlite3")) as careers_url, serve(hook) as hook_url:
        config = SkyvernConfig(
            folder / "skyvern.sqlite3",
            KEY,
            careers_url,
            public_url,
            step_seconds,
            webhook_backoff_seconds=0.01,
        )
        async with (
            serve(create_app(config)) as url,
            httpx.AsyncClient(base_url=url, headers={"x-api-key": KEY}, verify=tls()) as skyvern,
            httpx.AsyncClient(base_url=careers_url, verify=tls()) as careers,
        ):
            yield Stage(skyvern, careers, receiver, f"{hook_url}/hook")
