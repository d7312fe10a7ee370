"""People and jobs for tests of the steps, straight into PostgreSQL."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from models.account import Account
from models.application import Application, Attempt
from models.base import now
from models.database import Database
from models.enums import ApplicationState, AttemptState, AutomationMode, Origin
from models.fingerprint import content_key, fingerprint
from models.job import Job
from models.profile import Preferences, Profile, Resume
from models.resume_enums import ResumeFormat
from models.sealed import KeyRing

KEYS = KeyRing({"test": bytes(32)}, "test")
ENGINEER = Preferences(titles=["Data Engineer"])
_numbers = count(1)


async def add_person(
    database: Database,
    wanted: Preferences = ENGINEER,
    *,
    cap: int = 5,
    mode: AutomationMode = AutomationMode.AUTO,
    identity: bool = True,
    resume: bool = True,
) -> UUID:
    """Store an account with its profile and résumé; return its id."""
    account = Account.register(f"person{next(_numbers)}@example.com", "x", KEYS)
    profile = Profile(
        user_id=account.id,
        preferences=wanted.model_dump(mode="json"),
        identity_sealed=b"sealed" if identity else None,
        automation_mode=mode,
        daily_cap=cap,
        wishes_changed_at=now(),
    )
    paper = Resume(
        user_id=account.id,
        format=ResumeFormat.PDF,
        size=1,
        sha256="0",
        file_name_sealed=b"s",
        original_sealed=b"s",
        text_sealed=b"s",
    )
    async with database.begin() as session:
        session.add(account)
        await session.flush()
        session.add_all([profile, paper] if resume else [profile])
    return account.id


async def add_job(database: Database, title: str = "Data Engineer", **changes: Any) -> Job:  # noqa: ANN401 -- any column
    """Store a job that was posted an hour ago; jobs differ in company unless a test says otherwise."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "country": "gb",
        "company": f"Company {number}",
        "description": f"Text {number}",
        "location": "Leeds, West Yorkshire",
        "area": ["UK", "West Yorkshire", "Leeds"],
        "remote": False,
        "posted_at": now() - timedelta(hours=1),
        **changes,
    }
    company, place, country = values["company"], values["location"], values["country"]
    job = Job(
        source="test",
        source_id=str(number),
        title=title,
        currency="GBP",
        category="it-jobs",
        category_label="IT Jobs",
        url=f"https://www.example.com/{number}",
        content_key=content_key(title, company, values["description"]),
        fingerprint=fingerprint(title, company, place, country, remote=values["remote"]),
        seen_at=now(),
        **values,
    )
    async with database.begin() as session:
        session.add(job)
    return job


async def add_application(
    database: Database,
    user_id: UUID,
    job: Job,
    state: ApplicationState = ApplicationState.SUBMITTED,
    *,
    at: datetime | None = None,
    attempt: AttemptState | None = None,
) -> Application:
    """Store an application as it stands, with one attempt where asked for."""
    application, _ = Application.queue(user_id, job, Origin.PERSON)
    application.state = state
    application.created_at = application.moved_at = at or now()
    async with database.begin() as session:
        session.add(application)
        await session.flush()
        if attempt is not None:
            session.add(
                Attempt(
                    application_id=application.id,
                    user_id=user_id,
                    number=1,
                    attempt_key=str(application.id),
                    state=attempt,
                    account_hash="0",
                    vendor_workflow_id="w",
                    file_id="f",
                    payload_sealed=b"s",
                )
            )
    return application
