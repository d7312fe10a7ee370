"""Résumés and letters as PDF: whatever people write is text, whatever the script, and quickly."""

import io
import json
import time
from pathlib import Path

import pytest
from pydantic import HttpUrl
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from models.json_resume import CHARACTERS_MAX, JsonResume, strings_of
from models.profile import Identity
from models.typesetting.pdf import UnprintableError, letter_pdf, resume_pdf
from models.typesetting.words import language_of
from tests.models.resumes import ADA

IDENTITY = Identity(
    first_name="Ada",
    last_name="Lovelace",
    email="ada@example.org",
    phone="+44 20 7946 0000",
    location="London",
    linkedin=HttpUrl("https://www.linkedin.com/in/ada"),
)
SECONDS_MAX = 2.0
MARKUP = (
    '#eval("1+1")',
    '#read("resume.typ")',
    '#import "@preview/cetz:0.3.4": *',
    '#include "letter.typ"',
    "#panic()",
    '"); #read("/etc/passwd")',
    "$ sum_(i=0)^n $ @reference <label>",
    "*bold* _italic_ `raw` = Heading",
    '[#link("http://evil.example")[x]] \\u{41} // comment /* more',
    "{{ 7*7 }} <script>alert(1)</script> \\#",
)


def text_of(pdf: bytes) -> str:
    """Return what a PDF shows, without white space."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def bare(text: str) -> str:
    return "".join(text.split())


def everywhere(text: str) -> JsonResume:
    """Return a résumé that says this in every field."""
    lines, date = [text, text], "2020-03"
    span = {"startDate": date, "endDate": "2021", "summary": text, "highlights": lines}
    return JsonResume.model_validate(
        {
            "basics": {"label": text, "summary": text},
            "work": [{"name": text, "position": text, "location": text, **span}],
            "volunteer": [{"organization": text, "position": text, **span}],
            "education": [
                {"institution": text, "area": text, "studyType": text, "score": text, "courses": lines}
            ],
            "skills": [{"name": text}, {"name": text, "level": text, "keywords": lines}],
            "languages": [{"language": text, "fluency": text}],
            "projects": [{"name": text, "description": text, "highlights": lines, "keywords": lines}],
            "certificates": [{"name": text, "date": date, "issuer": text}],
            "awards": [{"title": text, "date": date, "awarder": text, "summary": text}],
            "publications": [{"name": text, "publisher": text, "releaseDate": date, "summary": text}],
            "interests": [{"name": text, "keywords": lines}],
        }
    )


def test_a_resume_shows_all_that_it_holds() -> None:
    shown = text_of(resume_pdf(ADA, IDENTITY))
    for said in strings_of(ADA):
        if not said[0].isdigit():
            assert bare(said) in shown
    for told in ("AdaLovelace", "ada@example.org", "+442079460000", "03/2019\u2013present", "04/2021"):
        assert told in shown


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_in_every_field_is_text(markup: str) -> None:
    resume = everywhere(markup)
    shown = text_of(resume_pdf(resume, IDENTITY))
    texts = [each for each in strings_of(resume) if each == markup]
    assert shown.count(bare(markup)) == len(texts) > 25
    person = IDENTITY.model_copy(update={"first_name": markup, "phone": markup, "location": markup})
    letter = text_of(letter_pdf(markup, person, markup))
    assert letter.count(bare(markup)) == 5


def test_the_same_input_gives_the_same_bytes() -> None:
    assert resume_pdf(ADA, IDENTITY) == resume_pdf(ADA.model_copy(deep=True), IDENTITY)
    assert letter_pdf("Dear team", IDENTITY) == letter_pdf("Dear team", IDENTITY)
    assert letter_pdf("Dear team", IDENTITY) != letter_pdf("Dear teams", IDENTITY)


@pytest.mark.parametrize(
    "text",
    [
        "Инженер данных",
        "Μηχανικός δεδομένων",
        "\u0645\u0647\u0646\u062f\u0633 \u0628\u064a\u0627\u0646\u0627\u062a",
        "\u05de\u05d4\u05e0\u05d3\u05e1",
        "kỹ sư dữ liệu Đặng",
        "Zażółć gęślą jaźń ŐŰ ẞ",
        "rocket \U0001f680 \u2728",
        "soft\u00adhyphen zero\u200bwidth \u202eturned",
    ],
)
def test_other_scripts_are_set(text: str) -> None:
    assert resume_pdf(everywhere(text), IDENTITY).startswith(b"%PDF-")
    assert letter_pdf(text, IDENTITY).startswith(b"%PDF-")


def test_letters_that_no_font_has_are_never_left_out() -> None:
    with pytest.raises(UnprintableError):
        letter_pdf("\U00013000", IDENTITY)


def test_a_pdf_is_tagged_titled_and_without_a_date() -> None:
    reader = PdfReader(io.BytesIO(resume_pdf(ADA, IDENTITY)))
    assert reader.metadata is not None
    assert reader.metadata.title == "Ada Lovelace"
    assert reader.metadata.creation_date is None
    root = reader.trailer["/Root"]
    assert isinstance(root, DictionaryObject)
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]) == "en"


def test_paper_is_that_of_the_country() -> None:
    def width(country: str) -> float:
        return float(PdfReader(io.BytesIO(letter_pdf("x", IDENTITY, None, country))).pages[0].mediabox.width)

    assert round(width("us")) == 612
    assert round(width("de")) == 595


@pytest.mark.parametrize(
    "resume",
    [
        {"work": [{"name": "N" * 300, "highlights": ["word " * 34] * 7}] * 40},
        {"work": [{"name": "N", "highlights": ["x\n" * 17] * 40}] * 40},
        {"skills": [{"name": "a", "keywords": ["a b"] * 80}] * 40},
        {"basics": {"summary": "x" * 4000}, "publications": [{"name": "a", "summary": "W" * 1390}] * 40},
    ],
    ids=["long", "lines", "skills", "one word"],
)
def test_the_largest_resume_is_set_in_time(resume: dict[str, object]) -> None:
    document = JsonResume.model_validate(resume)
    assert sum(map(len, strings_of(document))) > CHARACTERS_MAX * 0.1
    start = time.perf_counter()
    assert resume_pdf(document, IDENTITY)
    assert time.perf_counter() - start < SECONDS_MAX


def test_an_empty_resume_is_a_page() -> None:
    assert "AdaLovelace" in text_of(resume_pdf(JsonResume(), IDENTITY))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I have worked with the team for years", "en"),
        ("Ich habe mit dem Team und für die Kunden gearbeitet", "de"),
        ("J'ai travaillé avec les équipes pour la ville", "fr"),
        ("\u0645\u0631\u062d\u0628\u0627", "ar"),
        ("Kubernetes", "und"),
    ],
)
def test_a_language_is_told_by_its_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_headings_are_in_the_resumes_language() -> None:
    resume = JsonResume.model_validate(
        {"work": [{"name": "Siemens", "summary": "Ich habe die Anlage mit dem Team für Kunden gebaut"}]}
    )
    assert "Berufserfahrung" in text_of(resume_pdf(resume, IDENTITY))


def test_templates_reach_no_file_but_themselves() -> None:
    folder = Path(resume_pdf.__code__.co_filename).parent / "templates"
    for template in folder.glob("*.typ"):
        source = template.read_text()
        assert not any(word in source for word in ("read(", "import", "include", "eval(", "plugin("))
    assert json.dumps(sorted(each.name for each in folder.iterdir())) == '["letter.typ", "resume.typ"]'
