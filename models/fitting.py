"""Puts an answer into the form of one question, or finds that it does not fit. Nothing is guessed or cut."""

import math
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from models.answering_enums import DocumentKind, QuestionKind, Topic
from models.question import Question, Value
from models.ranges import number_of, option_of_days, option_of_number
from models.text import CONTROL, LINE_BREAKS
from models.yes_no import NO, YES, agreement, decline_option, is_decline, normal, says, says_plainly

K = QuestionKind

CHOICES = frozenset({K.SINGLE, K.MULTI, K.BOOLEAN})

_DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d")


@dataclass(frozen=True)
class Days:
    """A span of time, such as a notice period."""

    days: int


Typed = bool | int | float | date | Days | str | list[str]
"""An answer before it is put into a question's form."""


@dataclass(frozen=True)
class Outside:
    """The outside of an answer, with none of its words; see workflows.messages.GivenShape."""

    chosen: int = 0
    unknown: int = 0
    length: int = 0
    is_readable: bool = True


def fit(question: Question, value: Typed) -> Value | None:
    """Return the answer as it is entered into a question, None where it does not fit."""
    if question.kind is K.FILE:
        return value if isinstance(value, str) and value in set(DocumentKind) else None
    if _is_choice(question):
        return _choice(question, value)
    text = _text(question.kind, value)
    if not text or (question.max_length is not None and length_of(text) > question.max_length):
        return None
    return text


def given_shape(question: Question, value: Typed) -> Outside:
    """Return the outside of what a person has given; it shows a fault wherever `fit` returns None."""
    if question.kind in CHOICES and question.options:
        return _outside_of_choice(question, value)
    fitted = fit(question, value)
    if question.kind in {K.FILE, K.BOOLEAN}:
        return Outside(length=1, is_readable=fitted is not None and question.kind is K.BOOLEAN)
    text = _text(question.kind, value)
    return Outside(length=length_of(text) if text else 0, is_readable=text is not None)


def _is_choice(question: Question) -> bool:
    """Tell whether an answer is chosen; a choice whose options could not be read is typed in."""
    return question.kind is K.BOOLEAN or (question.kind in CHOICES and bool(question.options))


def length_of(text: str) -> int:
    """Return a text's length as browsers count it: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def option_like(options: list[str], text: str) -> str | None:
    """Return the one option that is this text, but for case, accents and punctuation; None for none."""
    if text in options:
        return text
    wanted = normal(text)
    found = [option for option in options if wanted and normal(option) == wanted]
    return found[0] if len(found) == 1 else None


def _outside_of_choice(question: Question, value: Typed) -> Outside:
    fitted = fit(question, value)
    if fitted is not None:
        return Outside(chosen=len(fitted) if isinstance(fitted, list) else 1)
    if value in ("", []):
        return Outside()
    given = list(dict.fromkeys(value)) if isinstance(value, list) else [value]
    known = sum(_option(question, each) is not None for each in given)
    return Outside(chosen=known, unknown=len(given) - known)


def _choice(question: Question, value: Typed) -> Value | None:
    given = list(dict.fromkeys(value)) if isinstance(value, list) else [value]
    if not question.options:
        said = _said(given[0]) if len(given) == 1 else None
        return None if said is None else ("Yes" if said else "No")
    chosen = [option for each in given if (option := _option(question, each)) is not None]
    if len(chosen) != len(given) or not chosen:
        return None
    if question.kind is K.MULTI:
        return sorted(set(chosen), key=question.options.index)
    return chosen[0] if len(set(chosen)) == 1 else None


def _option(question: Question, value: Typed) -> str | None:
    """Return the option that an answer means; None where none does, or several may."""
    options = question.options
    if isinstance(value, bool):
        return _option_of_bool(question, said=value)
    if isinstance(value, Days):
        return option_of_days(options, value.days)
    if isinstance(value, int | float):
        return option_like(options, _number_text(value) or "") or option_of_number(options, value)
    if isinstance(value, str):
        said = _said(value)
        return option_like(options, value) or (None if said is None else _option_of_bool(question, said=said))
    return option_like(options, value.isoformat()) if isinstance(value, date) else None


def _option_of_bool(question: Question, *, said: bool) -> str | None:
    options = question.options
    if question.kind is K.BOOLEAN and len(options) == 1:
        # a box to tick: it cannot say no
        return options[0] if said else None
    if not {True, False} <= {says(each) for each in options}:
        # "no restrictions" among citizens and visas answers something else than yes or no
        return _agreement(options) if said and question.topic is Topic.CONSENT else None
    plain = [each for each in options if normal(each) in (YES if said else NO)]
    found = plain or [each for each in options if says_plainly(each) is said]
    if question.topic is Topic.WORK_AUTHORISATION:
        found = [each for each in found if "sponsor" not in normal(each) and "visa" not in normal(each)]
    return found[0] if len(found) == 1 else None


def _agreement(options: list[str]) -> str | None:
    """Return the option that agrees: the one that says so, or a single yes."""
    return options[0] if len(options) == 1 and says_plainly(options[0]) else agreement(options)


def _said(value: Typed) -> bool | None:
    """Return what a plain yes or no says."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    word = normal(value)
    return word in YES if word in YES | NO else None


def _text(kind: QuestionKind, value: Typed) -> str | None:
    """Return an answer in words, None where it cannot be read as its kind."""
    if kind is K.NUMBER:
        return _number_of(value)
    if kind is K.DATE:
        return _date_of(value)
    text = _words(value)
    if text is None:
        return None
    text = text.strip() if kind is K.TEXTAREA else " ".join(text.split())
    return text if _is_clean(text) else None


def _words(value: Typed) -> str | None:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int | float):
        return _number_text(value)
    if isinstance(value, Days):
        return f"{value.days} day" if value.days == 1 else f"{value.days} days"
    if isinstance(value, date):
        return value.isoformat()
    return ", ".join(value) if isinstance(value, list) else value


def _is_clean(text: str) -> bool:
    return all(
        unicodedata.category(char) != "Cs" and (char in LINE_BREAKS or unicodedata.category(char) != CONTROL)
        for char in text
    )


def _number_of(value: Typed) -> str | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        number = number_of(value)
        return None if number is None else _number_text(number)
    # no form asks for less than nothing, and a text that says so is not read either
    return _number_text(value) if isinstance(value, int | float) and value >= 0 else None


def _number_text(number: float) -> str | None:
    if not math.isfinite(number):
        return None
    return str(int(number)) if number == int(number) else f"{number:.2f}".rstrip("0")


def _date_of(value: Typed) -> str | None:
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return None
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(value.strip(), form).date().isoformat()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    return None


def refit(question: Question, value: Typed) -> Value | None:
    """Return an answer to one form's question put into another's form; None where it does not fit.

    What is not an option as it stands may still be a plain yes or no, or a way of not answering.
    """
    fitted = fit(question, value)
    if fitted is not None or not isinstance(value, str) or question.kind not in CHOICES:
        return fitted
    if is_decline(value):
        declined = decline_option(question.options)
        return None if declined is None else fit(question, declined)
    said = says_plainly(value)
    return None if said is None else fit(question, said)
