"""An invented applicant, different in every run, with a résumé that is made on the fly."""

import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docx import Document

from local.demo.api import Api
from local.demo.mailbox import token_mailed
from models.countries import COUNTRIES

SUFFIX_BYTES = 4
PASSWORD_BYTES = 12
RESUME_NAME = "resume.docx"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SUMMARY = (
    "Engineer with nine years of experience in data platforms and web services, "
    "who likes small teams, clear contracts and measurements."
)
WORK = {
    "Lead engineer, Northwind Analytics, 2021 to today": (
        "Moved a nightly batch of four hours to a stream with a delay of seconds.",
        "Introduced contracts between services, and halved the number of incidents in a year.",
    ),
    "Engineer, Harbour Logistics, 2016 to 2021": (
        "Built the tracking service in Python and PostgreSQL that 300 depots use.",
        "Trained five juniors, two of whom lead teams today.",
    ),
}
EDUCATION = "BSc Computer Science, University of Leeds, 2016"
SKILLS = "Python, SQL, PostgreSQL, Kubernetes, Java; English and German"
FACTS: dict[str, Any] = {
    "city": "Leeds",
    "country": "gb",
    "postcode": "LS1 4AP",
    "current_company": "Northwind Analytics",
    "current_title": "Lead engineer",
    "highest_degree": "Bachelor's degree",
    "notice_period_days": 30,
    "start_date": "2030-01-07",
    "expected_pay": [
        {"amount": 85_000, "currency": currency, "period": "year"}
        for currency in sorted(set(COUNTRIES.values()))
    ],
    "relocation": False,
    "onsite_days_a_week": 2,
    "years_with": [
        {"skill": "Python", "years": 9},
        {"skill": "SQL", "years": 9},
        {"skill": "Java", "years": 4},
        {"skill": "Kubernetes", "years": 5},
        {"skill": "Excel", "years": 2},
    ],
    "languages": [{"language": "English", "level": "native"}, {"language": "German", "level": "B2"}],
    "is_18_or_older": True,
    "how_heard": "Job board",
}
CAP = 50
# nobody who watches a demo waits ten minutes for what may still be undone
AUTOMATION = {"undo_minutes": 0, "company_cap": CAP, "host_cap": CAP}


def _unique_email() -> str:
    return f"maya.okafor.{secrets.token_hex(SUFFIX_BYTES)}@example.com"


@dataclass(frozen=True)
class Person:
    """Who applies in the demo, and what she says of herself."""

    first_name: str = "Maya"
    last_name: str = "Okafor"
    email: str = field(default_factory=_unique_email)
    phone: str = "+44 20 7946 0123"
    location: str = "Leeds, United Kingdom"
    password: str = field(default_factory=lambda: secrets.token_urlsafe(PASSWORD_BYTES), repr=False)
    summary: str = SUMMARY
    tells_right_to_work: bool = True
    facts: Mapping[str, Any] = field(default_factory=lambda: FACTS)

    def profile(self) -> dict[str, Any]:
        """Return the body of the request that fills in the profile."""
        identity = {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "email": self.email,
            "phone": self.phone,
            "location": self.location,
            "linkedin": "https://www.linkedin.com/in/maya-okafor-demo",
        }
        countries = COUNTRIES if self.tells_right_to_work else ()
        preferences = {
            "titles": ["engineer"],
            "work_authorisations": [
                {"country": code, "authorised": True, "needs_sponsorship": False} for code in countries
            ],
        }
        return {
            "identity": identity,
            "preferences": preferences,
            "facts": dict(self.facts),
            "automation": AUTOMATION,
            "daily_cap": CAP,
        }

    def resume(self) -> bytes:
        """Return the résumé as a Word document."""
        document = Document()
        document.add_heading(f"{self.first_name} {self.last_name}")
        document.add_paragraph(f"{self.location} | {self.email} | {self.phone}")
        document.add_paragraph(self.summary)
        for job, results in WORK.items():
            document.add_heading(job, level=2)
            for result in results:
                document.add_paragraph(result, style="List Bullet")
        document.add_heading("Education and skills", level=2)
        document.add_paragraph(EDUCATION)
        document.add_paragraph(SKILLS)
        file = io.BytesIO()
        document.save(file)
        return file.getvalue()


async def register(api: Api, person: Person, mailbox: str | None) -> None:
    """Create the person's account, confirm its e-mail by the mail that comes to the sink, and log in.

    Without a `mailbox` (the sink's base URL) accounts must be live at once.
    """
    credentials = {"email": person.email, "password": person.password}
    await api.call("POST", "/api/auth/register", json=credentials)
    if mailbox is None:
        await api.login(person.email, person.password)
        return
    token = await token_mailed(mailbox, person.email)
    body = {"token": token, "password": person.password}
    api.be(await api.call("POST", "/api/auth/confirm", json=body))


async def fill_in_profile(api: Api, person: Person) -> dict[str, Any]:
    """Send identity, preferences and résumé; return the résumé as the API shows it."""
    await api.call("PATCH", "/api/profile/", json=person.profile())
    uploaded = {"file": (RESUME_NAME, person.resume(), DOCX)}
    resume: dict[str, Any] = await api.call("POST", "/api/resumes/", files=uploaded)
    return resume
