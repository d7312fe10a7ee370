"""The whole way of an application in a hostile world: our API, the steps, PostgreSQL, vendors over HTTP."""

import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
from pydantic import BaseModel
from pypdf import PdfReader
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.adverts.reading import read_advert
from activities.auto_apply.activities import AutoApplyActivities
from activities.auto_apply.document_prompts import LETTER, STRUCTURE, TAILOR
from activities.auto_apply.drafting import SYSTEM
from activities.credentials import AdzunaKeys, ApiKey, CredentialStore, InstallationKeys
from activities.vendors.client import new_client
from activities.vendors.openai import OpenAI, new_openai_client
from activities.vendors.skyvern import Skyvern
from local.keys import OPENAI_API_KEY
from local.openai.app import create_app as create_openai
from local.openai.config import OpenAIConfig
from local.serving import serve
from local.skyvern.app import create_app as create_skyvern
from local.skyvern.config import SkyvernConfig
from models.base import now
from models.database import seal_of
from models.enums import ApplicationState
from models.job import Job
from models.json_resume import JsonResume
from models.profile import resumes_of
from models.resume_rows import store_structured
from settings import ApplySettings, SkyvernSettings
from tests.api.client import Api, Person, running_app, store
from tests.api.configured import SKYVERN_KEY, settings_for
from tests.api.files import docx_of
from tests.hostile.site import Site
from tests.local.skyvern_stage import until
from tests.models.resumes import ADA, ADA_TEXT
from workflows.messages import ApplicationRef, ApproveShown, AttemptRun, OpenAttempt

M = TypeVar("M")
R = TypeVar("R")

LAST_TRY = 3
PROFILE: dict[str, Any] = {
    "identity": {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": "ada@canary.example.org",
        "phone": "+44 20 7946 0000",
        "location": "London, United Kingdom",
        "linkedin": "https://www.linkedin.com/in/canary-ada",
    },
    "preferences": {
        "titles": ["Engineer"],
        "work_authorisations": [
            {"country": "gb", "authorised": True, "needs_sponsorship": False},
            {"country": "us", "authorised": False, "needs_sponsorship": True},
        ],
    },
    "facts": {
        "street": "12 Canary Street",
        "postcode": "EC1A 1BB",
        "expected_pay": [{"amount": 61234, "currency": "GBP"}],
        "current_pay": {"amount": 51234, "currency": "GBP"},
        "demographics": {"pronouns": "canarypronoun", "disability": "canarydisability"},
    },
    "automation": {"company_cap": 50, "host_cap": 50, "undo_minutes": 0},
    "daily_cap": 50,
}
PRIVATE_LINES = (
    "ADA LOVELACE | ada@canary.example.org | +44 20 7946 0000",
    "12 canary street, EC1A 1BB",
    "Gender:",
    "female",
    "Expected salary: 61,234 GBP",
)
SECRETS = (
    *("ada@canary", "7946 0000", "Lovelace", "LOVELACE", "canary-ada", "Canary Street", "canary street"),
    *("EC1A 1BB", "61234", "61,234", "51234", "canarypronoun", "canarydisability", "female"),
    *(OPENAI_API_KEY, SKYVERN_KEY, 'authorised": true', "needs_sponsorship"),
)
"""What no prompt, no log and no message of Temporal may hold."""

OURS = frozenset({SYSTEM, STRUCTURE, TAILOR, LETTER})
_numbers = count(1)


