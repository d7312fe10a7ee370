"""What the vendor's agent is given for one application: what was shown to its person, and nothing else."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from models.answering_enums import DocumentKind, QuestionKind, Topic
from models.application import Application
from models.evidence import Document
from models.job import Job
from models.profile import Identity, Preferences
from models.question import Question
from models.resume_enums import ResumeFormat
from models.shown import Shown
from workflows.messages import Staged

Json = dict[str, Any]

NAME_MAX = 60
_LINKS = ("linkedin", "github", "website")
FILE_TOPICS = {Topic.RESUME: DocumentKind.RESUME, Topic.COVER_LETTER: DocumentKind.COVER_LETTER}
"""Which document an upload asks for."""


def applicant_of(identity: Identity, preferences: Preferences, job: Job) -> Json:
    """Return what may be entered for an application that was approved before forms were read.

    What is not known is left out. A right to work never travels from one country to another: only the job's
    own country is told.
    """
    applicant: Json = {
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


def file_answer(question: Question, documents: Sequence[Document]) -> str | None:
    """Return which document goes into an upload; None where the application has none for it."""
    kind = FILE_TOPICS.get(question.topic) if question.topic is not None else None
    return kind.value if kind is not None and any(each.kind is kind for each in documents) else None


def wants_letter_file(questions: Sequence[Question], documents: Sequence[Document]) -> bool:
    """Tell whether a letter is to be uploaded."""
    return any(
        question.kind is QuestionKind.FILE
        and file_answer(question, documents) == DocumentKind.COVER_LETTER.value
        for question in questions
    )


def answers_of(shown: Shown, questions: Sequence[Question], documents: Sequence[Document]) -> list[Json]:
    """Return what is entered, question by question, exactly as it is shown; None stays blank.

    `questions` are those that `shown` was made of, in their order.
    """
    return [
        {
            "field": answer.field,
            "question": answer.label,
            "kind": answer.kind.value,
            "answer": file_answer(question, documents) if answer.kind is QuestionKind.FILE else answer.answer,
        }
        for answer, question in zip(shown.answers, questions, strict=True)
    ]


def parameters_of(
    attempt_key: str, staged: Staged, application: Application, job: Job, entered: Json
) -> Json:
    """Return the parameters of a run that applies; `entered` holds `applicant` and `answers`."""
    return {
        "application_id": attempt_key,
        "resume": staged.file_id,
        "letter": staged.letter_file_id or "",
        "job_url": job.url,
        "form_url": application.apply_url if application.scouted_at is not None else "",
        **entered,
    }
