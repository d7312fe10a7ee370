"""A scene for the steps of an application: a person in PostgreSQL, Skyvern and an employer over HTTP."""

import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar
from temporalio.testing import ActivityEnvironment

from activities.auto_apply.activities import AutoApplyActivities
from activities.credentials import AdzunaKeys, ApiKey, CredentialStore, InstallationKeys
from activities.vendors.client import new_client
from activities.vendors.openai import OpenAI, new_openai_client
from activities.vendors.skyvern import Skyvern
from local.keys import OPENAI_API_KEY
from models.account import Account
from models.answering_enums import AnswerSource, DocumentKind, LogKind, QuestionKind, Topic
from models.application import Application, Attempt, application_locked
from models.application_log import LogEntry, log_of
from models.automation import Automation
from models.base import new_id, now
from models.database import Database, seal_of
from models.enums import Actor, ApplicationState, AutomationMode, Origin, Vendor
from models.event import Event
from models.evidence import Document
from models.integration import Integration
from models.job import Job
from models.notification import Notification
from models.profile import Identity, Preferences, Profile, Resume, WorkAuthorisation, profile_of
from models.question import Question, Value, questions_of
from models.resume_enums import ResumeFormat
from models.sealed import KeyRing, Seal, place_of
from models.shown import load_shown
from settings import SkyvernSettings
from tests.local.skyvern_stage import KEY, Stage, open_stage
from workflows.messages import ApplicationRef, AttemptRef, OpenAttempt

M = TypeVar("M")
R = TypeVar("R")

RESUME = b"%PDF-1.7 the resume of Ada"
IDENTITY = Identity(
    first_name="Ada",
    last_name="Lovelace",
    email="ada@example.org",
    phone="+44 20 7946 0000",
    location="London, United Kingdom",
)
NOWHERE = "http://127.0.0.1:9"
"""Nobody listens there: webhooks of these tests are lost, and the model is away unless a test brings one."""


@dataclass(frozen=True)
class Asked:
    """A question with its answer, to be stored as if the form had been read and the person had answered."""

    label: str
    answer: Value | None = None
    kind: QuestionKind = QuestionKind.TEXT
    field: str = ""
    topic: Topic | None = None
    required: bool = True
    options: tuple[str, ...] = ()


WHO_APPLIES = (
    Asked("Full name", "Ada Lovelace", field="name", topic=Topic.NAME, required=False),
    Asked("First name", "Ada", field="first_name", topic=Topic.FIRST_NAME, required=False),
    Asked("Last name", "Lovelace", field="last_name", topic=Topic.LAST_NAME, required=False),
    Asked("E-mail address", "ada@example.org", field="email", topic=Topic.EMAIL),
    Asked("Phone", "+44 20 7946 0000", field="phone", topic=Topic.PHONE),
    Asked("Résumé / CV", "resume", QuestionKind.FILE, "resume", Topic.RESUME),
)
"""What every form of the careers site asks, however it asks for the name."""


