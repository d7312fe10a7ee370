"""Reads an advert's pay: what is a year's, what an hour's, and which mistakes can be put right.

An advert gives two numbers and neither period nor currency. The currency is that of the country; the period
is told by the amount alone where only one period has such amounts, and is null otherwise. Nothing is
converted from one period to another: nobody said how many hours a week, or months a year, are worked.
"""

import math
from typing import NamedTuple

from models.enums import ContractType, PayPeriod

THOUSAND = 1000.0
WORKING_HOURS = (1500.0, 2400.0)
"""A year's pay is so many times an hour's: 15 to 31200 is an hour's pay beside the same as a year's."""

WIDEST_REPAIR = 3.0
"""A maximum so many times the repaired minimum still makes a believable range."""

Span = tuple[float, float]


class Bands(NamedTuple):
    """What is paid in a currency: the least and the most that is believable, for each period.

    They overlap where an amount may be either. Only contractors are paid by the day or above `plain_hour`.
    """

    hour: Span
    plain_hour: float
    day: Span
    month: Span
    year: Span


def _bands(times: float, month_most: float = 8000, year_least: float = 9000) -> Bands:
    """Return the bands of a currency in which wages are so many times those in euro."""
    hour, plain_hour, day, month, year = (4, 200), 30, (100, 1500), (800, month_most), (year_least, 3_000_000)
    spans = [(low * times, high * times) for low, high in (hour, day, month, year)]
    return Bands(spans[0], plain_hour * times, spans[1], spans[2], spans[3])


BANDS: dict[str, Bands] = {
    "AUD": _bands(1.6),
    "BRL": _bands(1.8, 20_000, 10_000),
    "CAD": _bands(1.5),
    "CHF": _bands(1.2),
    "EUR": _bands(1),
    "GBP": _bands(0.9),
    "INR": _bands(12, 17_000, 10_000),
    "MXN": _bands(8, 12_000, 10_000),
    "NZD": _bands(1.7),
    "PLN": _bands(4, 10_000, 10_000),
    "SGD": _bands(1.4),
    "USD": _bands(1.1),
    "ZAR": _bands(7, 14_000, 9_000),
}
"""By currency. They follow wages, not exchange rates, so that no reading changes with the market.

Where few earn much more than most, a large monthly pay and a small yearly one are the same amount.
"""


class Pay(NamedTuple):
    """An advert's pay: its ends, the lower one first, and what it is for; null where nothing is known."""

    low: float | None
    high: float | None
    period: PayPeriod | None


NOTHING = Pay(None, None, None)


def pay_of(low: object, high: object, currency: str, contract_type: object = None) -> Pay:
    """Return the pay that an advert's two numbers say.

    Zero, negative, endless and absurd amounts are dropped, ends in the wrong order are exchanged, and an end
    in thousands beside one in full (45 to 45000) is repaired, or dropped where that would not make a
    believable range, or where it may as well be an hour's pay. What is left then stays the end that it was.
    """
    bands = BANDS[currency]
    least, most = _amount(low, bands), _amount(high, bands)
    if least is None and most is None:
        return NOTHING
    if least is not None and most is not None:
        least, most = _in_order(least, most, bands)
    return Pay(least, most, _period(least, most, bands, is_contract=contract_type == ContractType.CONTRACT))


def _amount(value: object, bands: Bands) -> float | None:
    """Return an amount that somebody may be paid; True is no number."""
    if type(value) not in {int, float}:
        return None
    assert isinstance(value, int | float)  # noqa: S101 -- tells mypy what the line above tested
    return float(value) if 0 < value <= bands.year[1] and math.isfinite(value) else None


def _in_order(least: float, most: float, bands: Bands) -> tuple[float | None, float | None]:
    """Return both ends, the lower one first, and each in the unit of a year's; one at least is kept."""
    small, large = min(least, most), max(least, most)
    if small >= bands.month[0] or large < bands.year[0]:
        return small, large
    full = small * THOUSAND
    low, high = min(full, large), max(full, large)
    # a minimum in thousands below its maximum, or a maximum in thousands above its minimum
    is_range = full <= large or least > most
    if (
        is_range
        and not _may_be_hourly(small, large, bands)
        and bands.year[0] <= low <= high <= low * WIDEST_REPAIR
    ):
        return low, high
    return (large, None) if least > most else (None, large)


def _may_be_hourly(small: float, large: float, bands: Bands) -> bool:
    fewest, most = WORKING_HOURS
    return bands.hour[0] <= small <= bands.plain_hour and small * fewest <= large <= small * most


def _period(least: float | None, most: float | None, bands: Bands, *, is_contract: bool) -> PayPeriod | None:
    """Return the only period for which both ends are believable."""
    low = least if least is not None else most
    high = most if most is not None else least
    hour = (bands.hour[0], bands.hour[1] if is_contract else bands.plain_hour)
    spans = {PayPeriod.HOUR: hour, PayPeriod.MONTH: bands.month, PayPeriod.YEAR: bands.year}
    if is_contract:
        spans[PayPeriod.DAY] = bands.day
    assert low is not None and high is not None  # noqa: S101, PT018 -- one end at least is known
    fitting = [period for period, (start, end) in spans.items() if start <= low and high <= end]
    return fitting[0] if len(fitting) == 1 else None
