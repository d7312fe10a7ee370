"""What a browser sees of an HTML page: its text, links, and forms with labelled controls."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

RESUME_WORDS = re.compile(r"r[ée]sum[ée]|\bcv\b|curriculum", re.IGNORECASE)
LETTER_WORDS = re.compile(r"\bletter\b", re.IGNORECASE)
_NEXT = re.compile(r"\b(continue|next|save and continue|proceed)\b", re.IGNORECASE)


class Kind(StrEnum):
    """What a control lets a person enter."""

    TEXT = "text"
    TEXTAREA = "textarea"
    EMAIL = "email"
    TEL = "tel"
    URL = "url"
    NUMBER = "number"
    DATE = "date"
    FILE = "file"
    PASSWORD = "password"  # noqa: S105 - the name of an HTML control, no password
    SINGLE = "single"
    MULTI = "multi"
    BOOLEAN = "boolean"


@dataclass
class Option:
    """One choice: what is posted, and what is read."""

    value: str
    text: str


@dataclass
class Control:
    """One visible control, or one group of radio buttons or checkboxes."""

    name: str
    kind: Kind
    label: str = ""
    required: bool = False
    options: list[Option] = field(default_factory=list)
    max_length: int | None = None
    hint: str = ""


@dataclass
class Form:
    """One form: `hidden` is posted as it is, `controls` wait to be filled."""

    action: str
    method: str
    encoding: str
    hidden: dict[str, str] = field(default_factory=dict)
    controls: list[Control] = field(default_factory=list)
    button: str = ""

    @property
    def submits(self) -> bool:
        """Whether the button ends the application; only words that promise another page say otherwise."""
        return not _NEXT.search(self.button)


@dataclass
class Link:
    """One link with its text."""

    href: str
    text: str


@dataclass
class Page:
    """A page that was loaded from `url` with an HTTP status."""

    url: str
    status: int
    html: str
    title: str = ""
    heading: str = ""
    text: str = ""
    links: list[Link] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    has_captcha: bool = False

    @property
    def form(self) -> Form | None:
        """Return the form with the most controls, which is the application if there is one."""
        return max(self.forms, key=lambda form: len(form.controls), default=None)

    def control_of_kind(self, kind: Kind) -> bool:
        """Tell whether any form has a control of a kind."""
        return any(control.kind is kind for form in self.forms for control in form.controls)