@dataclass
class Scene:
    """One person, with helpers that read what the steps left."""

    database: Database
    keys: KeyRing
    stage: Stage
    activities: AutoApplyActivities
    user_id: UUID
    environment: ActivityEnvironment = field(default_factory=ActivityEnvironment)

    async def job(self, slug: str = "short-1", expired_at: datetime | None = None) -> Job:
        """Store a job whose form has the kind that its slug names."""
        job = Job(
            source="test",
            source_id=slug,
            country="gb",
            title=f"Engineer {slug}",
            company="Example Ltd",
            description="Build things.",
            location="London",
            currency="GBP",
            category="it-jobs",
            category_label="IT Jobs",
            url=f"https://www.example.com/jobs/land/ad/{slug}",
            posted_at=now(),
            content_key=slug,
            fingerprint=slug,
            seen_at=now(),
            expired_at=expired_at,
        )
        async with self.database.begin() as session:
            session.add(job)
        return job

    async def queue(
        self,
        slug: str = "short-1",
        origin: Origin = Origin.PERSON,
        mode: AutomationMode = AutomationMode.REVIEW,
    ) -> ApplicationRef:
        """Queue an application to a new job."""
        job = await self.job(slug)
        return await self.queue_for(job, origin, mode)

    async def queue_for(
        self, job: Job, origin: Origin = Origin.PERSON, mode: AutomationMode = AutomationMode.REVIEW
    ) -> ApplicationRef:
        application, transition = Application.queue(self.user_id, job, origin, mode)
        async with self.database.begin() as session:
            session.add(application)
            await session.flush()
            session.add(transition)
        return ApplicationRef(application_id=application.id, user_id=self.user_id, job_id=job.id)

    async def begin(self, slug: str = "short-1", origin: Origin = Origin.PERSON) -> ApplicationRef:
        """Queue an application and begin preparing it."""
        ref = await self.queue(slug, origin)
        await self.run(self.activities.prepare, ref)
        return ref

    async def fill(
        self, ref: ApplicationRef, *asked: Asked, letter: bytes | None = None, resume: bytes = RESUME
    ) -> None:
        """Store questions with their answers, and the documents, as the steps before approval would.

        Where nothing is said and no form was read, it asks for who applies.
        """
        async with self.database.begin() as session:
            application = (await session.exec(application_locked(ref.application_id))).one()
            seal = await seal_of(session, self.keys, self.user_id)
            asked = asked or (WHO_APPLIES if application.scouted_at is None else ())
            session.add_all(_question(application, number, each, seal) for number, each in enumerate(asked))
            session.add(_document(application, DocumentKind.RESUME, resume, seal))
            if letter is not None:
                session.add(_document(application, DocumentKind.COVER_LETTER, letter, seal))
            application.scouted_at = now()

    async def approve(self, ref: ApplicationRef, undo_minutes: float = 0) -> None:
        """Approve what is stored, as its person would."""
        async with self.database.begin() as session:
            application = (await session.exec(application_locked(ref.application_id))).one()
            seal = await seal_of(session, self.keys, self.user_id)
            shown = await load_shown(session, application, seal)
            session.add_all(application.approve(Actor.USER, shown.hash(seal), undo_minutes))

    async def approved(
        self,
        slug: str = "short-1",
        *asked: Asked,
        origin: Origin = Origin.PERSON,
        letter: bytes | None = None,
    ) -> ApplicationRef:
        """Bring an application to approved: filled in and with nothing to be undone any more."""
        ref = await self.begin(slug, origin)
        await self.fill(ref, *asked, letter=letter)
        await self.approve(ref)
        return ref

    async def automate(self, **rules: object) -> None:
        """Change the person's rules of automation."""
        async with self.database.begin() as session:
            profile = (await session.exec(profile_of(self.user_id))).one()
            changed = profile.read_automation().model_copy(update=rules)
            profile.automation = Automation.model_validate(changed.model_dump()).model_dump(mode="json")

    async def cross(self, ref: ApplicationRef) -> AttemptRef:
        """Take an application over its fence, up to but not including the POST."""
        await self.run(self.activities.prepare, ref)
        if await self.state(ref) is ApplicationState.PREPARING:
            await self.fill(ref)
            await self.approve(ref)
        staged = await self.run(self.activities.stage, ref)
        fence = await self.run(self.activities.open_attempt, OpenAttempt(application=ref, staged=staged))
        assert fence.attempt is not None
        return fence.attempt

    async def run(self, step: Callable[[M], Awaitable[R]], message: M) -> R:
        """Run a step as Temporal would."""
        return await self.environment.run(step, message)

    @asynccontextmanager
    async def hasty(self, seconds: float) -> AsyncIterator[AutoApplyActivities]:
        """Lend steps that wait for the vendor no longer than this."""
        async with new_client(self.activities.settings.base_url, seconds) as client:
            yield replace(self.activities, skyvern=Skyvern(client))

    async def application(self, ref: ApplicationRef | AttemptRef) -> Application:
        async with self.database.begin() as session:
            return await session.get_one(Application, ref.application_id)

    async def state(self, ref: ApplicationRef | AttemptRef) -> ApplicationState:
        return (await self.application(ref)).state

    async def attempt(self, ref: AttemptRef) -> Attempt:
        async with self.database.begin() as session:
            return await session.get_one(Attempt, ref.attempt_id)

    async def log(self, ref: ApplicationRef | AttemptRef, kind: LogKind | None = None) -> Sequence[LogEntry]:
        """Read the application's log, or its entries of one kind."""
        entries = await self._all(log_of(ref.application_id))
        return [each for each in entries if kind in (None, each.kind)]

    async def moves(self, ref: ApplicationRef | AttemptRef) -> list[tuple[str, str]]:
        """Return the states that an application went to, each with who moved it."""
        return [(each.data["to"], each.data["actor"]) for each in await self.log(ref, LogKind.MOVED)]

    async def questions(self, ref: ApplicationRef) -> Sequence[Question]:
        return await self._all(questions_of(ref.application_id))

    async def notifications(self) -> Sequence[Notification]:
        return await self._all(select(Notification).where(Notification.user_id == self.user_id))

    async def events(self) -> Sequence[Event]:
        return await self._all(select(Event).where(Event.user_id == self.user_id).order_by(col(Event.number)))

    async def _all(self, query: SelectOfScalar[R]) -> Sequence[R]:
        async with self.database.begin() as session:
            return (await session.exec(query)).all()

    async def open(self, sealed: bytes, table: str, column: str, row_id: UUID) -> bytes:
        """Open a sealed value of this person."""
        async with self.database.begin() as session:
            seal = await seal_of(session, self.keys, self.user_id)
        return seal.open(sealed, place_of(table, column, row_id))

    async def fault(self, **fault: object) -> None:
        """Arm a fault of the Skyvern stand-in."""
        answer = await self.stage.skyvern.post("/_control/faults", json=fault)
        assert answer.status_code == 201, answer.text

    async def mend(self) -> None:
        """Clear all faults."""
        await self.stage.skyvern.delete("/_control/faults")

    async def vendor_runs(self) -> list[dict[str, Any]]:
        """List every run at the vendor, newest first."""
        runs: list[dict[str, Any]] = (await self.stage.skyvern.get("/v1/runs?page_size=100")).json()
        return runs

    async def bring_key(self, key: str) -> None:
        """Give the person a Skyvern key of their own."""
        async with self.database.begin() as session:
            seal = await seal_of(session, self.keys, self.user_id)
            integration = Integration(user_id=self.user_id, vendor=Vendor.SKYVERN, credentials_sealed=b"")
            integration.credentials_sealed = seal.seal_text(
                f'{{"vendor": "skyvern", "api_key": "{key}"}}',
                place_of("integration", "credentials_sealed", integration.id),
            )
            session.add(integration)


