"""The two sides of a match, read once each: what a person wants, and what an advert says."""

import re
from dataclasses import dataclass
from datetime import datetime

from models.automation import Automation
from models.enums import Seniority
from models.fingerprint import normal_company, normal_title, words_of
from models.job import Job
from models.match.skills import canonical, skills_in
from models.profile import Preferences

SNIPPET_MIN = 450
"""Adzuna cuts a description after 500 characters: one that is nearly as long was cut, or may have been."""

YEARS_MAX = 15
"""More years than these are the company's age, not what is asked of anybody."""

LEVEL_WORDS: dict[str, Seniority] = {
    word: level
    for level, words in {
        Seniority.INTERN: "intern internship trainee apprentice praktikant praktikantin praktikum werkstudent"
        " stagiaire alternance azubi ausbildung becario tirocinio stagista stagiair",
        Seniority.JUNIOR: "junior jr graduate entry debutant berufseinsteiger",
        Seniority.MID: "mid intermediate confirme",
        Seniority.SENIOR: "senior sr experienced",
        Seniority.LEAD: "lead principal head teamleiter teamleiterin teamlead",
        Seniority.EXECUTIVE: "chief director vp president directeur directrice geschaftsfuhrer"
        " geschaftsfuhrerin",
    }.items()
    for word in words.split()
}
NOISE = frozenset(
    {"m", "f", "d", "w", "h", "x", "all", "genders", "gn", "mwd", "mfd", "remote", "hybrid", "the", "and"}
    | {"a", "an", "of", "for", "in", "und", "fur", "et", "de", "du", "la", "le", "y", "e", "di", "en"}
)
_EXPERIENCE = r"(?:experi|erfahrung|esperienz|ervaring|doswiadcz)"
_YEARS = r"(?P<least>\d{1,2})\+? (?:(?:to|a|bis|or|tot|do) )?(?:\d{1,2}\+? )?(?:or more |plus )?"
_YEAR_WORDS = r"(?:years?|yrs?|ans|annees|jahren?|anos|anni|jaar|lat)\b"
_YEARS_ASKED = (
    re.compile(rf"\b{_YEARS}{_YEAR_WORDS}.{{0,40}}?{_EXPERIENCE}"),
    re.compile(rf"{_EXPERIENCE}\w{{0,12}} .{{0,30}}?\b{_YEARS}{_YEAR_WORDS}"),
)


@dataclass(frozen=True)
class Wanted:
    """What a person wants, in normal forms. Phrases are words between single spaces."""

    titles: tuple[frozenset[str], ...]
    excluded: tuple[str, ...]
    blocked: tuple[str, ...]
    places: tuple[str, ...]
    industries: tuple[str, ...]
    skills: frozenset[str]
    countries: frozenset[str]
    barred: frozenset[str]
    preferences: Preferences
    rules: Automation


@dataclass(frozen=True)
class Advert:
    """What an advert says, in normal forms; texts begin and end with a space, as phrases are looked up."""

    job: Job
    title: frozenset[str]
    title_text: str
    company_text: str
    place_text: str
    field_text: str
    text: str
    skills: frozenset[str]
    levels: frozenset[Seniority]
    years: int | None
    is_snippet: bool
    posted_at: datetime


def _phrase(words: list[str]) -> str:
    return f" {' '.join(words)} "


def _phrases(texts: list[str]) -> tuple[str, ...]:
    found = (_phrase(words_of(text)) for text in texts)
    return tuple(phrase for phrase in found if phrase.strip())


def wanted_of(preferences: Preferences, rules: Automation) -> Wanted:
    """Read what a person wants."""
    titles = (frozenset(normal_title(title).split()) for title in preferences.titles)
    blocked = (f" {normal_company(company)} " for company in preferences.blocked_companies)
    authorisations = preferences.work_authorisations
    return Wanted(
        titles=tuple(words for words in titles if words),
        excluded=_phrases(preferences.excluded_words),
        blocked=tuple(phrase for phrase in blocked if phrase.strip()),
        places=_phrases(preferences.locations),
        industries=_phrases(preferences.industries),
        skills=frozenset(filter(None, map(canonical, preferences.skills))),
        countries=frozenset(preferences.countries),
        barred=frozenset(entry.country for entry in authorisations if not entry.authorised),
        preferences=preferences,
        rules=rules,
    )


def advert_of(job: Job) -> Advert:
    """Read what an advert says."""
    title, body = words_of(job.title), words_of(job.description)
    text = _phrase([*title, *body])
    return Advert(
        job=job,
        title=frozenset(normal_title(job.title).split()) - NOISE,
        title_text=_phrase(title),
        company_text=_phrase(words_of(job.company or "")),
        place_text=_phrase([word for part in (job.location, *job.area) for word in words_of(part)]),
        field_text=_phrase([*words_of(job.category_label), *body]),
        text=text,
        skills=skills_in(title) | skills_in(body),
        levels=frozenset(LEVEL_WORDS[word] for word in title if word in LEVEL_WORDS),
        years=_years_asked(text),
        is_snippet=len(job.description) >= SNIPPET_MIN or job.description.endswith(("…", "...")),
        posted_at=job.posted_at,
    )


def _years_asked(text: str) -> int | None:
    found = (pattern.search(text) for pattern in _YEARS_ASKED)
    years = [int(match["least"]) for match in found if match]
    return min((each for each in years if 0 < each <= YEARS_MAX), default=None)
