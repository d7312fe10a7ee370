"""Whether a structured résumé says what its text says: nothing added, and little lost."""

import re
from collections.abc import Iterator

from models.fact_check.forms import Index, tokens_of, visible
from models.json_resume import JsonResume, Part, strings_of

COVERAGE_MIN = 0.6
"""The share of the text's words that the structured résumé must hold."""

_DATES = ("start_date", "end_date", "date", "release_date")
_MINOR = ("label", "level", "fluency", "location", "score")
"""What is left out where the text does not say it so; anything else must be there word by word."""

_HYPHENATED = re.compile(r"(?<=\w)-\n\s*(?=\w)")
_OPEN_END = re.compile(
    r"\b(?:present|current(?:ly)?|now|today|ongoing|to date|since|heute|aktuell|seit|bis dato|laufend"
    r"|aujourd.?hui|actuel\w*|depuis|en cours|présent|actual\w*|presente|desde|oggi|attuale|dal|heden|nu"
    r"|sinds|obecnie|teraz|od|atual\w*)\b",
    re.IGNORECASE,
)
_YEAR_MONTH = 2


def found_in(structured: JsonResume, text: str) -> JsonResume | None:
    """Return the structured résumé as far as its text bears it out; None where it cannot be trusted.

    Every string must stand in the text, word by word, and every year; a month that does not is left out. An
    employment without an end needs a word for the present. None, too, where much of the text is missing.
    """
    index = Index([text, _HYPHENATED.sub("", text)])
    checked = structured.model_copy(deep=True)
    for part in _parts(checked):
        _leave_out_minor(part, index)
        if not all(_check_date(part, name, index) for name in _DATES):
            return None
    is_said = all(_is_date(each) or index.says(each) for each in strings_of(checked))
    if not is_said or _open_ends(checked) > len(_OPEN_END.findall(text)):
        return None
    return checked if _coverage(checked, text) >= COVERAGE_MIN else None


def _parts(resume: JsonResume) -> Iterator[Part]:
    for name in type(resume).model_fields:
        value = getattr(resume, name)
        yield from value if isinstance(value, list) else [value]


def _leave_out_minor(part: Part, index: Index) -> None:
    for name in _MINOR:
        value = getattr(part, name, None)
        if value is not None and not index.says(value):
            setattr(part, name, None)


def _check_date(part: Part, name: str, index: Index) -> bool:
    """Shorten a date to what the text says; False where it does not even say the year."""
    value = getattr(part, name, None)
    if value is None:
        return True
    numbers = [int(each) for each in value.split("-")]
    if len(numbers) >= _YEAR_MONTH and (numbers[0], numbers[1]) in index.months:
        setattr(part, name, value[:7])
        return True
    setattr(part, name, value[:4])
    return any(number.value == numbers[0] for number in index.numbers)


def _is_date(text: str) -> bool:
    return re.fullmatch(r"\d{4}(?:-\d{2})?", text) is not None


def _open_ends(resume: JsonResume) -> int:
    spans = [
        (each.start_date, each.end_date)
        for entries in (resume.work, resume.volunteer, resume.projects)
        for each in entries
    ]
    return sum(start is not None and end is None for start, end in spans)


def _coverage(resume: JsonResume, text: str) -> float:
    words = {token.stem for token in tokens_of(visible(text)) if not token.is_boundary}
    held = Index(strings_of(resume)).words
    return len(words & held) / len(words) if words else 0.0
