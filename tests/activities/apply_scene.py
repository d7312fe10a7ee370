"""A scene for the steps of an application: a person in PostgreSQL, Skyvern and an employer over HTTP."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
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
from activities.vendors.skyvern import Skyvern
from models.account import Account
from models.application import Application, Attempt, Transition
from models.base import now
from models.database import Database, seal_of
from models.enums import ApplicationState, Origin, ResumeFormat, Vendor
from models.event import Event
from models.integration import Integration
from models.job import Job
from models.notification import Notification
from models.profile import Identity, Preferences, Profile, Resume, WorkAuthorisation
from models.sealed import KeyRing, place_of
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
PUBLIC_URL = "http://127.0.0.1:9"
"""Nobody listens there: webhooks of these tests are lost."""


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

    async def queue(self, slug: str = "short-1", origin: Origin = Origin.PERSON) -> ApplicationRef:
        """Queue an application to a new job."""
        job = await self.job(slug)
        return await self.queue_for(job, origin)

    async def queue_for(self, job: Job, origin: Origin = Origin.PERSON) -> ApplicationRef:
        application, transition = Application.queue(self.user_id, job, origin)
        async with self.database.begin() as session:
            session.add(application)
            await session.flush()
            session.add(transition)
        return ApplicationRef(application_id=application.id, user_id=self.user_id, job_id=job.id)

    async def cross(self, ref: ApplicationRef) -> AttemptRef:
        """Take an application over its fence, up to but not including the POST."""
        await self.run(self.activities.prepare, ref)
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

    async def transitions(self, ref: ApplicationRef) -> Sequence[Transition]:
        query = select(Transition).where(Transition.application_id == ref.application_id)
        return await self._all(query.order_by(col(Transition.id)))

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


@asynccontextmanager
async def open_scene(
    database_url: str, folder: Path, key: str = KEY, settings: SkyvernSettings | None = None
) -> AsyncIterator[Scene]:
    """Open the scene with a complete profile and no application."""
    keys = KeyRing({"k1": os.urandom(32)}, "k1")
    database = Database(database_url)
    try:
        user_id = await _add_person(database, keys)
        async with open_stage(folder) as stage:
            settings = settings or SkyvernSettings(timeout_seconds=10.0, settle_seconds=11.0)
            settings = settings.model_copy(update={"base_url": str(stage.skyvern.base_url).rstrip("/")})
            installation = InstallationKeys(adzuna=AdzunaKeys("", ""), skyvern=ApiKey(key), openai=ApiKey(""))
            async with new_client(settings.base_url, settings.timeout_seconds) as client:
                activities = AutoApplyActivities(
                    database=database,
                    keys=keys,
                    credentials=CredentialStore(database, keys, installation),
                    skyvern=Skyvern(client),
                    settings=settings,
                    public_url=PUBLIC_URL,
                )
                yield Scene(database, keys, stage, activities, user_id)
    finally:
        await database.close()


async def _add_person(database: Database, keys: KeyRing) -> UUID:
    account = Account.register("ada@example.org", "no-hash", keys)
    seal = account.seal(keys)
    profile = Profile(user_id=account.id)
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
        sha256="",
        file_name_sealed=b"",
        original_sealed=b"",
        text_sealed=b"",
    )
    resume.original_sealed = seal.seal(RESUME, place_of("resume", "original_sealed", resume.id))
    async with database.begin() as session:
        session.add(account)
        await session.flush()
        session.add_all([profile, resume])
    return account.id
