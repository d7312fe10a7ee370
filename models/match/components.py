"""The weighted parts of a match's score, each with what speaks for it and what is missing."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from models.enums import Seniority
from models.match.gates import is_near, names_a_place, nearest
from models.match.pay import ceiling_in
from models.match.sides import Advert, Wanted, WantedTitle
from models.match.signals import NO_EXPERIENCE, NO_JOB
from models.match.skills import VOCABULARY, weight_of
from models.match.titles import nearness

WEIGHTS = {"skills": 30, "title": 20, "experience": 20, "location": 15, "pay": 10, "extras": 5}
SKILLS_FEW = 2
"""An advert that names one skill only does not show by it that it asks for no other."""

STUFFED_FROM, STUFFED_MAX = 25, 0.3
"""An advert that names so many skills asks for none of them: the most that its skills can score then."""

SHORT = 2
SHOWN_MAX = 12
RECALL = 0.6
"""How much more it counts that a wanted title's words are there than that no others are."""

SAME_FAMILY, OTHER_FAMILY, BESIDE_THE_HEAD = 0.85, 0.25, 0.3
"""What a title is worth that stands for the same work in other words, at most one that stands for other work
in the same words, and one that mentions the work beside what somebody is."""

UNKNOWN_TITLE = 0.25
"""At least what a title is worth that stands for no work we know of: it may be the one that is wanted."""

HEADS_MAX = 3
NO_CERTAIN_JOB = 0.5
"""What the title of an advert is worth that collects addresses or offers a business, not a post."""

ONE_LEVEL_OFF = 0.5
AT_THE_EDGE = 0.7
IN_THE_COUNTRY = 0.8
AFTER_A_MOVE = 0.4
AT_THE_FLOOR = 0.5
SECONDS_A_DAY = 86_400.0

LEVELS = list(Seniority)
YEARS_OF_LEVEL = ((1, Seniority.JUNIOR), (4, Seniority.MID), (8, Seniority.SENIOR))
"""Up to how many years of experience somebody is commonly called what."""


class Read(NamedTuple):
    """A component: a score of 0 to 1, None without data on both sides, and whether the ad's text gave it."""

    name: str
    weight: int
    score: float | None
    evidence: list[str]
    missing: list[str]
    is_from_text: bool = False


def components_of(wanted: Wanted, advert: Advert, at: datetime) -> list[Read]:
    """Return every component, also those without data."""
    return [
        _skills(wanted, advert),
        _title(wanted, advert),
        _experience(wanted, advert),
        _location(wanted, advert),
        _pay(wanted, advert),
        _extras(wanted, advert, at),
    ]


def _read(
    name: str,
    score: float | None,
    evidence: Iterable[str] = (),
    missing: Iterable[str] = (),
    *,
    from_text: bool = False,
) -> Read:
    shown, lacking = list(evidence)[:SHOWN_MAX], list(missing)[:SHOWN_MAX]
    return Read(name, WEIGHTS[name], score, shown, lacking, from_text)


def _skills(wanted: Wanted, advert: Advert) -> Read:
    if not wanted.skills:
        return _read("skills", None, missing=["your skills"])
    has = {skill for skill in wanted.skills if skill not in advert.skills and _says(advert, skill)}
    has |= wanted.known & advert.skills
    asked = advert.skills | has
    if not wanted.skills & VOCABULARY.spoken:
        # whoever does not speak of languages may still know the one that the advert asks for
        asked -= VOCABULARY.spoken
    asked = frozenset(skill for skill in asked if skill in has or skill not in VOCABULARY.generic)
    if not asked:
        return _read("skills", None, missing=["skills in the advert"])
    score = weight_of(has) / max(weight_of(asked), SKILLS_FEW)
    if len(advert.skills) >= STUFFED_FROM:
        score = min(score, STUFFED_MAX)
    return _read("skills", score, sorted(has), sorted(asked - has), from_text=True)


def _says(advert: Advert, skill: str) -> bool:
    # `R` and `Go` stand in many texts that ask for neither; in a title they are meant
    return f" {skill} " in (advert.text if len(skill) > SHORT else advert.title_text)


def _title(wanted: Wanted, advert: Advert) -> Read:
    if not wanted.titles or not advert.title:
        return _read("title", None, missing=["your titles" if not wanted.titles else "a title"])
    scored = [(_title_score(title, advert), title) for title in wanted.titles]
    score, best = max(scored, key=lambda pair: (pair[0], sorted(pair[1].words)))
    common = [word for word in best.phrase if word in advert.title]
    evidence = common or sorted(best.families & advert.named.heads)
    missing = [] if best.families & advert.named.heads else sorted(best.words - advert.title)
    if NO_JOB in advert.offers:
        return _read("title", score * NO_CERTAIN_JOB, evidence, [*missing, "a certain post"])
    return _read("title", score, evidence, missing)


