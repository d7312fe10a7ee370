"""The two sides of a match, read once each: what a person wants, and what an advert says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.automation import Automation
from models.enums import ContractTime, ContractType, Seniority
from models.fingerprint import normal_company, normal_title, words_of
from models.job import Job
from models.match.places import Point, names_of, points_of
from models.match.signals import levels_in, offers_in, terms_said, years_asked
from models.match.skills import canonical, skills_in, with_brought
from models.match.titles import Named, families_of, languages_of, named_in
from models.profile import Preferences

SNIPPET_MIN = 450
"""Adzuna cuts a description after 500 characters: one that is nearly as long was cut, or may have been."""

READ_MAX = 6000
"""How many characters of a description are read: what an honest advert says stands before."""

NOISE = frozenset(
    {"m", "f", "d", "w", "h", "x", "all", "genders", "gn", "mwd", "mfd", "remote", "hybrid", "the", "and"}
    | {"a", "an", "of", "for", "in", "und", "fur", "et", "de", "du", "la", "le", "y", "e", "di", "en"}
)
_CONTRACT_TIMES = {"part_time": ContractTime.PART_TIME, "full_time": ContractTime.FULL_TIME}
_CONTRACT_TYPES = {"contract": ContractType.CONTRACT, "permanent": ContractType.PERMANENT}


@dataclass(frozen=True)
class WantedTitle:
    """A title's words without those of seniority, in order and as a set, and the families it belongs to."""

    phrase: tuple[str, ...]
    words: frozenset[str]
    families: frozenset[str]


@dataclass(frozen=True)
class Wanted:
    """What a person wants, in normal forms. Phrases are words between single spaces."""

    titles: tuple[WantedTitle, ...]
    excluded: tuple[str, ...]
    blocked: tuple[str, ...]
    places: tuple[str, ...]
    points: tuple[tuple[str, Point], ...]
    industries: tuple[str, ...]
    skills: frozenset[str]
    known: frozenset[str]
    """The skills and what they bring with them."""

    countries: frozenset[str]
    barred: frozenset[str]
    sponsored: frozenset[str]
    """Where the person may work only with an employer as sponsor."""

    rates: Mapping[str, float]
    preferences: Preferences
    rules: Automation


@dataclass(frozen=True)
class Advert:
    """What an advert says, in normal forms; texts begin and end with a space, as phrases are looked up."""

    job: Job
    title: frozenset[str]
    named: Named
    title_text: str
    company_text: str
    place_text: str
    field_text: str
    text: str
    skills: frozenset[str]
    levels: frozenset[Seniority]
    years: int | None
    offers: frozenset[str]
    contract_type: ContractType | None
    contract_time: ContractTime | None
    is_snippet: bool
    posted_at: datetime


def _phrase(words: list[str]) -> str:
    return f" {' '.join(words)} "


def _phrases(texts: list[str]) -> tuple[str, ...]:
    found = (_phrase(words_of(text)) for text in texts)
    return tuple(phrase for phrase in found if phrase.strip())


def wanted_of(
    preferences: Preferences,
    rules: Automation,
    rates: Mapping[str, float] | None = None,
    places: Mapping[str, Point] | None = None,
) -> Wanted:
    """Read what a person wants.

    `rates` says how much of a currency one euro is: without it, pay is compared in one currency only.
    `places` are coordinates by a place's normal name: without it, only the names of places decide.
    """
    languages = languages_of(preferences.countries)
    blocked = (f" {normal_company(company)} " for company in preferences.blocked_companies)
    authorisations = preferences.work_authorisations
    skills = frozenset(filter(None, map(canonical, preferences.skills)))
    return Wanted(
        titles=tuple(filter(_says_something, (_title(title, languages) for title in preferences.titles))),
        excluded=_phrases(preferences.excluded_words),
        blocked=tuple(phrase for phrase in blocked if phrase.strip()),
        places=tuple(f" {name} " for place in preferences.locations for name in names_of(place)),
        points=tuple(points_of(preferences.locations, places or {})),
        industries=_phrases(preferences.industries),
        skills=skills,
        known=with_brought(skills),
        countries=frozenset(preferences.countries),
        barred=frozenset(entry.country for entry in authorisations if not entry.authorised),
        sponsored=frozenset(
            entry.country for entry in authorisations if entry.authorised and entry.needs_sponsorship
        ),
        rates=rates or {},
        preferences=preferences,
        rules=rules,
    )


def _title(title: str, languages: tuple[str, ...]) -> WantedTitle:
    phrase = tuple(dict.fromkeys(normal_title(title).split()))
    return WantedTitle(phrase, frozenset(phrase), families_of(title, languages))


def _says_something(title: WantedTitle) -> bool:
    return bool(title.words)


def advert_of(job: Job) -> Advert:
    """Read what an advert says."""
    title, body = words_of(job.title), words_of(job.description[:READ_MAX])
    text = _phrase([*title, *body])
    in_title = offers_in(title)
    return Advert(
        job=job,
        title=frozenset(normal_title(job.title).split()) - NOISE,
        named=named_in(job.title, languages_of((job.country,))),
        title_text=_phrase(title),
        company_text=_phrase(words_of(job.company or "")),
        place_text=_phrase([word for part in (job.location, *job.area) for word in words_of(part)]),
        field_text=_phrase([*words_of(job.category_label), *body]),
        text=text,
        skills=skills_in(title) | skills_in(body),
        levels=levels_in(title),
        years=years_asked([*title, *body]),
        offers=in_title | offers_in(body),
        contract_type=terms_said(job.contract_type, in_title, _CONTRACT_TYPES),
        contract_time=terms_said(job.contract_time, in_title, _CONTRACT_TIMES),
        is_snippet=len(job.description) >= SNIPPET_MIN or job.description.endswith(("…", "...")),
        posted_at=job.posted_at,
    )
