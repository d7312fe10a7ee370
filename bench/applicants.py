"""People with a complete profile, and applications of theirs that are not started."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.account import Account
from models.answering_enums import DocumentKind
from models.application import Application
from models.automation import Automation
from models.base import Row, new_id, now
from models.database import Database, seal_of
from models.enums import Actor, ApplicationState, AutomationMode, Origin
from models.evidence import Document
from models.facts import Facts
from models.job import Job
from models.profile import Identity, Profile, Resume
from models.resume_enums import ResumeFormat
from models.sealed import KeyRing, Seal, place_of
from models.shown import load_shown
from workflows.messages import ApplicationRef

RESUME = b"%PDF-1.7 a resume, which nobody reads here"
RESUME_TEXT = """Maya Okafor
Leeds, United Kingdom
Lead engineer, Northwind Analytics, 2021 to today
Engineer, Harbour Logistics, 2016 to 2021
BSc Computer Science, University of Leeds, 2016
Python, SQL, PostgreSQL, Kubernetes, Java"""
FACTS = Facts(city="Leeds", country="gb", current_company="Northwind Analytics", notice_period_days=30)
AUTOMATION = Automation(undo_minutes=0, company_cap=50, host_cap=50)
IDENTITY = Identity(
    first_name="Maya",
    last_name="Okafor",
    email="maya.okafor@example.com",
    phone="+44 20 7946 0123",
    location="Leeds, United Kingdom",
)


@dataclass(frozen=True)
class Applicants:
    """Stores people and queues their applications."""

    database: Database
    keys: KeyRing

    async def add(self) -> UUID:
        """Store a person with identity and résumé, sealed, and return the account's id."""
        account = Account.register(f"{new_id()}@example.com", "no-hash", self.keys)
        seal = account.seal(self.keys)
        profile = Profile(
            user_id=account.id, daily_cap=50, automation=AUTOMATION.model_dump(mode="json", exclude_none=True)
        )
        profile.identity_sealed = _seal(seal, profile, "identity_sealed", IDENTITY.model_dump_json().encode())
        profile.facts_sealed = _seal(seal, profile, "facts_sealed", FACTS.model_dump_json().encode())
        resume = Resume(
            user_id=account.id,
            format=ResumeFormat.PDF,
            size=len(RESUME),
            sha256=hashlib.sha256(RESUME).hexdigest(),
            file_name_sealed=b"",
            original_sealed=b"",
            text_sealed=b"",
        )
        resume.file_name_sealed = _seal(seal, resume, "file_name_sealed", b"resume.pdf")
        resume.original_sealed = _seal(seal, resume, "original_sealed", RESUME)
        resume.text_sealed = _seal(seal, resume, "text_sealed", RESUME_TEXT.encode())
        async with self.database.begin() as session:
            session.add(account)
            await session.flush()
            session.add_all([profile, resume])
        return account.id

    async def queue(self, user_id: UUID, count: int) -> list[ApplicationRef]:
        """Store so many new jobs with short forms, and the person's application to each, in auto mode."""
        jobs = [_job() for _ in range(count)]
        pairs = [Application.queue(user_id, job, Origin.PERSON, AutomationMode.AUTO) for job in jobs]
        async with self.database.begin() as session:
            session.add_all(jobs)
            await session.flush()
            session.add_all([application for application, _ in pairs])
            await session.flush()
            session.add_all([transition for _, transition in pairs])
        return [
            ApplicationRef(application_id=application.id, user_id=user_id, job_id=application.job_id)
            for application, _ in pairs
        ]

    async def approve(self, ref: ApplicationRef) -> None:
        """Bring a queued application to approved, with a document and nothing else to be sent."""
        async with self.database.begin() as session:
            seal = await seal_of(session, self.keys, ref.user_id)
            application = await session.get_one(Application, ref.application_id)
            document = Document(
                application_id=application.id,
                user_id=ref.user_id,
                kind=DocumentKind.RESUME,
                media_type="application/pdf",
                sha256=hashlib.sha256(RESUME).hexdigest(),
                size=len(RESUME),
                file_name_sealed=b"",
                content_sealed=b"",
            )
            document.file_name_sealed = _seal(seal, document, "file_name_sealed", b"resume.pdf")
            document.content_sealed = _seal(seal, document, "content_sealed", RESUME)
            session.add(document)
            application.scouted_at = now()
            session.add(application.move(ApplicationState.PREPARING, Actor.SYSTEM))
            await self._approve(session, application, seal)

    async def _approve(self, session: AsyncSession, application: Application, seal: Seal) -> None:
        await session.flush()
        shown = await load_shown(session, application, seal)
        session.add_all(application.approve(Actor.SYSTEM, shown.hash(seal), 0))

    async def count(self, state: ApplicationState) -> int:
        """Count the applications that are in a state."""
        query = select(func.count(col(Application.id)))
        async with self.database.begin() as session:
            found = await session.exec(query.where(Application.state == state))
            return found.one()


def _seal(seal: Seal, row: Row, column: str, content: bytes) -> bytes:
    return seal.seal(content, place_of(str(row.__tablename__), column, row.id))


def _job() -> Job:
    slug = f"short-{new_id()}"
    return Job(
        source="bench",
        source_id=slug,
        country="gb",
        title="Engineer",
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
    )
