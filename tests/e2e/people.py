"""What people do in the tests of the whole stack, and what employers and vendors say of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import httpx

from local.demo.acts.finding import slug_of
from local.demo.answering import answer_body
from local.demo.api import Api, ProblemError, open_api
from local.demo.person import Person, fill_in_profile, register
from local.form_kinds import FormKind, kind_of
from local.throwaway import DEADLINE, LocalStack
from models.application import ACTIVE

POLL_SECONDS = 0.05
UNAVAILABLE = 503
ENDED_STATES = {state.value for state in type(next(iter(ACTIVE)))} - {state.value for state in ACTIVE}

Json = dict[str, Any]
Found = TypeVar("Found")


async def found(look: Callable[[], Awaitable[Found | None]], what: str, seconds: float = DEADLINE) -> Found:
    """Look again and again until something is found, and return it; fails at the deadline."""
    deadline = time.monotonic() + seconds
    while not (seen := await look()):
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still not: {what}"
        await asyncio.sleep(POLL_SECONDS)
    return seen


class StandIns(Protocol):
    """Where the stand-ins are."""

    def stand_in(self, name: str) -> str:
        """Return the base URL of one, by its name for `local.serve`."""


async def control(stack: StandIns, stand_in: str, path: str, body: Json | None = None) -> Any:  # noqa: ANN401 -- JSON
    """Read what a stand-in knows, or with a body tell it what to do."""
    async with httpx.AsyncClient(base_url=stack.stand_in(stand_in), trust_env=False) as client:
        address = f"/_control/{path}"
        answer = await (client.get(address) if body is None else client.post(address, json=body))
    answer.raise_for_status()
    return answer.json() if answer.content else None


async def calm(stack: LocalStack) -> None:
    """End all faults and orders of the stand-ins."""
    async with httpx.AsyncClient(trust_env=False) as client:
        for name in ("adzuna", "skyvern", "openai", "careers"):
            (await client.delete(f"{stack.stand_in(name)}/_control/faults")).raise_for_status()
    await control(stack, "skyvern", "runs", {"mode": "normal"})
    await control(stack, "skyvern", "webhooks", {"mode": "normal"})


async def fetch_jobs(stack: LocalStack) -> None:
    """Have the administrator fetch jobs, unless there are some."""
    async with open_api(stack.api) as admin:
        await admin.login(stack.secrets.admin_email, stack.secrets.admin_password)
        await admin.call("POST", "/api/admin/job-fetch")

        async def jobs() -> Any:  # noqa: ANN401 -- JSON
            return (await admin.call("GET", "/api/jobs/"))["items"]

        await found(jobs, "jobs")


@dataclass
class Applicant:
    """A person with a complete profile, logged in."""

    stack: LocalStack
    api: Api
    person: Person

    async def jobs(self, kind: FormKind = FormKind.SHORT) -> list[Json]:
        """Return jobs whose employers ask with this kind of form."""
        page = await self.api.call("GET", "/api/jobs/", params={"limit": 100})
        return [job for job in page["items"] if kind_of(slug_of(job)) is kind]

    async def apply(self, job: Json, mode: str = "auto") -> str:
        """Ask for an application, which goes on alone unless told otherwise, and return its id."""
        body = {"job_id": job["id"], "mode": mode}
        application = await self.api.call("POST", "/api/applications/", json=body)
        return str(application["id"])

    async def detail(self, application_id: str) -> Json:
        detail: Json = await self.api.call("GET", f"/api/applications/{application_id}")
        return detail

    async def reaches(self, application_id: str, *states: str, seconds: float = DEADLINE) -> Json:
        """Wait until the application is in one of the states; the API may be away meanwhile."""

        async def is_there() -> Json | None:
            try:
                detail = await self.detail(application_id)
            except httpx.HTTPError:
                return None
            except ProblemError as problem:
                if problem.status != UNAVAILABLE:
                    raise
                return None
            return detail if detail["state"] in states else None

        return await found(is_there, f"the application {' or '.join(states)}", seconds)

    async def answers(self, application_id: str) -> None:
        """Answer what the application asks, again and again until it is taken."""
        body = answer_body(await self.reaches(application_id, "needs_input"))
        assert body is not None
        await self._insists("PUT", f"/api/applications/{application_id}/answers", body)

    async def approves(self, application_id: str) -> None:
        """Approve what the application shows, again and again until it is taken."""
        shown = (await self.reaches(application_id, "awaiting_approval"))["shown_hash"]
        await self._insists("POST", f"/api/applications/{application_id}/approve", {"shown_hash": shown})

    async def _insists(self, method: str, path: str, body: Json) -> None:
        async def is_taken() -> bool:
            try:
                await self.api.call(method, path, json=body)
            except httpx.HTTPError:
                return False
            except ProblemError as problem:
                if problem.status != UNAVAILABLE:
                    raise
                return False
            return True

        await found(is_taken, f"{method} {path} taken")

    async def ends(self, application_id: str, seconds: float = DEADLINE) -> Json:
        """Wait until the application has ended, whatever way, and return it."""
        return await self.reaches(application_id, *ENDED_STATES, seconds=seconds)

    async def ledger(self, job: Json) -> list[Json]:
        """Return what the employer has of this person's application to a job."""
        return await ledger_of(self.stack.stand_in("careers"), self.person.email, slug_of(job))


async def ledger_of(careers: str, email: str, slug: str) -> list[Json]:
    """Return what an employer's site has of a person's application to a job."""
    async with httpx.AsyncClient(base_url=careers, trust_env=False) as client:
        answer = await client.get("/_control/ledger", params={"email": email, "slug": slug})
    entries: list[Json] = answer.raise_for_status().json()
    return entries


@asynccontextmanager
async def applicant(stack: LocalStack, person: Person | None = None) -> AsyncIterator[Applicant]:
    """Register a new person and fill in the profile."""
    person = person or Person()
    async with open_api(stack.api) as api:
        await register(api, person, stack.stand_in("mail"))
        await fill_in_profile(api, person)
        yield Applicant(stack, api, person)