@dataclass
class World:
    """One person who applies; `told` is all that our steps have returned or failed with."""

    api: Api
    person: Person
    activities: AutoApplyActivities
    model: httpx.AsyncClient
    site: Site
    environment: ActivityEnvironment
    told: list[str] = field(default_factory=list)

    async def resume(self, *lines: str) -> httpx.Response:
        """Upload a résumé with these lines below the ordinary ones."""
        content = docx_of(*ADA_TEXT.splitlines(), *PRIVATE_LINES, *lines)
        files = {"file": ("cv.docx", content, "application/octet-stream")}
        return await self.person.post("/api/resumes/", files=files)

    async def structure(self, structured: JsonResume = ADA) -> None:
        """Have the newest résumé be structured already."""
        async with self.api.database.begin() as session:
            seal = await seal_of(session, self.api.context.keys, self.person.id)
            resume = (await session.exec(resumes_of(self.person.id).limit(1))).one()
            store_structured(resume, structured, seal)

    async def advertise(self, **advert: object) -> Job | None:
        """Store a job as Adzuna's answer tells it; None where it cannot be read."""
        number = next(_numbers)
        told: dict[str, object] = {
            "id": str(number),
            "title": f"Engineer {number}",
            "description": "We build things.",
            "company": {"display_name": f"Example {number} Ltd"},
            "location": {"display_name": "London, UK", "area": ["UK", "London"]},
            "category": {"tag": "it-jobs", "label": "IT Jobs"},
            "created": now().isoformat(),
            "redirect_url": f"https://www.adzuna.co.uk/jobs/land/ad/{number}",
        }
        row = read_advert({**told, **advert}, "gb", now())
        if row is None:
            return None
        job = Job(**row._asdict(), seen_at=now())
        await store(self.api.database, job)
        return job

    async def says(self, *answers: object) -> None:
        """Prescribe the model's next answers: a text as it is, anything else as JSON."""
        await self.model.delete("/_control/script")
        scripts = [{"text": each if isinstance(each, str) else json.dumps(each)} for each in answers]
        done = await self.model.post("/_control/script", json=scripts)
        assert done.status_code == 201, done.text

    async def run(self, step: Callable[[M], Awaitable[R]], message: M) -> R:
        """Run a step as Temporal would, and keep what Temporal would keep."""
        try:
            result = await self.environment.run(step, message)
        except ApplicationError as error:
            self.told.append(f"{error} {error.details} {error.__cause__}")
            raise
        self.told.append(result.model_dump_json() if isinstance(result, BaseModel) else repr(result))
        return result

    async def ended(self, step: Callable[[M], Awaitable[R]], message: M) -> R:
        """Repeat a step until what it waits for has come."""
        results: list[R] = []

        async def is_over() -> bool:
            try:
                results.append(await self.run(step, message))
            except ApplicationError as error:
                if error.non_retryable:
                    raise
                return False
            return True

        await until(is_over)
        return results[0]

    async def prepare(self, job: Job) -> tuple[ApplicationRef, dict[str, Any]]:
        """Apply, up to where the person is asked for something; return the application as they see it."""
        asked = await self.person.post("/api/applications/", json={"job_id": str(job.id)})
        assert asked.status_code == 202, asked.text
        ref = ApplicationRef(application_id=UUID(asked.json()["id"]), user_id=self.person.id, job_id=job.id)
        steps = self.activities
        await self.run(steps.prepare, ref)
        if (await self.ended(steps.scout, ref)).state is not ApplicationState.PREPARING:
            return ref, await self.shown(ref)
        answered = await self.run(steps.answer_form, ref)
        if answered.state is ApplicationState.PREPARING:
            await self.run(steps.make_documents, ref)
            await self.run(steps.decide, ref)
        return ref, await self.shown(ref)

    async def shown(self, ref: ApplicationRef) -> dict[str, Any]:
        """Return the application as its person sees it."""
        answer = await self.person.get(f"/api/applications/{ref.application_id}")
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def submit(self, ref: ApplicationRef, shown: dict[str, Any]) -> dict[str, Any]:
        """Approve what is shown, and go on to the end; return the application as it then is."""
        steps = self.activities
        await self.run(steps.approve, ApproveShown(application=ref, shown_hash=shown["shown_hash"]))
        staged = await self.run(steps.stage, ref)
        fence = await self.run(steps.open_attempt, OpenAttempt(application=ref, staged=staged))
        assert fence.attempt is not None
        submission = await self.run(steps.submit, fence.attempt)
        assert submission.run_id is not None
        await self.run(steps.record_run, AttemptRun(attempt=fence.attempt, run_id=submission.run_id))
        await self.ended(steps.watch_run, fence.attempt)
        await self.run(steps.conclude, fence.attempt)
        await self.run(steps.copy_evidence, fence.attempt)
        return await self.shown(ref)

    async def pdf(self, shown: dict[str, Any], kind: str = "resume") -> str:
        """Return the text of a document that is sent."""
        [url] = [each["url"] for each in shown["documents"] if each["kind"] == kind]
        content = (await self.person.get(url)).content
        return " ".join(
            " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split()
        )

    async def prompts(self) -> list[str]:
        """Return the data that the model was told, having checked that all instructions are ours."""
        requests = (await self.model.get("/_control/requests")).json()
        told = []
        for each in requests:
            system, data = each["body"]["messages"]
            assert (system["role"], data["role"]) == ("system", "user")
            assert system["content"] in OURS
            json.loads(data["content"])
            told.append(data["content"])
        return told


def answers_of(shown: dict[str, Any]) -> dict[str, tuple[Any, str | None]]:
    """Return the answers with their sources, by label."""
    return {each["label"]: (each["answer"], each["source"]) for each in shown["questions"]}


@asynccontextmanager
async def open_world(database_url: str, folder: Path) -> AsyncIterator[World]:
    """Open the world with one person whose profile lacks nothing; Temporal is the test itself."""
    site = Site()
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(
            running_app(settings_for(database_url, apply=ApplySettings(allow_private_urls=True)))
        )
        careers = await stack.enter_async_context(serve(site.app()))
        vendor = create_skyvern(
            SkyvernConfig(folder / "skyvern.sqlite3", SKYVERN_KEY, careers, "", 0.0, 0.01)
        )
        skyvern_url = await stack.enter_async_context(serve(vendor))
        openai_url = await stack.enter_async_context(serve(create_openai(OpenAIConfig(piece_seconds=0))))
        settings = SkyvernSettings(timeout_seconds=10.0, base_url=skyvern_url)
        client = await stack.enter_async_context(new_client(skyvern_url, settings.timeout_seconds))
        model = new_openai_client(f"{openai_url}/v1", 10.0)
        stack.push_async_callback(model.close)
        installation = InstallationKeys(AdzunaKeys("", ""), ApiKey(SKYVERN_KEY), ApiKey(OPENAI_API_KEY))
        activities = AutoApplyActivities(
            database=api.database,
            keys=api.context.keys,
            credentials=CredentialStore(api.database, api.context.keys, installation),
            skyvern=Skyvern(client),
            settings=settings,
            public_url="http://127.0.0.1:9",
            model=OpenAI(model, "gpt-4.1-mini", 1500),
            allow_private_urls=True,
        )
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, attempt=LAST_TRY)
        control = await stack.enter_async_context(httpx.AsyncClient(base_url=openai_url))
        person = await api.person()
        patched = await person.patch("/api/profile/", json=PROFILE)
        assert patched.status_code == 200, patched.text
        yield World(api, person, activities, control, site, environment)
