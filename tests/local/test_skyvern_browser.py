"""What the stand-in's browser sees, enters and reads: plain rules, and never an invented answer."""

import pytest

from local.careers_address import careers_address
from local.skyvern.browser.facts import gather
from local.skyvern.browser.fill import answer_to, fill
from local.skyvern.browser.obstacles import obstacle_on
from local.skyvern.browser.page import Control, Form, Kind, Option
from local.skyvern.browser.parser import parse
from local.skyvern.browser.prompt import read_prompt
from local.skyvern.browser.reading import confirmation_on, questions_on, shaped
from local.skyvern.browser.session import Upload

SITE = "http://127.0.0.1:8104"
FORM = """<html><head><title>Apply</title></head><body><h1>A job</h1><form method="post" action="/go">
<input type="hidden" name="token" value="t1">
<label for="a">Full name *</label><input id="a" name="n1" required maxlength="50">
<label>Résumé <input type="file" name="f" required></label>
<fieldset><legend>Do you need sponsorship?</legend>
<label><input type="radio" name="s" value="y" required> Yes, I do</label>
<label><input type="radio" name="s" value="n"> No</label></fieldset>
<label for="c">Notice period</label><select id="c" name="np"><option value="">Choose</option>
<option value="1">1 month<option value="2">2 months</select>
<label><input type="checkbox" name="ok" value="yes"> I agree</label>
<fieldset><legend>Languages</legend><label><input type="checkbox" name="l" value="en">English</label>
<label><input type="checkbox" name="l" value="fr">French</label></fieldset>
<textarea name="why" aria-label="Why us?" maxlength="5"></textarea>
<button type="submit">Continue</button></form><script>var x = "IBAN";</script></body>"""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.adzuna.co.uk/jobs/land/ad/5657394378?se=x&v=1", f"{SITE}/jobs/5657394378"),
        ("https://www.adzuna.fr/details/4711?utm_medium=api", f"{SITE}/jobs/4711"),
        ("https://jobs.lever.co/acme/short-1/apply", f"{SITE}/jobs/short-1"),
        ("https://acme.example/", f"{SITE}/jobs/acme.example"),
        ("https://acme.example/a%20b/", f"{SITE}/jobs/a%20b"),
        ("http://localhost:8104/jobs/short-1/apply?page=2", f"{SITE}/jobs/short-1/apply?page=2"),
        ("http://127.0.0.1:9999/x/short-2", f"{SITE}/jobs/short-2"),
    ],
)
def test_every_host_is_read_as_the_careers_site(url: str, expected: str) -> None:
    assert careers_address(url, SITE) == expected


