"""Reads facts off pages (a confirmation, a form's questions) and puts them into a data schema's shape."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urljoin

from local.skyvern.browser.obstacles import (
    CAPTCHA,
    JOB_CLOSED,
    LOGIN_REQUIRED,
    NOT_A_FORM,
    UNSAFE_REQUEST,
    Obstacle,
)
from local.skyvern.browser.page import Control, Kind, Page

Schema = dict[str, Any]
Values = dict[str, Any]

_RECEIVED = re.compile(
    r"application (was |has been )?(received|submitted)|thank you for (applying|your appl)", re.IGNORECASE
)
_REFERENCE = re.compile(r"confirmation (?:id|number|code)(?: is)?:? *([A-Z0-9][A-Z0-9-]{3,})", re.IGNORECASE)
_STEP = re.compile(r"[?&](page|step)=\d+")
# The words by which schemas tend to name a kind of control, the most telling first.
_KIND_WORDS: dict[Kind, tuple[str, ...]] = {
    Kind.SINGLE: ("single", "single_choice", "select", "choice", "dropdown", "radio"),
    Kind.MULTI: ("multi", "multiple_choice", "multi_select", "multiselect", "checkboxes", "checkbox"),
    Kind.BOOLEAN: ("boolean", "checkbox", "tick"),
    Kind.TEXTAREA: ("textarea", "long_text", "text"),
    Kind.EMAIL: ("email", "text"),
    Kind.TEL: ("tel", "phone", "text"),
    Kind.URL: ("url", "text"),
    Kind.NUMBER: ("number", "integer", "text"),
    Kind.DATE: ("date", "text"),
    Kind.FILE: ("file", "upload"),
}
# Which fact answers a property, by a word in the property's name; the first that fits decides.
_OF_RUN = (
    (r"question|field", "questions"),
    (r"confirm|reference", "confirmation_id"),
    (r"submitted|success|received|applied", "submitted"),
    (r"closed", "closed"),
    (r"captcha", "captcha"),
    (r"login|sign_in|account", "login_required"),
    (r"unsafe", "unsafe"),
    (r"obstacle|blocked|reason", "obstacle"),
    (r"page", "pages"),
    (r"message|text|summary", "message"),
    (r"title|heading", "title"),
)
_OF_QUESTION = (
    (r"max|limit", "max_length"),
    (r"required|mandatory", "required"),
    (r"option|choice", "options"),
    (r"kind|type", "kind"),
    (r"label|question|title|text", "label"),
    (r"name|id|key|field", "name"),
    (r"page|step", "page"),
    (r"hint|placeholder|help", "hint"),
)


def confirmation_on(page: Page) -> Values:
    """Return `submitted` and `confirmation_id` as the page tells them; None for what it does not tell."""
    received = _RECEIVED.search(f"{page.heading} {page.text}") is not None
    by_words = _REFERENCE.search(page.text)
    reference = page.ids.get("confirmation-id") or (by_words[1] if by_words else None)
    return {
        "submitted": True if received else None,
        "confirmation_id": reference if received else None,
        "message": page.text[:500] or None,
        "title": page.heading or page.title,
    }


def questions_on(pages: Sequence[Page], obstacle: Obstacle | None) -> Values:
    """Return what a form asks, page by page, and what stands before it."""
    code = obstacle.code if obstacle is not None else None
    questions = [
        _question(control, number)
        for number, page in enumerate(pages, start=1)
        for control in (page.form.controls if page.form is not None else [])
    ]
    return {
        "questions": [] if code in {LOGIN_REQUIRED, JOB_CLOSED} else questions,
        "pages": len(pages),
        "title": pages[0].heading or pages[0].title,
        "message": pages[0].text[:500] or None,
        "closed": code == JOB_CLOSED,
        "captcha": code == CAPTCHA,
        "login_required": code == LOGIN_REQUIRED,
        "sso_required": False,
        "account_required": False,
        "site_blocked": False,
        "not_a_form": code == NOT_A_FORM,
        "form_url": pages[0].url,
        "later_pages": [] if code is not None else _later_pages(pages[0]),
        "unsafe": code == UNSAFE_REQUEST,
        "obstacle": code,
    }


def _later_pages(page: Page) -> list[str]:
    """Return the addresses of the steps that a form's page links to; the first is the page itself."""
    return [urljoin(page.url, link.href) for link in page.links if _STEP.search(link.href)][1:]


