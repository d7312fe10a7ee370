"""What documents are made of: the newest résumé, what is known of its person, the job, the form's wishes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.context import Context
from activities.auto_apply.failures import final_failure
from activities.auto_apply.knowing import Background, load_background
from models.application import Application
from models.enums import EndReason
from models.fact_check.check import Sources
from models.job import Job
from models.json_resume import JsonResume
from models.known_answers import Known
from models.profile import Identity, Resume, resumes_of
from models.question import Question, questions_of
from models.resume_rows import read_structured
from models.sealed import Seal, place_of
from models.sensitive import REDACTED, redacted

ADVERT_MAX = 6_000
TEXT_MAX = 200_000
"""Characters of a résumé that count; what comes after them is no résumé any more."""

TOLD_MAX = 30_000
WORD_MAX = 200
NAME_MIN = 2
_LONG_WORD = re.compile(rf"\S{{{WORD_MAX},}}")


@dataclass(frozen=True)
class Material:
    """Rows and opened values, read in one transaction; `text` is the résumé's as it was read."""

    application: Application
    job: Job
    questions: Sequence[Question]
    resume: Resume
    background: Background
    text: str
    structured: JsonResume | None

    def __repr__(self) -> str:
        """Show nothing."""
        return "Material(…)"

    @property
    def identity(self) -> Identity:
        """Who applies."""
        return self.background.known.identity

    @property
    def seal(self) -> Seal:
        """What opens and closes the person's values."""
        return self.background.seal

    @property
    def private(self) -> frozenset[str]:
        """The words that say who and where somebody is: no model is told them."""
        identity, facts = self.identity, self.background.known.facts
        told = (
            f"{identity.first_name} {identity.last_name}",
            identity.first_name,
            identity.last_name,
            str(identity.email),
            identity.phone,
            facts.street,
            facts.postcode,
            facts.preferred_name,
        )
        return frozenset(each for each in told if each is not None and len(each) >= NAME_MIN)

    def advert(self) -> dict[str, str]:
        """Return what the employer says, as data for the model."""
        job = self.job
        return {
            "title": job.title,
            "company": job.company or "",
            "location": job.location,
            "text": job.description[:ADVERT_MAX],
        }

    def redacted_text(self) -> str:
        """Return the résumé's text without contact and without what is the person's alone to say."""
        return redacted(bounded(self.text[:TOLD_MAX]), self.private)

    def sources(self, structured: JsonResume | None) -> Sources:
        """Return all that a document may claim."""
        job, identity = self.job, self.identity
        return Sources(
            resume=structured,
            texts=(self.text, *_lines(facts_of(self.background.known))),
            names=(
                *(each for each in (job.title, job.company, job.location) if each),
                f"{identity.first_name} {identity.last_name}",
            ),
            advert=job.description,
        )


async def load_material(session: AsyncSession, context: Context, application: Application) -> Material:
    """Read everything inside the caller's transaction; a final failure where a person has no résumé."""
    resume = (await session.exec(resumes_of(application.user_id).limit(1))).first()
    if resume is None:
        raise final_failure(EndReason.PROFILE_INCOMPLETE, "there is no résumé")
    background = await load_background(session, context.keys, application.user_id)
    text = background.seal.open_text(resume.text_sealed, place_of("resume", "text_sealed", resume.id))
    return Material(
        application=application,
        job=await session.get_one(Job, application.job_id),
        questions=(await session.exec(questions_of(application.id))).all(),
        resume=resume,
        background=background,
        text=text[:TEXT_MAX],
        structured=read_structured(resume, background.seal),
    )


def bounded(text: str) -> str:
    """Return text without words of a length that no language has, which would be slow to search."""
    return _LONG_WORD.sub(REDACTED, text)


def facts_of(known: Known) -> dict[str, Any]:
    """Return what a profile says of a person's work: no contact, no pay, nothing demographic."""
    facts = known.facts
    told: dict[str, Any] = {
        "skills": known.preferences.skills,
        "years_of_experience": known.preferences.years_of_experience,
        "years_with": {each.skill: each.years for each in facts.years_with},
        "languages": {each.language: each.level for each in facts.languages},
        "current_title": facts.current_title,
        "current_company": facts.current_company,
        "highest_degree": facts.highest_degree,
    }
    return {key: value for key, value in told.items() if value}


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    """Yield what a profile holds as lines of text."""
    for key, value in facts.items():
        if key == "years_with":
            yield from (f"{years:g} years with {skill}" for skill, years in value.items())
        elif key == "years_of_experience":
            yield f"{value} years of experience"
        elif isinstance(value, dict):
            yield from (f"{name}: {level}" for name, level in value.items())
        else:
            yield from value if isinstance(value, list) else [str(value)]


@dataclass(frozen=True)
class Told:
    """A résumé as the model is told it, with the way back from what was left out."""

    document: JsonResume
    originals: dict[str, str]

    def restore(self, tailored: JsonResume) -> JsonResume:
        """Put the original texts back where the model kept them as they were told."""
        restored = tailored.model_copy(deep=True)
        _replace(restored, lambda text: self.originals.get(text, text))
        return restored


def told_of(resume: JsonResume, private: frozenset[str]) -> Told:
    """Return a résumé without contact data and what is the person's alone to say."""
    originals: dict[str, str] = {}

    def hide(text: str) -> str:
        hidden = redacted(bounded(text), private)
        if hidden != text and hidden.strip():
            originals[hidden] = text
        return hidden

    document = resume.model_copy(deep=True)
    _replace(document, hide)
    return Told(document, originals)


def _replace(part: BaseModel, change: Any) -> None:  # noqa: ANN401 -- str → str, called below
    """Change every text of a part in place; what becomes empty is left out, dates stay."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, BaseModel):
            _replace(value, change)
        elif isinstance(value, str) and not name.endswith("date"):
            setattr(part, name, change(value) or None)
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            setattr(part, name, [kept for each in value if (kept := change(each))])
        elif isinstance(value, list):
            for each in value:
                _replace(each, change)
