"""Résumés and letters as PDF, set by typst from templates of ours.

What people wrote is handed over as JSON and never as markup, and the templates can reach no file but
themselves. The same input always gives the same bytes: no date goes in. The PDFs are accessible (PDF/UA-1),
by which a letter that no font can show is an error and not an empty box.
"""

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import typst

from models.json_resume import JsonResume, strings_of
from models.profile import Identity
from models.typesetting.sections import sections_of
from models.typesetting.words import HEADINGS, language_of

MEDIA_TYPE = "application/pdf"
LETTER_PAPER_COUNTRIES = frozenset({"us", "ca", "mx"})
_TEMPLATES = Path(__file__).parent / "templates"
_FONTS = (
    "Libertinus Serif",
    "New Computer Modern",
    "Noto Serif",
    "Noto Naskh Arabic",
    "Noto Serif Hebrew",
    "Noto Serif CJK SC",
    "DejaVu Sans",
    "DejaVu Sans Mono",
)
"""In the order in which they are tried; the first two and the last come with typst itself."""

_DECORATION = frozenset({"So", "Sk", "Cf", "Cn", "Co", "Cs"})
"""Unicode's categories of what may be left out where no font has it: emoji, and what is not seen at all."""


class UnprintableError(ValueError):
    """No font at hand can show some of the text; the message is fixed words."""

    def __init__(self) -> None:
        super().__init__("some letters of the text are in no font at hand")


def resume_pdf(resume: JsonResume, identity: Identity, country: str = "") -> bytes:
    """Return a résumé as PDF, on the paper of the country (ISO, lower case); UnprintableError."""
    language = language_of("\n".join(strings_of(resume)))
    headings = HEADINGS.get(language, HEADINGS["en"])
    data = {
        **_frame(identity, language, country),
        "label": resume.basics.label,
        "sections": sections_of(resume, headings),
    }
    return _set("resume", data)


def letter_pdf(text: str, identity: Identity, about: str | None = None, country: str = "") -> bytes:
    """Return a letter as PDF, its subject above it; an empty line ends a paragraph. UnprintableError."""
    paragraphs = [[line.strip() for line in block.splitlines()] for block in text.strip().split("\n\n")]
    data = {
        **_frame(identity, language_of(text), country),
        "about": about,
        "paragraphs": [kept for block in paragraphs if (kept := [line for line in block if line])],
    }
    return _set("letter", data)


def _frame(identity: Identity, language: str, country: str) -> dict[str, Any]:
    name = f"{identity.first_name} {identity.last_name}"
    contacts = [
        {"text": str(identity.email), "url": f"mailto:{identity.email}"},
        *({"text": text, "url": None} for text in (identity.phone, identity.location) if text),
        *(
            {"text": str(url).partition("://")[2].rstrip("/"), "url": str(url)}
            for url in (identity.linkedin, identity.github, identity.website)
            if url is not None
        ),
    ]
    return {
        "title": name,
        "name": name,
        "contacts": contacts,
        "language": language,
        "paper": "us-letter" if country in LETTER_PAPER_COUNTRIES else "a4",
        "fonts": _FONTS,
    }


def _set(template: str, data: dict[str, Any]) -> bytes:
    try:
        return _compiled(template, data)
    except typst.TypstError:
        # once more without what is not a letter; what then cannot be shown must not be left out
        try:
            return _compiled(template, _undecorated(data))
        except typst.TypstError:
            raise UnprintableError from None


def _compiled(template: str, data: dict[str, Any]) -> bytes:
    return typst.compile(
        _TEMPLATES / f"{template}.typ",
        root=_TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        pdf_standards="ua-1",
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True)


def _undecorated(value: Any) -> Any:  # noqa: ANN401 -- a document of any JSON type
    if isinstance(value, str):
        return "".join(char for char in value if unicodedata.category(char) not in _DECORATION)
    if isinstance(value, dict):
        return {key: _undecorated(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_undecorated(each) for each in value]
    return value