def asks_for_questions(schema: object) -> bool:
    """Tell whether a data schema asks what a form asks, rather than what came of it."""
    if not isinstance(schema, dict):
        return False
    named = schema.get("properties", {})
    return schema.get("type") == "array" or any(_fact_named(name) == "questions" for name in named)


def _question(control: Control, page: int) -> Values:
    return {
        "label": control.label,
        "name": control.name,
        "kind": control.kind,
        "required": control.required,
        "options": [option.text for option in control.options] if control.kind is not Kind.BOOLEAN else [],
        "max_length": control.max_length,
        "page": page,
        "hint": control.hint or None,
    }


def shaped(values: Values, schema: object) -> object:
    """Return what is known in the shape that a schema asks for; properties nobody can answer are null."""
    if not isinstance(schema, dict):
        return {key: value for key, value in values.items() if value is not None}
    definitions = schema.get("$defs") or schema.get("definitions") or {}
    resolve = _resolver(definitions)
    top = resolve(schema)
    if top.get("type") == "array":
        return _array(values.get("questions"), top, resolve)
    return {
        name: _property(values, name, resolve(wanted), resolve)
        for name, wanted in top.get("properties", {}).items()
    }


Resolve = Callable[[object], Schema]


def _resolver(definitions: Schema) -> Resolve:
    def resolve(schema: object) -> Schema:
        if not isinstance(schema, dict):
            return {}
        if "$ref" in schema:
            return resolve(definitions.get(str(schema["$ref"]).rpartition("/")[2]))
        for key in ("anyOf", "oneOf"):
            for choice in schema.get(key, ()):
                if isinstance(choice, dict) and choice.get("type") != "null":
                    return resolve(choice)
        return schema

    return resolve


def _property(values: Values, name: str, wanted: Schema, resolve: Resolve) -> object:
    value = _fact(values, name, _OF_RUN)
    if wanted.get("type") == "array":
        return _array(value, wanted, resolve)
    return value if _fits(value, wanted) else None


def _array(questions: object, wanted: Schema, resolve: Resolve) -> list[object]:
    if not isinstance(questions, list):
        return []
    if all(isinstance(each, str) for each in questions):
        return list(questions)
    item = resolve(wanted.get("items"))
    if item.get("type") == "string":
        return [question["label"] for question in questions]
    properties = item.get("properties")
    if not isinstance(properties, dict):
        return questions
    return [
        {name: _of_question(question, name, resolve(part)) for name, part in properties.items()}
        for question in questions
    ]


def _of_question(question: Values, name: str, wanted: Schema) -> object:
    value = _fact(question, name, _OF_QUESTION)
    if isinstance(value, Kind):
        words = (value.value, *_KIND_WORDS.get(value, ()))
        allowed = wanted.get("enum")
        if not isinstance(allowed, list):
            return value.value
        return next((word for word in words if word in allowed), None)
    if wanted.get("type") == "array":
        return value if isinstance(value, list) else []
    return value if _fits(value, wanted) else None


def _fact(values: Values, name: str, table: tuple[tuple[str, str], ...]) -> object:
    if name in values:
        return values[name]
    return next((values.get(key) for words, key in table if re.search(words, name.lower())), None)


def _fact_named(name: str) -> str | None:
    return next((key for words, key in _OF_RUN if re.search(words, name.lower())), None)


def _fits(value: object, wanted: Schema) -> bool:
    types: dict[str, type | tuple[type, ...]] = {
        "boolean": bool,
        "string": str,
        "integer": int,
        "number": (int, float),
        "array": list,
    }
    expected = types.get(str(wanted.get("type")))
    if expected is None:
        return True
    return isinstance(value, expected) and (expected is bool or not isinstance(value, bool))
