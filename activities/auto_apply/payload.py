"""What the vendor's agent is told about a person, for one job."""

import re
import unicodedata
from typing import Any

from models.enums import ResumeFormat
from models.job import Job
from models.profile import Identity, Preferences

NAME_MAX = 60
_LINKS = ("linkedin", "github", "website")


def applicant_of(identity: Identity, preferences: Preferences, job: Job) -> dict[str, Any]:
    """Return everything that may be entered into the form of one job; what is not known is left out.

    A right to work never travels from one country to another: only the job's own country is told.
    """
    applicant: dict[str, Any] = {
        "name": f"{identity.first_name} {identity.last_name}",
        "first_name": identity.first_name,
        "last_name": identity.last_name,
        "email": str(identity.email),
        "phone": identity.phone,
        "location": identity.location,
        "links": {name: str(link) for name in _LINKS if (link := getattr(identity, name)) is not None},
        "job_country": job.country.upper(),
        "work_authorisation": [
            {
                "country": entry.country.upper(),
                "authorised": entry.authorised,
                "needs_sponsorship": entry.needs_sponsorship,
            }
            for entry in preferences.work_authorisations
            if entry.country == job.country.lower()
        ],
    }
    return {key: value for key, value in applicant.items() if value not in (None, {}, [])}


def file_name(identity: Identity, format_: ResumeFormat) -> str:
    """Return the name under which an employer sees the résumé: the person's, in plain letters."""
    plain = unicodedata.normalize("NFKD", f"{identity.first_name} {identity.last_name}")
    words = re.findall(r"[A-Za-z0-9]+", plain.encode("ascii", "ignore").decode())
    name = "_".join(words)[:NAME_MAX]
    return f"{name}_resume.{format_.value}" if name else f"resume.{format_.value}"


def parameters_of(attempt_key: str, file_id: str, job: Job, applicant: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a run of our workflow."""
    return {
        "application_id": attempt_key,
        "resume": file_id,
        "job_url": job.url,
        "applicant": applicant,
    }
