"""People with a complete profile, and applications of theirs that are queued and not started."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, func, select

from models.account import Account
from models.application import Application
from models.base import new_id, now
from models.database import Database
from models.enums import ApplicationState, Origin, ResumeFormat
from models.job import Job
from models.profile import Identity, Profile, Resume
from models.sealed import KeyRing, place_of
from workflows.messages import ApplicationRef

RESUME = b"%PDF-1.7 a resume, which nobody reads here"
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
        profile = Profile(user_id=account.id)
        profile.identity_sealed = seal.seal_text(
            IDENTITY.model_dump_json(), place_of("profile", "identity_sealed", profile.id)
        )
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
        async with self.database.begin() as session:
            session.add(account)
            await session.flush()
            session.add_all([profile, resume])
        return account.id

    async def queue(self, user_id: UUID, count: int) -> list[ApplicationRef]:
        """Store so many new jobs with short forms, and the person's application to each."""
        jobs = [_job() for _ in range(count)]
        pairs = [Application.queue(user_id, job, Origin.PERSON) for job in jobs]
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

    async def submitted(self) -> int:
        """Count the applications that were submitted."""
        query = select(func.count(col(Application.id)))
        async with self.database.begin() as session:
            found = await session.exec(query.where(Application.state == ApplicationState.SUBMITTED))
            return found.one()


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
