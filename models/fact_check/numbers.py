"""Numbers, amounts, durations and months in text, each in one form whatever its spelling."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from models.fact_check.number_words import CURRENCIES, DURATIONS, MAGNITUDES, MONTHS, PERCENT, VALUES

FIRST_YEAR, LAST_YEAR = 1900, 2099
MONTHS_A_YEAR = 12
THOUSAND_DIGITS = 3

Month = tuple[int, int]


class Number(NamedTuple):
    """A value with what it counts: a year, a percentage, a currency, a unit of time, or nothing."""

    value: float
    kind: str = ""


_WORD_AFTER = r"[\s\-]{0,2}([^\W\d_]+|%|[$€£¥₹])"
_DIGITS = re.compile(
    r"(?<![^\W_])([$€£¥₹])?\s?(\d+(?:[.,']\d+)*)(\s?%|[a-zA-Z]{1,2}(?![^\W_])|\+)?(?![^\W_])"
)
_MIXED_ORDINAL = frozenset({"st", "nd", "rd", "th"})
_SPELLED = re.compile(r"[^\W\d_]+")
_YEAR = r"((?:19|20)\d{2})"
_NAMED_MONTH = re.compile(rf"([^\W\d_]{{3,12}})\.?,?\s+(?:of\s+|de\s+|del\s+|\d{{1,2}},?\s+)?{_YEAR}(?!\d)")
_MONTH_FIRST = re.compile(rf"(?<![\d./\-])(?:\d{{1,2}}[./\-])?(0?[1-9]|1[0-2])[./\-]{_YEAR}(?!\d)")
_YEAR_FIRST = re.compile(rf"(?<!\d){_YEAR}[./\-](0[1-9]|1[0-2])(?:[./\-]\d{{1,2}})?(?!\d)")


def numbers_in(text: str) -> Iterator[tuple[Number, str]]:
    """Yield every number of a visible text with its spelling, dates of a month apart."""
    rest = _without_months(text)
    for match in _DIGITS.finditer(rest):
        yield from _digits(match, rest)
    for match in _SPELLED.finditer(rest):
        value = VALUES.get(match.group().casefold())
        if value is not None:
            factor, kind, _ = _after(rest, match.end())
            if value > 1 or factor > 1 or kind:
                yield Number(value * factor, kind), _around(rest, match)


def months_in(text: str) -> Iterator[tuple[Month, str]]:
    """Yield every month of a year that a visible text names, as (year, month), with its spelling."""
    for match in _NAMED_MONTH.finditer(text):
        month = MONTHS.get(match.group(1).casefold())
        if month is not None:
            yield (int(match.group(2)), month), match.group()
    for match in _MONTH_FIRST.finditer(text):
        yield (int(match.group(2)), int(match.group(1))), match.group()
    for match in _YEAR_FIRST.finditer(text):
        yield (int(match.group(1)), int(match.group(2))), match.group()


def _without_months(text: str) -> str:
    """Return text in which a date is but its year: the month is looked at by itself."""
    text = _YEAR_FIRST.sub(r"\1", text)
    return _MONTH_FIRST.sub(r"\2", text)


def _digits(match: re.Match[str], text: str) -> Iterator[tuple[Number, str]]:
    sign, digits, suffix = match.group(1), match.group(2), (match.group(3) or "").strip().casefold()
    value = _value(digits)
    if suffix.isalpha() and suffix not in _MIXED_ORDINAL and suffix not in MAGNITUDES:
        # 3x, 24h, 5g
        yield Number(value, DURATIONS.get(suffix, suffix)), match.group().strip()
        return
    factor = MAGNITUDES.get(suffix, 1)
    more, kind, _ = _after(text, match.end())
    if suffix == "%":
        kind = PERCENT
    elif sign:
        kind = CURRENCIES[sign]
    elif not kind and factor * more == 1 and digits.isdigit() and FIRST_YEAR <= value <= LAST_YEAR:
        kind = "date"
    yield Number(value * factor * more, kind), _around(text, match)
    if suffix == "+":
        yield Number(value * factor * more, f"{kind}+"), _around(text, match)


def _value(digits: str) -> float:
    """Return the value of digits with whatever separators; three digits behind one are thousands."""
    parts = re.split(r"[.,']", digits)
    if len(parts) == 1:
        return float(digits)
    *whole, last = parts
    if len(last) == THOUSAND_DIGITS:
        return float("".join(parts))
    return float(f"{''.join(whole)}.{last}")


def _after(text: str, place: int) -> tuple[float, str, int]:
    """Return by what the words behind a number multiply it, what it then counts, and where they end."""
    factor, kind = 1.0, ""
    while match := re.compile(_WORD_AFTER).match(text, place):
        word = match.group(1).casefold()
        if word in MAGNITUDES and len(word) > 1:
            factor *= MAGNITUDES[word]
        elif word in CURRENCIES or word in DURATIONS:
            return factor, CURRENCIES.get(word) or DURATIONS[word], match.end()
        elif word in {"%", "percent", "per", "pct", "prozent"}:
            return factor, PERCENT, match.end()
        else:
            break
        place = match.end()
    return factor, kind, place


def _around(text: str, match: re.Match[str]) -> str:
    end = _after(text, match.end())[2]
    return text[match.start() : max(end, match.end())].strip()
