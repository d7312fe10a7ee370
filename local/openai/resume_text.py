"""Reads what stands plainly in the text of a résumé: employments with their bullets, education, skills."""

import re
from typing import Any

Entry = dict[str, Any]

SENTENCE_WORDS = 4
LEFT_OUT = "[left out]"

_PRESENT = "present|current|currently|now|today|ongoing"
_DATES = (
    rf"(?:(?P<start>(?:19|20)\d{{2}})\s*(?:-|–|—|to|until)\s*(?P<end>(?:19|20)\d{{2}}|{_PRESENT})"  # noqa: RUF001 -- dashes of résumés
    r"|since (?P<since>(?:19|20)\d{2})|(?P<year>(?:19|20)\d{2}))"
)
_WORK = re.compile(
    rf"^(?P<position>[^,|]+?)\s*(?:,| at | @ | \| )\s*(?P<name>[^,|(]+?)[\s,|(]+{_DATES}\)?\.?$",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"\b(?:bachelor|master|b\.?sc|m\.?sc|b\.?a|m\.?a|phd|ph\.d|doctor|diploma|degree|bsc|msc|mba|abitur)\b",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*[-•*▪‣]\s+(?P<text>.+)$")
_SKILLS = re.compile(r"^(?:technical |key |core )?skills\s*[:\-]\s*(?P<list>.+)$", re.IGNORECASE)
_ENDS = re.compile(r"[.!?]$")


def sentences_of(text: str) -> list[str]:
    """Return the résumé's own sentences that say what somebody did, each ended by a full stop."""
    found = []
    for line in text.splitlines():
        bullet = _BULLET.match(line)
        said = (bullet["text"] if bullet else line).strip()
        if LEFT_OUT in said or "|" in said or len(said.split()) < SENTENCE_WORDS or _SKILLS.match(said):
            continue
        found.append(said if _ENDS.search(said) else f"{said}.")
    return found


def entries_of(text: str) -> dict[str, list[Entry]]:
    """Return entries by the section of the JSON Resume schema, only what can be told for sure."""
    found: dict[str, list[Entry]] = {}
    for line in text.splitlines():
        _read(line.strip(), found)
    return found


def _read(line: str, found: dict[str, list[Entry]]) -> None:
    work = found.get("work", [])
    if (bullet := _BULLET.match(line)) is not None:
        if work:
            work[-1]["highlights"].append(bullet["text"].strip())
    elif (skills := _SKILLS.match(line)) is not None:
        names = [name.strip(" .") for name in re.split(r"[,;]", skills["list"])]
        found.setdefault("skills", []).extend({"name": name} for name in names if name)
    elif (match := _WORK.match(line)) is not None:
        _add_dated(match, found)
    elif work and len(line.split()) >= SENTENCE_WORDS and LEFT_OUT not in line:
        work[-1]["highlights"].append(line)


def _add_dated(match: re.Match[str], found: dict[str, list[Entry]]) -> None:
    end = match["end"] or match["year"]
    start = match["start"] or match["since"] or match["year"]
    dates = {"startDate": start, "endDate": end if end and end.isdecimal() else None}
    title, name = match["position"].strip(), match["name"].strip()
    if _DEGREE.search(title):
        found.setdefault("education", []).append({"studyType": title, "institution": name, **dates})
    else:
        found.setdefault("work", []).append({"position": title, "name": name, "highlights": [], **dates})
