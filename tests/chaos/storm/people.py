"""People as a frontend serves them: they ask again where nobody answers, answer questions, and approve."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from local.demo.answering import answer_body, wrong_body
from local.demo.api import Api, ProblemError, open_api
from local.demo.person import FACTS, Person, fill_in_profile, register
from models.application import ACTIVE
from models.job import Job

AGAIN_SECONDS = 0.3
DESK_SECONDS = 0.5
MISTAKES = 0.2
UNAUTHORISED, CONFLICT, INVALID, SERVER_ERROR = 401, 409, 422, 500
ONLY_THEY_KNOW = ("notice_period_days", "start_date")
PAGE = 100
UNDER_WAY = {state.value for state in ACTIVE}

Json = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """An application that was promised: the API has answered 202, or that it has it already."""

    id: str
    slug: str


@dataclass
class StormPerson:
    """One person with a complete profile; `asked` is what they were promised, a repeated one last."""

    api: Api
    person: Person
    mode: str
    draw: random.Random
    mistakes: float = MISTAKES
    asked: list[Asked] = field(default_factory=list)
    astonished: list[str] = field(default_factory=list)
    cancelled: set[str] = field(default_factory=set)
    did: Counter[str] = field(default_factory=Counter)
    _repeated: set[str] = field(default_factory=set)

    async def apply(self, job: Job) -> None:
        """Ask for an application until it is promised."""
        body = {"job_id": str(job.id), "mode": self.mode}
        await self._ask("/api/applications/", job.source_id, body)

    async def _ask(self, path: str, slug: str, body: Json | None = None) -> None:
        try:
            application = await self.insist("POST", path, json=body)
            application_id = application["id"]
        except ProblemError as problem:
            # the promise may have been lost on its way: it was made all the same
            if problem.status != CONFLICT or "application_id" not in problem.problem:
                raise
            application_id = problem.problem["application_id"]
        self.asked.append(Asked(application_id, slug))

    async def repent(self, moment: float) -> None:
        """Cancel one application after so many seconds; it may be too late, and then they are told so."""
        await asyncio.sleep(moment)
        if self.asked:
            asked = self.draw.choice(self.asked)
            if await self._is_done("POST", f"/api/applications/{asked.id}/cancel"):
                self.cancelled.add(asked.id)
                self.did["cancelled"] += 1

    async def repeat(self) -> int:
        """Ask once more for what failed and may be repeated; return for how many."""
        page = await self.insist("GET", "/api/applications/", params={"state": "failed", "limit": PAGE})
        slugs = {asked.id: asked.slug for asked in self.asked}
        again = [each["id"] for each in page["items"] if each["retryable"] and each["id"] in slugs]
        again = [each for each in again if slugs[each] not in self._repeated]
        for application_id in again:
            self._repeated.add(slugs[application_id])
            await self._ask(f"/api/applications/{application_id}/retry", slugs[application_id])
        self.did["repeated"] += len(again)
        return len(again)

    async def attend(self) -> None:
        """Look after what waits for the person, until cancelled."""
        while True:
            for state, act in (("needs_input", self._answer), ("awaiting_approval", self._approve)):
                query = {"state": state, "limit": PAGE}
                page = await self.insist("GET", "/api/applications/", params=query)
                for application in page["items"]:
                    await act(application["id"])
            await asyncio.sleep(DESK_SECONDS)

    async def detail(self, application_id: str) -> Json:
        """Return the application as its person sees it; ProblemError where there is none."""
        detail: Json = await self.insist("GET", f"/api/applications/{application_id}")
        return detail

    async def under_way(self) -> list[str]:
        """Return a line for each application that has not ended."""
        page = await self.insist("GET", "/api/applications/", params={"limit": PAGE})
        return [f"{each['id']} {each['state']}" for each in page["items"] if each["state"] in UNDER_WAY]

    async def insist(self, method: str, path: str, **request: Any) -> Any:  # noqa: ANN401 -- JSON
        """Call the API until it answers; a refusal (ProblemError below 500) is an answer."""
        while True:
            with suppress(httpx.HTTPError):
                try:
                    return await self.api.call(method, path, **request)
                except ProblemError as problem:
                    if problem.status == UNAUTHORISED:
                        await self.api.login(self.person.email, self.person.password)
                    elif problem.status < SERVER_ERROR:
                        raise
            await asyncio.sleep(AGAIN_SECONDS)

    async def _answer(self, application_id: str) -> None:
        detail = await self.detail(application_id)
        path = f"/api/applications/{application_id}/answers"
        wrong = wrong_body(detail) if self.draw.random() < self.mistakes else None
        if wrong and await self._is_done("PUT", path, wrong):
            self.astonished.append(f"{application_id}: a wrong answer was taken")
        if (body := answer_body(detail)) and await self._is_done("PUT", path, body):
            self.did["answered"] += len(body["answers"])

    async def _approve(self, application_id: str) -> None:
        detail = await self.detail(application_id)
        if detail["shown_hash"] is not None:
            path = f"/api/applications/{application_id}/approve"
            body = {"shown_hash": detail["shown_hash"]}
            self.did["approved"] += await self._is_done("POST", path, body)

    async def _is_done(self, method: str, path: str, body: Json | None = None) -> bool:
        """Send what the person decided; False where it was refused, and they will look again."""
        try:
            await self.insist(method, path, json=body)
        except ProblemError as problem:
            if problem.status not in {CONFLICT, INVALID}:
                raise
            return False
        return True


@asynccontextmanager
async def storm_person(address: str, number: int, draw: random.Random) -> AsyncIterator[StormPerson]:
    """Register a person; every other goes on alone, and some keep two facts for themselves."""
    mode = ("review", "auto")[number % 2]
    keeps = ONLY_THEY_KNOW if number // 2 % 2 == 0 else ()
    facts = {name: value for name, value in FACTS.items() if name not in keeps}
    person = Person(facts=facts)
    async with open_api(address) as api:
        await register(api, person, None)
        await fill_in_profile(api, person)
        yield StormPerson(api, person, mode, draw)