def _question(application: Application, number: int, asked: Asked, seal: Seal) -> Question:
    question = Question(
        application_id=application.id,
        user_id=application.user_id,
        position=number,
        field=asked.field,
        label=asked.label,
        kind=asked.kind,
        required=asked.required,
        options=list(asked.options),
        topic=asked.topic,
    )
    if asked.answer is not None:
        question.answer(asked.answer, AnswerSource.PERSON, seal)
    return question


def _document(application: Application, kind: DocumentKind, content: bytes, seal: Seal) -> Document:
    row_id, name = new_id(), f"Ada_Lovelace_{kind.value}.pdf"
    return Document(
        id=row_id,
        application_id=application.id,
        user_id=application.user_id,
        kind=kind,
        media_type="application/pdf",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        file_name_sealed=seal.seal_text(name, place_of("application_document", "file_name_sealed", row_id)),
        content_sealed=seal.seal(content, place_of("application_document", "content_sealed", row_id)),
    )


@asynccontextmanager
async def open_scene(
    database_url: str,
    folder: Path,
    key: str = KEY,
    settings: SkyvernSettings | None = None,
    model: OpenAI | None = None,
) -> AsyncIterator[Scene]:
    """Open the scene with a complete profile and no application; without `model` the model is away."""
    keys = KeyRing({"k1": os.urandom(32)}, "k1")
    async with AsyncExitStack() as stack:
        database = Database(database_url)
        stack.push_async_callback(database.close)
        user_id = await _add_person(database, keys)
        stage = await stack.enter_async_context(open_stage(folder))
        settings = settings or SkyvernSettings(timeout_seconds=10.0, settle_seconds=11.0)
        settings = settings.model_copy(update={"base_url": str(stage.skyvern.base_url).rstrip("/")})
        client = await stack.enter_async_context(new_client(settings.base_url, settings.timeout_seconds))
        away = await stack.enter_async_context(new_openai_client(NOWHERE, 1.0))
        installation = InstallationKeys(
            adzuna=AdzunaKeys("", ""), skyvern=ApiKey(key), openai=ApiKey(OPENAI_API_KEY)
        )
        activities = AutoApplyActivities(
            database=database,
            keys=keys,
            credentials=CredentialStore(database, keys, installation),
            skyvern=Skyvern(client),
            settings=settings,
            public_url=NOWHERE,
            model=model or OpenAI(away, "gpt-4.1-mini", 1500),
            allow_private_urls=True,
        )
        yield Scene(database, keys, stage, activities, user_id)


async def _add_person(database: Database, keys: KeyRing) -> UUID:
    account = Account.register("ada@example.org", "no-hash", keys)
    seal = account.seal(keys)
    profile = Profile(user_id=account.id, automation_mode=AutomationMode.REVIEW, daily_cap=1000)
    profile.identity_sealed = seal.seal_text(
        IDENTITY.model_dump_json(), place_of("profile", "identity_sealed", profile.id)
    )
    profile.preferences = Preferences(
        work_authorisations=[
            WorkAuthorisation(country="gb", authorised=True, needs_sponsorship=False),
            WorkAuthorisation(country="us", authorised=False, needs_sponsorship=True),
        ]
    ).model_dump(mode="json")
    resume = Resume(
        user_id=account.id,
        format=ResumeFormat.PDF,
        size=len(RESUME),
        sha256=hashlib.sha256(RESUME).hexdigest(),
        file_name_sealed=b"",
        original_sealed=b"",
        text_sealed=b"",
    )
    resume.original_sealed = seal.seal(RESUME, place_of("resume", "original_sealed", resume.id))
    resume.text_sealed = seal.seal(b"the resume of Ada", place_of("resume", "text_sealed", resume.id))
    resume.file_name_sealed = seal.seal(b"resume.pdf", place_of("resume", "file_name_sealed", resume.id))
    async with database.begin() as session:
        session.add(account)
        await session.flush()
        session.add_all([profile, resume])
    return account.id