def _title_score(title: WantedTitle, advert: Advert) -> float:
    likeness, heads = _likeness(title.words, advert.title), advert.named.heads
    if not title.families or not heads:
        return max(likeness, UNKNOWN_TITLE)
    near = max(nearness(mine, head) for mine in title.families for head in heads)
    if title.families & advert.named.others:
        near = max(near, BESIDE_THE_HEAD)
    near *= min(HEADS_MAX / len(heads), 1.0)
    return SAME_FAMILY * near + likeness * (OTHER_FAMILY + (1 - SAME_FAMILY - OTHER_FAMILY) * near)


def _likeness(words: frozenset[str], title: frozenset[str]) -> float:
    common = len(words & title)
    return RECALL * common / len(words) + (1 - RECALL) * common / len(title)


def _experience(wanted: Wanted, advert: Advert) -> Read:
    asked = wanted.preferences
    levels = asked.seniority or _levels_after(asked.years_of_experience)
    parts: list[float] = []
    evidence: list[str] = []
    missing: list[str] = []
    if levels and advert.levels:
        off = min(abs(LEVELS.index(one) - LEVELS.index(other)) for one in levels for other in advert.levels)
        parts.append({0: 1.0, 1: ONE_LEVEL_OFF}.get(off, 0.0))
        (missing if off else evidence).extend(sorted(advert.levels))
    if advert.years is None and NO_EXPERIENCE in advert.offers and Seniority.JUNIOR in levels:
        parts.append(1.0)
        evidence.append("no experience asked for")
    if asked.years_of_experience is not None and advert.years is not None:
        parts.append(min(asked.years_of_experience / advert.years, 1.0))
        (evidence if asked.years_of_experience >= advert.years else missing).append(f"{advert.years} years")
    if not parts:
        known = bool(levels) or asked.years_of_experience is not None
        return _read(
            "experience", None, missing=["a level or years in the advert" if known else "your level"]
        )
    from_text = not (levels and advert.levels)
    return _read("experience", sum(parts) / len(parts), evidence, missing, from_text=from_text)


def _levels_after(years: int | None) -> list[Seniority]:
    if years is None:
        return []
    return [next((level for most, level in YEARS_OF_LEVEL if years <= most), Seniority.LEAD)]


def _location(wanted: Wanted, advert: Advert) -> Read:
    if advert.job.remote:
        return _read("location", 1.0, ["remote"])
    if wanted.places and names_a_place(advert):
        if is_near(wanted, advert):
            return _near(wanted, advert)
        return _read("location", AFTER_A_MOVE, ["willing to relocate"], [advert.job.location])
    if wanted.countries:
        return _read("location", IN_THE_COUNTRY, [advert.job.country], ["a town on both sides"])
    return _read("location", None, missing=["your places"])


def _near(wanted: Wanted, advert: Advert) -> Read:
    found, radius = nearest(wanted, advert), wanted.preferences.radius_km
    if found is None or radius is None:
        return _read("location", 1.0, [advert.job.location])
    kilometres, name = found
    score = 1.0 - (1.0 - AT_THE_EDGE) * min(kilometres / radius, 1.0)
    return _read("location", score, [advert.job.location, f"{kilometres:.0f} km from {name}"])


def _pay(wanted: Wanted, advert: Advert) -> Read:
    asked = wanted.preferences
    best = ceiling_in(advert.job, asked.currency, wanted.rates)
    target = asked.salary_target if asked.salary_target is not None else asked.salary_floor
    if best is None or target is None:
        return _read("pay", None, missing=["your pay" if target is None else "the employer's pay for a year"])
    evidence = [f"{best:.0f} {asked.currency or advert.job.currency}"]
    if best >= target:
        return _read("pay", 1.0, evidence)
    floor = asked.salary_floor or 0
    share = (best - floor) / (target - floor) if floor < target else 0.0
    return _read("pay", AT_THE_FLOOR + (1 - AT_THE_FLOOR) * max(share, 0.0), evidence, [f"{target} a year"])


def _extras(wanted: Wanted, advert: Advert, at: datetime) -> Read:
    days = max((at - advert.posted_at).total_seconds(), 0.0) / SECONDS_A_DAY
    whole = round(days)
    fresh = max(1.0 - days / wanted.rules.posted_within_days, 0.0)
    evidence = [f"posted {whole} day{'s' * (whole != 1)} ago"]
    if not wanted.industries:
        return _read("extras", fresh, evidence)
    named = [phrase.strip() for phrase in wanted.industries if phrase in advert.field_text]
    lacking = [] if named else ["your industries"]
    return _read("extras", (fresh + bool(named)) / 2, [*evidence, *named], lacking)
