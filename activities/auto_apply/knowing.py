"""Reads what is known of a person for the answers to one form, inside the caller's transaction."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.drafting import Material
from activities.auto_apply.person import load_person
from models.answer import answers_of
from models.answer_bank import read_value
from models.automation import Automation
from models.base import now
from models.fact_check.check import Sources
from models.facts import Facts
from models.job import Job
from models.known_answers import Known
from models.profile import profile_of, resumes_of
from models.sealed import KeyRing, Seal, place_of
from models.sensitive import redacted

NAME_MIN = 2
RESUME_MAX = 60_000
"""Characters of a résumé that count for drafts; reading endless ones would hold up everybody else."""


@dataclass(frozen=True)
class Background:
    """A person as their answers need it, with the seal that opens and closes them."""

    known: Known
    rules: Automation
    seal: Seal

    def __repr__(self) -> str:
        """Show nothing."""
        return "Background(…)"


async def load_background(session: AsyncSession, keys: KeyRing, user_id: UUID) -> Background:
    """Open profile, facts and answer bank; a final failure where there is no identity."""
    person = await load_person(session, keys, user_id)
    profile = (await session.exec(profile_of(user_id))).one()
    facts = Facts()
    if profile.facts_sealed is not None:
        place = place_of("profile", "facts_sealed", profile.id)
        facts = Facts.stored_json(person.seal.open(profile.facts_sealed, place))
    bank = {
        (each.topic, each.scope): read_value(each, person.seal)
        for each in await session.exec(answers_of(user_id))
    }
    known = Known(person.identity, person.preferences, facts, now().date(), bank)
    return Background(known, profile.read_automation(), person.seal)


async def load_material(session: AsyncSession, background: Background, user_id: UUID, job: Job) -> Material:
    """Return what drafts are made of: no contact, no pay, no right to work, nothing demographic."""
    resume = (await session.exec(resumes_of(user_id).limit(1))).first()
    known = background.known
    text = ""
    if resume is not None:
        place = place_of("resume", "text_sealed", resume.id)
        whole = background.seal.open_text(resume.text_sealed, place)
        text = redacted(whole[:RESUME_MAX], _private(known))
    profile = _profile(known)
    identity = known.identity
    sources = Sources(
        texts=(text, *_lines(profile)),
        names=(job.title, job.company or "", job.location, identity.first_name, identity.last_name),
        advert=job.description,
    )
    advert = {
        "title": job.title,
        "company": job.company or "",
        "location": job.location,
        "text": job.description,
    }
    return Material(advert, text, profile, sources)


def _private(known: Known) -> frozenset[str]:
    """Return the words of a résumé that say who and where somebody is."""
    identity, facts = known.identity, known.facts
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


def _profile(known: Known) -> dict[str, Any]:
    preferences, facts = known.preferences, known.facts
    told: dict[str, Any] = {
        "titles_wanted": preferences.titles,
        "skills": preferences.skills,
        "years_of_experience": preferences.years_of_experience,
        "years_with": {each.skill: each.years for each in facts.years_with},
        "languages": {each.language: each.level for each in facts.languages},
        "current_title": facts.current_title,
        "current_company": facts.current_company,
        "highest_degree": facts.highest_degree,
    }
    return {key: value for key, value in told.items() if value}


def _lines(profile: dict[str, Any]) -> list[str]:
    """Return what a profile holds as lines of text."""
    lines: list[str] = []
    for key, value in profile.items():
        if isinstance(value, dict):
            lines += [
                f"{each} years with {name}" if key == "years_with" else f"{name}: {each}"
                for name, each in value.items()
            ]
        elif isinstance(value, list):
            lines += value
        else:
            lines.append(f"{value} years of experience" if key == "years_of_experience" else str(value))
    return lines
