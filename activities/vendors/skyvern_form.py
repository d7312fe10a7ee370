"""What a look at a form found, read with care: the page's words are hostile data, and models err.

Every text becomes one printable line with a limit; what is of no known kind is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from activities.vendors.skyvern_runs import Run, extracted_by, extracted_within, line_of
from activities.vendors.skyvern_scout import FLAGS, FORM_BLOCK, LATER_PAGES_MAX, OBSTACLES, PAGES_BLOCK
from models.answering_enums import QuestionKind
from models.enums import EndReason

K = QuestionKind

QUESTIONS_MAX = 100
LABEL_MAX = 500
OPTIONS_MAX = 300
"""Enough for a list of all countries."""

OPTION_MAX = 200
OPTIONS_LENGTH_MAX = 100_000
"""How many characters all options of a form may have: each is stored, and shown to a person."""

FIELD_MAX = 200
URL_MAX = 2083
LENGTH_MAX = 1_000_000
PAGES_MAX = 99

_KINDS: dict[str, QuestionKind] = {
    **{kind.value: kind for kind in QuestionKind},
    **dict.fromkeys(("email", "tel", "phone", "url", "string", "short_text", "input"), K.TEXT),
    **dict.fromkeys(("long_text", "multiline", "paragraph"), K.TEXTAREA),
    **dict.fromkeys(("select", "dropdown", "radio", "single_choice", "choice", "combobox"), K.SINGLE),
    **dict.fromkeys(("multi_select", "multiselect", "multiple_choice", "checkboxes"), K.MULTI),
    **dict.fromkeys(("checkbox", "tick", "bool"), K.BOOLEAN),
    **dict.fromkeys(("integer", "float"), K.NUMBER),
    **dict.fromkeys(("upload", "attachment"), K.FILE),
}
_CHOICES = frozenset({K.SINGLE, K.MULTI})
_TRUE = frozenset({"true", "yes", "required"})
_STAR = re.compile(r"(?:\s*[*✱])+$")
_NO_OPTION = re.compile(
    r"[-\u2013\u2014.\s]*"
    r"|(?:please )?(?:select|choose)(?: (?:one|an?|your)\b.*| (?:option|answer))?(?:\.\.\.|…)?",
    re.IGNORECASE,
)
_UNSAFE = re.compile(
    r"\bsocial[- ]security (?:number|no)\b|\bssn\b|\bnational insurance number\b|\bbank account\b|\biban\b"
    r"|\bsort code\b|\brouting number\b|\b(?:credit|debit) card\b|\bpassport (?:number|no|copy|scan)\b"
    r"|\bidentity (?:card|document)\b|\bselfie\b",
    re.IGNORECASE,
)
_PASSWORD = "password"  # noqa: S105 -- the name of an HTML control, no password


@dataclass(frozen=True)
class AskedQuestion:
    """One field of a form, in the employer's words; `field` is its control's name."""

    field: str
    label: str
    kind: QuestionKind
    required: bool
    options: tuple[str, ...] = ()
    max_length: int | None = None
    hint: str | None = None
    page: int = 1


@dataclass(frozen=True)
class FormRead:
    """A form as it was read, or the obstacle before it."""

    questions: tuple[AskedQuestion, ...] = ()
    form_url: str | None = None
    obstacle: EndReason | None = None


def read_form(run: Run) -> FormRead | None:
    """Read what a completed look extracted; None where it extracted nothing that can be read."""
    found = extracted_by(run.output, FORM_BLOCK)
    if found is None:
        return None
    reader = _Reader()
    reader.read(found.get("questions"))
    for page, later in enumerate(extracted_within(run.output, PAGES_BLOCK, LATER_PAGES_MAX), start=2):
        reader.read(later.get("questions"), page)
    questions = tuple(reader.found.values())
    obstacle = next((reason for flag, reason in FLAGS.items() if found.get(flag) is True), None)
    if obstacle is None and reader.wants_password:
        obstacle = EndReason.ACCOUNT_REQUIRED
    if obstacle is None and any(each.required and _UNSAFE.search(each.label) for each in questions):
        obstacle = EndReason.UNSAFE_REQUEST
    # a form of nothing but an upload may be told as no question at all; a page that is no form is not told
    if obstacle is None and not questions and found.get("not_a_form") is not False:
        obstacle = EndReason.NOT_A_JOB_APPLICATION
    return FormRead(questions, _address(found.get("form_url")), obstacle)


def obstacle_said(run: Run) -> EndReason | None:
    """Return the code of ours with which the agent ended its look."""
    codes = {error.code for error in run.errors if error.by_caller}
    return next((reason for reason in OBSTACLES if reason.value in codes), None)


def _address(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > URL_MAX:
        return None
    url = value.strip()
    return url if url.startswith(("http://", "https://")) and url.isprintable() and " " not in url else None


@dataclass
class _Reader:
    """Gathers a form's questions, each once, and whether it wants a password to be chosen.

    A further page that could not be opened shows an earlier one again: what was asked there is no news.
    """

    found: dict[tuple[str, str, int], AskedQuestion] = field(default_factory=dict)
    wants_password: bool = False
    options_left: int = OPTIONS_LENGTH_MAX

    def read(self, value: object, page: int | None = None) -> None:
        """Read a page's questions; they tell their own pages where none is given."""
        before = {(name, label) for name, label, _ in self.found}
        for entry in value if isinstance(value, list) else []:
            if not isinstance(entry, dict) or len(self.found) >= QUESTIONS_MAX:
                continue
            self.wants_password = self.wants_password or _word(entry.get("kind")) == _PASSWORD
            question = _question(entry, page, self.options_left)
            if question.label and not (page and (question.field, question.label) in before):
                self._add(question)

    def _add(self, question: AskedQuestion) -> None:
        key = (question.field, question.label, question.page)
        if key not in self.found:
            self.found[key] = question
            self.options_left -= sum(len(option) for option in question.options)


