"""Fills a form from what was given, by plain rules; where nothing was given nothing is entered."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from local.skyvern.browser.facts import Facts, Given, file_key
from local.skyvern.browser.page import LETTER_WORDS, RESUME_WORDS, Control, Form, Kind, Option
from local.skyvern.browser.session import Filled, Upload
from local.skyvern.browser.topics import country_code, country_in, normal, topic_of

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_YES = frozenset({"yes", "true", "on", "1"})
_FILES = (("resume", RESUME_WORDS), ("letter", LETTER_WORDS))
_BY_COUNTRY = frozenset({"work_authorisation", "sponsorship"})


@dataclass
class Filling:
    """A filled form, and the labels of required questions that nothing was given for."""

    filled: Filled
    missing: list[str] = field(default_factory=list)


def fill(form: Form, facts: Facts, files: dict[str, Upload]) -> Filling:
    """Enter what is known into every control of a form."""
    filling = Filling(Filled(form, {}))
    for control in form.controls:
        entered = _attach(control, filling.filled, facts, files) if control.kind is Kind.FILE else None
        if control.kind is not Kind.FILE and (values := answer_to(control, facts)):
            filling.filled.answers[control.name] = values
            entered = True
        if control.required and not entered:
            filling.missing.append(control.label)
    return filling


def _attach(control: Control, filled: Filled, facts: Facts, files: dict[str, Upload]) -> bool:
    """Attach the file that the answer to an upload names; without an answer, the one its words ask for."""
    words, given = f"{control.label} {control.name}", _given_exactly(control, facts)
    if given:
        wanted = next((str(each.answer) for each in given if each.answer), "")
    else:
        wanted = next((name for name, asks in _FILES if asks.search(words)), "")
    file = files.get(file_key(wanted)) if wanted else None
    if file is None:
        return False
    filled.files[control.name] = file
    return True


def answer_to(control: Control, facts: Facts) -> list[str]:
    """Return what is to be entered into a control: nothing where no answer was given or none fits."""
    for value in _candidates(control, facts):
        if entered := _enter(control, value):
            return entered
    return []


def _candidates(control: Control, facts: Facts) -> list[Any]:
    """Return what was given for this very field or question, if only a blank; else by topic, then facts."""
    topic = topic_of(control.label)
    exact = _given_exactly(control, facts)
    if exact:
        return [given.answer for given in exact if given.answer is not None]
    job_country = country_code(str(facts.about.get("job_country") or ""))
    asked = country_in(control.label) or job_country
    by_topic = [g.answer for g in facts.given if topic and g.topic == topic and _holds(g, control, asked)]
    known = [facts.about[key] for key in (control.name, topic) if key in facts.about]
    return [value for value in (*by_topic, *known) if value is not None]


def _given_exactly(control: Control, facts: Facts) -> list[Given]:
    """Return what was given for a field by its name, else for a question by its words."""
    by_name = [given for given in facts.given if given.name and given.name == control.name]
    if by_name:
        return by_name
    label = normal(control.label)
    return [given for given in facts.given if given.question and normal(given.question) == label]


def _holds(given: Given, control: Control, asked: str) -> bool:
    """Tell whether an answer to a topic holds for this question: for its skill, and the country asked."""
    if given.topic == "years_with":
        return bool(given.qualifier) and normal(given.qualifier) in normal(control.label)
    if given.topic in _BY_COUNTRY:
        about = given.country or country_in(given.question)
        # Where the form and the run name no country, an answer for one country is as good as a guess.
        return asked == about or not about
    return True


def _enter(control: Control, value: object) -> list[str]:
    if control.kind is Kind.BOOLEAN:
        return [control.options[0].value] if _text(value).lower() in _YES else []
    if control.options:
        return _choose(control, value)
    text = _text(value).strip()
    if control.kind is Kind.NUMBER:
        numbers = _NUMBER.findall(text.replace(",", ""))
        return numbers if len(numbers) == 1 else []
    if control.kind is Kind.DATE:
        return [text] if _is_date(text) else []
    # A browser stops typing where the control is full.
    return [text[: control.max_length]] if text else []


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return ", ".join(_text(part) for part in value) if isinstance(value, list) else str(value)


def _choose(control: Control, value: object) -> list[str]:
    wanted = value if isinstance(value, list) else [value]
    if control.kind is Kind.MULTI and isinstance(value, str):
        wanted = value.split(",")
    chosen = [option.value for part in wanted if (option := _option(control.options, _text(part)))]
    if len(chosen) < len(wanted) and control.kind is not Kind.MULTI:
        return []
    return chosen if control.kind is Kind.MULTI else chosen[:1]


def _option(options: list[Option], text: str) -> Option | None:
    """Return the option that says the same, else the only one that begins with it or that it begins with."""
    wanted = normal(text)
    if not wanted:
        return None
    for option in options:
        if wanted in {normal(option.text), normal(option.value)}:
            return option
    close = [o for o in options if _begins(normal(o.text), wanted) or _begins(wanted, normal(o.text))]
    return close[0] if len(close) == 1 else None


def _begins(text: str, start: str) -> bool:
    return bool(start) and text.startswith(f"{start} ")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
