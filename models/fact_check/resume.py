"""A tailored résumé beside its original: every entry must be one of the original's, whatever its order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from models.fact_check.forms import Index, phrase_of
from models.fact_check.text import Known, claims_of
from models.json_resume import (
    Award,
    Certificate,
    Education,
    JsonResume,
    Language,
    Part,
    Project,
    Publication,
    Skill,
    Volunteer,
    Work,
    strings_of,
)

P = TypeVar("P", bound=Part)

KEYS: dict[type[Part], tuple[str, ...]] = {
    Work: ("name", "start_date", "end_date"),
    Volunteer: ("organization", "start_date", "end_date"),
    Education: ("institution", "start_date", "end_date"),
    Project: ("name", "start_date", "end_date"),
    Certificate: ("name", "date"),
    Award: ("title", "date"),
    Publication: ("name", "release_date"),
    Language: ("language",),
}
"""What makes an entry the same as the original's; all of it must be equal."""

FIXED: dict[type[Part], tuple[str, ...]] = {
    Work: ("position", "location"),
    Volunteer: ("position",),
    Education: ("area", "study_type", "score"),
    Project: (),
    Certificate: ("issuer",),
    Award: ("awarder",),
    Publication: ("publisher",),
    Language: ("fluency",),
}
"""What may be left out, and is else as in the original."""

_WORDS = ("courses", "keywords")
_TEXTS = ("summary", "description", "highlights")


@dataclass(frozen=True)
class Original:
    """The résumé that was tailored, and all that is known of its person."""

    resume: JsonResume
    index: Index
    known: Callable[[Index | None], Known]


def resume_claims(candidate: JsonResume, original: Original) -> Iterator[str]:
    """Yield each claim of a tailored résumé that the original and the profile do not hold."""
    yield from _basics(candidate, original)
    for name in ("work", "volunteer", "education", "projects", "certificates", "awards", "publications"):
        yield from _entries(getattr(candidate, name), getattr(original.resume, name), original)
    yield from _languages(candidate.languages, original)
    for skill in candidate.skills:
        yield from _skill(skill, original)
    for interest in candidate.interests:
        yield from _phrases([interest.name, *interest.keywords], original)


def _basics(candidate: JsonResume, original: Original) -> Iterator[str]:
    label = candidate.basics.label
    held = [original.resume.basics.label, *(each.position for each in original.resume.work)]
    if label is not None and phrase_of(label) not in {phrase_of(each) for each in held if each}:
        yield label
    if candidate.basics.summary is not None:
        yield from claims_of(candidate.basics.summary, original.known(None))


def _entries(made: Sequence[P], held: Sequence[P], original: Original) -> Iterator[str]:
    left = list(held)
    for entry in made:
        match = next((each for each in left if _same(entry, each)), None)
        if match is None:
            yield _named(entry)
            yield from _texts(entry, Index([]), original)
        else:
            left.remove(match)
            yield from _changed(entry, match)
            yield from _texts(entry, Index([*strings_of(match)]), original)
            yield from _moved(entry, match, held)


def _same(made: Part, held: Part) -> bool:
    return all(_equal(getattr(made, key), getattr(held, key)) for key in KEYS[type(made)])


def _equal(made: str | None, held: str | None) -> bool:
    return phrase_of(made or "") == phrase_of(held or "")


def _named(entry: Part) -> str:
    """Return an entry's key as a person reads it."""
    return " ".join(str(value) for key in KEYS[type(entry)] if (value := getattr(entry, key)) is not None)


def _changed(made: Part, held: Part) -> Iterator[str]:
    for key in FIXED[type(made)]:
        value = getattr(made, key)
        if value is not None and not _equal(value, getattr(held, key)):
            yield value


def _texts(entry: Part, own: Index, original: Original) -> Iterator[str]:
    """Yield what an entry's texts claim; a number must be in the same entry of the original."""
    for key in _TEXTS:
        for text in _listed(getattr(entry, key, None)):
            yield from claims_of(text, original.known(own))
    for key in _WORDS:
        yield from _phrases(_listed(getattr(entry, key, None)), original)


def _moved(made: Part, held: Part, every: Sequence[Part]) -> Iterator[str]:
    """Yield texts of one entry that were put under another."""
    own = Index([*strings_of(held)])
    others = [Index([*strings_of(each)]) for each in every if each is not held]
    for text in _listed(getattr(made, "highlights", None)):
        if not own.says(text) and any(other.says(text) for other in others):
            yield text


def _listed(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def _languages(made: Sequence[Language], original: Original) -> Iterator[str]:
    for entry in made:
        match = next((each for each in original.resume.languages if _same(entry, each)), None)
        said = f"{entry.language} {entry.fluency}" if entry.fluency else entry.language
        if match is not None:
            yield from (f"{entry.language} {claim}" for claim in _changed(entry, match))
        elif not original.index.says(said):
            yield said


def _skill(skill: Skill, original: Original) -> Iterator[str]:
    """Yield a skill's parts that are said nowhere; its level must be the original's."""
    groups = {phrase_of(each.name) for each in original.resume.skills}
    if phrase_of(skill.name) not in groups:
        yield from _phrases([skill.name], original)
    yield from _phrases(skill.keywords, original)
    levels = {
        phrase_of(each.level)
        for each in original.resume.skills
        if each.level and _equal(each.name, skill.name)
    }
    if skill.level is not None and phrase_of(skill.level) not in levels:
        yield f"{skill.name} {skill.level}"


def _phrases(phrases: Sequence[str], original: Original) -> Iterator[str]:
    """Yield the phrases that stand nowhere as they are."""
    yield from (phrase for phrase in phrases if not original.index.holds(phrase))
