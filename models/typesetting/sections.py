"""A résumé as the sections of a page: what stands beside what, in which order."""

from typing import Any

from models.json_resume import JsonResume
from models.typesetting.words import Headings

RANGE = " \u2013 "
ASIDE = " · "


def sections_of(resume: JsonResume, headings: Headings) -> list[dict[str, Any]]:
    """Return the sections that hold something, as the template reads them."""
    present = headings.present
    made = [
        _section(headings.summary, text=resume.basics.summary),
        _section(headings.work, entries=_work(resume, present)),
        _section(headings.projects, entries=_projects(resume, present)),
        _section(headings.education, entries=_education(resume)),
        _section(headings.skills, lines=_skills(resume)),
        _section(headings.languages, lines=[_line(each.language, each.fluency) for each in resume.languages]),
        _section(headings.certificates, entries=_certificates(resume)),
        _section(headings.volunteer, entries=_volunteer(resume, present)),
        _section(headings.awards, entries=_awards(resume)),
        _section(headings.publications, entries=_publications(resume)),
        _section(
            headings.interests,
            lines=[_line(each.name, ", ".join(each.keywords)) for each in resume.interests],
        ),
    ]
    return [each for each in made if each["text"] or each["entries"] or each["lines"]]


def _section(
    title: str,
    text: str | None = None,
    entries: list[dict[str, Any]] | None = None,
    lines: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    return {"title": title, "text": text, "entries": entries or [], "lines": lines or []}


def _line(name: str, text: str | None) -> dict[str, Any]:
    return {"name": name, "text": text or None}


def _entry(
    head: str,
    under: str | None,
    when: str | None,
    text: str | None = None,
    points: list[str] | None = None,
) -> dict[str, Any]:
    return {"head": head, "under": under or None, "when": when, "text": text, "points": points or []}


def _joined(*parts: str | None) -> str:
    return ASIDE.join(part for part in parts if part)


def _month(date: str) -> str:
    """Return `2020-03` as 03/2020 and `2020-03-14` as 14/03/2020: no language's names of months."""
    return "/".join(reversed(date.split("-")))


def _span(start: str | None, end: str | None, present: str) -> str | None:
    if start is None:
        return None if end is None else _month(end)
    return f"{_month(start)}{RANGE}{_month(end) if end else present}"


def _work(resume: JsonResume, present: str) -> list[dict[str, Any]]:
    return [
        _entry(
            each.position or each.name,
            _joined(each.name if each.position else None, each.location),
            _span(each.start_date, each.end_date, present),
            each.summary,
            each.highlights,
        )
        for each in resume.work
    ]


def _volunteer(resume: JsonResume, present: str) -> list[dict[str, Any]]:
    return [
        _entry(
            each.position or each.organization,
            each.organization if each.position else None,
            _span(each.start_date, each.end_date, present),
            each.summary,
            each.highlights,
        )
        for each in resume.volunteer
    ]


def _projects(resume: JsonResume, present: str) -> list[dict[str, Any]]:
    return [
        _entry(
            each.name,
            ", ".join(each.keywords),
            _span(each.start_date, each.end_date, present),
            each.description,
            each.highlights,
        )
        for each in resume.projects
    ]


def _education(resume: JsonResume) -> list[dict[str, Any]]:
    made = []
    for each in resume.education:
        degree = ", ".join(part for part in (each.study_type, each.area) if part)
        when = RANGE.join(_month(date) for date in (each.start_date, each.end_date) if date)
        under = _joined(each.institution if degree else None, each.score)
        made.append(_entry(degree or each.institution, under, when or None, ", ".join(each.courses) or None))
    return made


def _skills(resume: JsonResume) -> list[dict[str, Any]]:
    """Return skills without anything beside them in one line, then the others, each in its own."""
    bare = [each.name for each in resume.skills if not each.level and not each.keywords]
    lines = [{"name": ", ".join(bare), "text": None}] if bare else []
    told = [each for each in resume.skills if each.level or each.keywords]
    return lines + [_line(each.name, _joined(each.level, ", ".join(each.keywords))) for each in told]


def _dated(date: str | None) -> str | None:
    return None if date is None else _month(date)


def _certificates(resume: JsonResume) -> list[dict[str, Any]]:
    return [_entry(each.name, each.issuer, _dated(each.date)) for each in resume.certificates]


def _awards(resume: JsonResume) -> list[dict[str, Any]]:
    return [_entry(each.title, each.awarder, _dated(each.date), each.summary) for each in resume.awards]


def _publications(resume: JsonResume) -> list[dict[str, Any]]:
    return [
        _entry(each.name, each.publisher, _dated(each.release_date), each.summary)
        for each in resume.publications
    ]