def _question(entry: dict[str, Any], page: int | None, options_left: int) -> AskedQuestion:
    name, options = _text(entry.get("name"), FIELD_MAX), tuple(_options(entry.get("options"), options_left))
    kind = _kind(_word(entry.get("kind")), options)
    return AskedQuestion(
        field=name,
        label=_STAR.sub("", _text(entry.get("label"), LABEL_MAX)) or name,
        kind=kind,
        required=_is_true(entry.get("required")),
        options=options if kind in _CHOICES else (),
        max_length=_count(entry.get("max_length"), LENGTH_MAX),
        hint=_text(entry.get("hint"), LABEL_MAX) or None,
        page=page or _count(entry.get("page"), PAGES_MAX) or 1,
    )


def _kind(word: str, options: tuple[str, ...]) -> QuestionKind:
    """Return the kind that fits the options too: without any nothing can be chosen, with some it must be."""
    kind = _KINDS.get(word, K.SINGLE if options else K.TEXT)
    if kind in _CHOICES and not options:
        return K.TEXT
    if kind is K.BOOLEAN and len(options) > 1:
        return K.MULTI if word == "checkbox" else K.SINGLE
    return kind


def _options(value: object, length_left: int) -> Iterator[str]:
    texts = (_text(each, OPTION_MAX) for each in (value if isinstance(value, list) else []))
    distinct = dict.fromkeys(text for text in texts if not _NO_OPTION.fullmatch(text))
    for option in list(distinct)[:OPTIONS_MAX]:
        length_left -= len(option)
        if length_left < 0:
            return
        yield option


def _text(value: object, longest: int) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return line_of(str(value), longest)


def _word(value: object) -> str:
    return _text(value, FIELD_MAX).lower().replace("-", "_").replace(" ", "_")


def _is_true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in _TRUE)


def _count(value: object, most: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value <= most else None
