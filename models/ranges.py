"""Options that are amounts: "2-4 years", "1 month", "more than 3 months", "£40,000 - £50,000", "5+"."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.yes_no import normal

THOUSAND = 1000

_NUMBER = re.compile(r"(\d{1,3}(?:[.,\u2019' ]\d{3})+|\d+(?:[.,]\d{1,2})?)\s?(k\b)?", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:[.,\u2019' ]\d{3})+")
_MORE = re.compile(
    r"\b(?:more than|over|above|greater than|mehr als|uber|plus de|mas de|piu di|oltre|meer dan|powyzej|ponad"
    r"|mais de)\b"
    r"|^>"
)
_AT_LEAST = re.compile(
    r"\+|\b(?:or more|and more|and above|or above|at least|oder mehr|et plus|o mas|o piu|of meer)\b"
)
_LESS = re.compile(
    r"\b(?:less than|under|below|fewer than|weniger als|unter|moins de|menos de|meno di|minder dan|ponizej"
    r"|mniej niz)\b"
    r"|^<"
)
_AT_MOST = re.compile(r"\b(?:up to|at most|bis zu|jusqu a|hasta|fino a|tot|do|ate)\b")
_NOTHING = frozenset(
    {
        "none",
        "0",
        "no notice",
        "no notice period",
        "immediate",
        "immediately",
        "immediately available",
        "keine",
    }
    | {
        "sofort",
        "ab sofort",
        "aucun",
        "immediat",
        "immediatement",
        "ninguno",
        "inmediata",
        "inmediato",
        "nessuno",
    }
    | {
        "immediata",
        "immediato",
        "geen",
        "per direct",
        "brak",
        "natychmiast",
        "nenhum",
        "imediato",
        "no experience",
    }
)
_UNITS = (
    ("day", re.compile(r"\b(?:days?|tage?n?|jours?|dias?|giorn[oi]|dag(?:en)?|dni|dzien)\b")),
    (
        "week",
        re.compile(r"\b(?:weeks?|wochen?|semaines?|semanas?|settiman[ae]|we(?:ek|ken)|tydzien|tygodni\w*)\b"),
    ),
    ("month", re.compile(r"\b(?:months?|monate?n?|mois|mes(?:es|i|e)?|maand(?:en)?|miesi\w+)\b")),
    ("year", re.compile(r"\b(?:years?|yrs?|jahre?n?|ans?|annees?|anos?|ann[oi]|jaar|jaren|lata?|rok)\b")),
)
_DAYS_OF = {"day": (1, 1), "week": (7, 7), "month": (30, 31)}


@dataclass(frozen=True)
class Range:
    """From `low` to `high`; `open_low` and `open_high` leave out the end itself."""

    low: float
    high: float
    open_low: bool = False
    open_high: bool = False
    unit: str = ""

    def holds(self, number: float) -> bool:
        """Tell whether a number lies within."""
        above = number > self.low if self.open_low else number >= self.low
        below = number < self.high if self.open_high else number <= self.high
        return above and below


def number_of(text: str) -> float | None:
    """Read a text that is one number, with or without separators of thousands; None for any other."""
    found = _NUMBER.fullmatch(text.strip())
    return None if found is None else _read(found)


def _read(found: re.Match[str]) -> float:
    digits = found[1]
    plain = re.sub(r"[.,\u2019' ]", "", digits) if _GROUPED.fullmatch(digits) else digits.replace(",", ".")
    return float(plain) * (THOUSAND if found[2] else 1)


def range_of(option: str) -> Range | None:
    """Read an option that is an amount or a range of amounts; None for any other."""
    text = normal(option)
    unit = next((name for name, pattern in _UNITS if pattern.search(text)), "")
    if text in _NOTHING:
        return Range(0, 0)
    numbers = [_read(found) for found in _NUMBER.finditer(option)]
    pair = 2
    if len(numbers) == pair and numbers[0] < numbers[1]:
        return Range(numbers[0], numbers[1], unit=unit)
    if len(numbers) != 1:
        return None
    return _half_open(
        numbers[0], f"{option.strip()[:1]}{text}" if option.strip()[:1] in "<>" else text, option, unit
    )


def _half_open(number: float, text: str, option: str, unit: str) -> Range:
    if _MORE.search(text):
        return Range(number, math.inf, open_low=True, unit=unit)
    if "+" in option or _AT_LEAST.search(text):
        return Range(number, math.inf, unit=unit)
    if _LESS.search(text):
        return Range(0, number, open_high=True, unit=unit)
    if _AT_MOST.search(text):
        return Range(0, number, unit=unit)
    return Range(number, number, unit=unit)


def option_of_number(options: Sequence[str], number: float) -> str | None:
    """Return the one option that holds a number; None where none does, or several do."""
    found = [each for each in options if (span := range_of(each)) is not None and span.holds(number)]
    ends = [each for each in found if (span := range_of(each)) is not None and span.high < math.inf]
    if len(found) > 1 and not ends:
        # "1+", "3+", "5+": the most that is still true
        return max(found, key=lambda each: (range_of(each) or Range(0, 0)).low)
    return found[0] if len(found) == 1 else None


def option_of_days(options: Sequence[str], days: int) -> str | None:
    """Return the one option that means so many days; None where none does, or several do."""
    found = [each for each in options if _means(each, days)]
    return found[0] if len(found) == 1 else None


def _means(option: str, days: int) -> bool:
    span = range_of(option)
    if span is None:
        return False
    if span.high == 0:
        return days == 0
    if span.unit not in _DAYS_OF:
        return False
    short, long = _DAYS_OF[span.unit]
    if span.low == span.high:
        return span.low * short <= days <= span.low * long
    low = span.low * (long if span.open_low else short)
    high = span.high * (short if span.open_high else long)
    return Range(low, high, span.open_low, span.open_high).holds(days)