@pytest.mark.parametrize("url", ["", "short-1", "ftp://x/short-1", "javascript:alert(1)", "http://"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="HTTP"):
        careers_address(url, SITE)


def test_a_page_is_seen_with_labels_options_and_limits() -> None:
    page = parse(SITE, 200, FORM)
    form = page.form
    assert form is not None
    assert form.hidden == {"token": "t1"}
    assert not form.submits
    seen = [(c.name, c.kind, c.label, c.required, c.max_length) for c in form.controls]
    assert seen == [
        ("n1", Kind.TEXT, "Full name", True, 50),
        ("f", Kind.FILE, "Résumé", True, None),
        ("s", Kind.SINGLE, "Do you need sponsorship?", True, None),
        ("np", Kind.SINGLE, "Notice period", False, None),
        ("ok", Kind.BOOLEAN, "I agree", False, None),
        ("l", Kind.MULTI, "Languages", False, None),
        ("why", Kind.TEXTAREA, "Why us?", False, 5),
    ]
    assert [o.text for o in form.controls[2].options] == ["Yes, I do", "No"]
    assert [o.value for o in form.controls[3].options] == ["1", "2"]
    assert "IBAN" not in page.text
    assert obstacle_on(page) is None


def test_a_form_is_filled_by_its_own_values() -> None:
    form = parse(SITE, 200, FORM).form
    assert form is not None
    facts = gather(
        {
            "applicant": {
                "first_name": "Ada",
                "last_name": "Lovelace",
                "sponsorship": True,
                "consent": "yes",
            },
            "answers": '[{"question": "languages?", "answer": "French, Latin"}, {"field": "np", "value": 1}]',
            "why_company": "Because of the people",
        }
    )
    filling = fill(form, facts, {"resume": Upload("cv.pdf", b"%PDF")})
    assert filling.missing == []
    assert filling.filled.files == {"f": Upload("cv.pdf", b"%PDF")}
    assert filling.filled.answers == {
        "n1": ["Ada Lovelace"],
        "s": ["y"],
        "np": ["1"],
        "ok": ["yes"],
        "l": ["fr"],
        "why": ["Becau"],
    }


def test_what_was_not_given_is_missing_where_it_is_required_and_blank_elsewhere() -> None:
    form = parse(SITE, 200, FORM).form
    assert form is not None
    filling = fill(form, gather({"applicant": {"email": "ada@example.org", "name": None}}), {})
    assert filling.filled.answers == {}
    assert filling.missing == ["Full name", "Résumé", "Do you need sponsorship?"]


def test_an_answer_to_a_field_is_entered_there_and_nowhere_else() -> None:
    linkedin, website = Control("a", Kind.URL, "LinkedIn"), Control("b", Kind.URL, "LinkedIn or website")
    answers = [
        {"field": "a", "question": "LinkedIn", "kind": "text", "answer": "https://www.linkedin.com/in/ada"},
        {"field": "c", "question": "Phone", "kind": "text", "answer": None},
    ]
    facts = gather({"applicant": {"phone": "+44 20"}, "answers": answers})
    assert answer_to(linkedin, facts) == ["https://www.linkedin.com/in/ada"]
    assert answer_to(website, facts) == []
    assert answer_to(Control("c", Kind.TEL, "Phone"), facts) == [], "an answer of nothing is no gap"
    assert answer_to(Control("renamed", Kind.TEL, "Phone"), facts) == []
    assert answer_to(Control("d", Kind.TEL, "Mobile phone"), facts) == ["+44 20"]


def test_each_upload_gets_the_file_that_its_answer_names() -> None:
    form = Form("/", "post", "multipart/form-data")
    form.controls = [
        Control("cv", Kind.FILE, "Your CV", required=True),
        Control("more", Kind.FILE, "Tell us more", required=True),
        Control("other", Kind.FILE, "Cover letter"),
        Control("portfolio", Kind.FILE, "Portfolio", required=True),
    ]
    files = {"resume": Upload("cv.pdf", b"%PDF"), "letter": Upload("letter.pdf", b"%PDF")}
    answers = [
        {"field": "more", "question": "Tell us more", "kind": "file", "answer": "cover_letter"},
        {"field": "other", "question": "Cover letter", "kind": "file", "answer": None},
    ]
    filling = fill(form, gather({"answers": answers}), files)
    assert filling.filled.files == {"cv": files["resume"], "more": files["letter"]}
    assert filling.missing == ["Portfolio"]


def authorised(country: str) -> Control:
    label = f"Are you legally authorised to work in {country}?"
    return Control("w", Kind.SINGLE, label, options=[Option("Yes", "Yes"), Option("No", "No")])


@pytest.mark.parametrize(
    ("country", "parameters", "expected"),
    [
        ("the United Kingdom", {"answers": [{"topic": "work_authorisation{GB}", "answer": True}]}, ["Yes"]),
        ("the United States", {"answers": [{"topic": "work_authorisation{GB}", "answer": True}]}, []),
        ("the United Kingdom", {"answers": [{"topic": "work_authorization", "answer": "yes"}]}, ["Yes"]),
        (
            "the United States",
            {"answers": [{"question": "Are you authorised to work in Germany?", "answer": "Yes"}]},
            [],
        ),
        ("this country", {"answers": [{"topic": "work_authorisation", "country": "GB", "answer": 1}]}, []),
        (
            "this country",
            {
                "job_country": "GB",
                "answers": [{"topic": "work_authorisation", "country": "UK", "answer": True}],
            },
            ["Yes"],
        ),
        ("France", {"applicant": {"work_authorisation": {"FR": {"authorised": False}, "GB": True}}}, ["No"]),
        ("Germany", {"applicant": {"work_authorisation": [{"country": "FR", "authorised": True}]}}, []),
    ],
)
def test_a_right_to_work_never_travels(
    country: str, parameters: dict[str, object], expected: list[str]
) -> None:
    assert answer_to(authorised(country), gather(parameters)) == expected


@pytest.mark.parametrize(
    ("kind", "answer", "expected"),
    [
        (Kind.NUMBER, "60,000", ["60000"]),
        (Kind.NUMBER, 4.0, ["4"]),
        (Kind.NUMBER, "50000 to 60000", []),
        (Kind.NUMBER, "plenty", []),
        (Kind.DATE, "2027-01-04", ["2027-01-04"]),
        (Kind.DATE, "next week", []),
        (Kind.TEXT, True, ["Yes"]),
        (Kind.TEXT, "  ", []),
    ],
)
def test_an_answer_must_suit_its_control(kind: Kind, answer: object, expected: list[str]) -> None:
    facts = gather({"answers": [{"field": "x", "answer": answer}]})
    assert answer_to(Control("x", kind, "A question"), facts) == expected


def test_an_option_is_chosen_only_where_one_fits() -> None:
    options = [Option(text, text) for text in ("Yes, now", "Yes, later", "No", "Decline to answer")]
    control = Control("x", Kind.SINGLE, "A question", options=options)

    def chosen(answer: object) -> list[str]:
        return answer_to(control, gather({"answers": {"A question": answer}}))

    assert chosen("no") == ["No"]
    assert chosen("Decline") == ["Decline to answer"]
    assert chosen("yes") == []
    assert chosen("perhaps") == []


def test_years_are_of_the_skill_that_was_asked() -> None:
    facts = gather({"answers": [{"topic": "years_with{Python}", "answer": 4}]})
    asked = "How many years of experience do you have with {}?"
    assert answer_to(Control("a", Kind.NUMBER, asked.format("Python")), facts) == ["4"]
    assert answer_to(Control("a", Kind.NUMBER, asked.format("Java")), facts) == []


def test_strange_parameters_break_nothing() -> None:
    for strange in (None, 1, "x", "{", "[", [], {}, [None, 1], {"a": [{"b": None}]}, "[1, {}]"):
        for key in ("applicant", "answers", "links", "location", "work_authorisation"):
            facts = gather({key: strange, "applicant": {key: strange}})
            assert answer_to(Control("x", Kind.TEXT, "A question"), facts) in ([], ["x"])


def test_a_prompt_tells_the_applicant() -> None:
    said = read_prompt("Apply {now}: name Ada Lovelace, e-mail ada@example.org, phone +44 20 7946; file_12")
    assert said == {
        "applicant": {"name": "Ada Lovelace", "email": "ada@example.org", "phone": "+44 20 7946"},
        "resume": "file_12",
    }
    assert read_prompt('Apply with {"name": "Bob"}')["applicant"] == {"name": "Bob"}


def test_a_confirmation_needs_words_and_not_only_a_number() -> None:
    page = parse(SITE, 200, "<h1>Application received</h1><p>Your confirmation number is AB-1234.</p>")
    assert confirmation_on(page)["confirmation_id"] == "AB-1234"
    page = parse(SITE, 200, "<h1>We are looking into it</h1><p>confirmation number: AB-1234</p>")
    assert confirmation_on(page)["submitted"] is None
    assert confirmation_on(page)["confirmation_id"] is None


def test_questions_take_the_shape_of_a_pydantic_schema() -> None:
    schema = {
        "$defs": {
            "Question": {
                "type": "object",
                "properties": {
                    "label": {"type": "string"},
                    "kind": {
                        "type": "string",
                        "enum": ["text", "textarea", "single", "multi", "boolean", "file"],
                    },
                    "required": {"type": "boolean"},
                    "options": {"type": "array", "items": {"type": "string"}},
                    "max_length": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                    "colour": {"type": "string"},
                },
            }
        },
        "type": "object",
        "properties": {
            "questions": {"type": "array", "items": {"$ref": "#/$defs/Question"}},
            "closed": {"type": "boolean"},
        },
    }
    read = shaped(questions_on([parse(SITE, 200, FORM)], None), schema)
    assert isinstance(read, dict)
    assert read["closed"] is False
    assert [q["kind"] for q in read["questions"]] == [
        "text",
        "file",
        "single",
        "single",
        "boolean",
        "multi",
        "textarea",
    ]
    assert read["questions"][2] == {
        "label": "Do you need sponsorship?",
        "kind": "single",
        "required": True,
        "options": ["Yes, I do", "No"],
        "max_length": None,
        "colour": None,
    }
    assert read["questions"][6]["max_length"] == 5
