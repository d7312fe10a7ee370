"""What two numbers say of pay: for which period, which mistakes can be put right, and what is dropped."""

import pytest

from activities.adverts.salary import BANDS, Pay, pay_of
from models.countries import COUNTRIES
from models.enums import PayPeriod

HOUR, DAY, MONTH, YEAR = PayPeriod.HOUR, PayPeriod.DAY, PayPeriod.MONTH, PayPeriod.YEAR
NOTHING = (None, None, None)
NAN, ENDLESS = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("low", "high", "currency", "contract_type", "pay"),
    [
        # a year, as Adzuna mostly has it
        (40000, 55000.5, "GBP", None, (40000, 55000.5, YEAR)),
        (40000, None, "EUR", None, (40000, None, YEAR)),
        (None, 50000, "EUR", "contract", (None, 50000, YEAR)),
        (50474.12, 50474.12, "USD", None, (50474.12, 50474.12, YEAR)),
        (600000, 1200000, "INR", None, (600000, 1200000, YEAR)),
        (60000, 96000, "PLN", None, (60000, 96000, YEAR)),
        # the wrong order
        (50000, 40000, "EUR", None, (40000, 50000, YEAR)),
        # another period, where no other has such amounts
        (12, 14, "GBP", None, (12, 14, HOUR)),
        (5, 7, "EUR", None, (5, 7, HOUR)),
        (80, 95, "USD", "contract", (80, 95, HOUR)),
        (400, 400, "EUR", "contract", (400, 400, DAY)),
        (500, 650, "GBP", "contract", (500, 650, DAY)),
        (2400, 2800, "EUR", None, (2400, 2800, MONTH)),
        (20000, 25000, "INR", None, (20000, 25000, MONTH)),
        (6000, 9000, "PLN", None, (6000, 9000, MONTH)),
        (3000, None, "BRL", None, (3000, None, MONTH)),
        # may be either, or neither
        (45, 60, "EUR", "permanent", (45, 60, None)),
        (45, 60, "EUR", None, (45, 60, None)),
        (400, 400, "EUR", "permanent", (400, 400, None)),
        (150, 180, "EUR", "contract", (150, 180, None)),
        (900, 1400, "EUR", "contract", (900, 1400, None)),
        (8500, 8500, "EUR", None, (8500, 8500, None)),
        (150000, 180000, "INR", None, (150000, 180000, None)),
        (2000, 30000, "EUR", None, (2000, 30000, None)),
        (1, 2, "EUR", None, (1, 2, None)),
        # thousands, where it is evident
        (45, 45000, "EUR", None, (45000, 45000, YEAR)),
        (45, 60000, "GBP", None, (45000, 60000, YEAR)),
        (60000, 45, "USD", None, (45000, 60000, YEAR)),
        (47.5, 50000, "EUR", None, (47500, 50000, YEAR)),
        (45, 45.0, "EUR", None, (45, 45, None)),
        (30, 45000, "EUR", None, (None, 45000, YEAR)),
        (15, 31200, "GBP", None, (None, 31200, YEAR)),
        (20, 30000, "EUR", None, (None, 30000, YEAR)),
        (20, 29999, "EUR", None, (20000, 29999, YEAR)),
        (20, 48001, "EUR", None, (20000, 48001, YEAR)),
        (31, 62000, "EUR", None, (31000, 62000, YEAR)),
        # a maximum in thousands; what is left where nothing can be put right stays the end that it was
        (20000, 30, "EUR", None, (20000, 30000, YEAR)),
        (20000, 61, "EUR", None, (20000, None, YEAR)),
        (45000, 12, "EUR", None, (45000, None, YEAR)),
        (12, 60000, "EUR", None, (None, 60000, YEAR)),
        (60, 45000, "EUR", None, (None, 45000, YEAR)),
        (500, 45000, "EUR", None, (None, 45000, YEAR)),
        # no pay at all
        (None, None, "EUR", None, NOTHING),
        (0, 0, "EUR", None, NOTHING),
        (0, 50000, "EUR", None, (None, 50000, YEAR)),
        (-5, 50000, "EUR", None, (None, 50000, YEAR)),
        (-50000, -40000, "EUR", None, NOTHING),
        (1e9, 1e9, "EUR", None, NOTHING),
        (40000, 1e9, "EUR", None, (40000, None, YEAR)),
        (10**400, 5, "EUR", None, (None, 5, HOUR)),
        (NAN, ENDLESS, "EUR", None, NOTHING),
        (-ENDLESS, NAN, "EUR", None, NOTHING),
        ("40000", "50000", "EUR", None, NOTHING),
        (True, False, "EUR", None, NOTHING),
        ([40000], {"a": 1}, "EUR", None, NOTHING),
        (2400, 2800, "EUR", ["contract"], (2400, 2800, MONTH)),
    ],
)
def test_pay_is_read(low: object, high: object, currency: str, contract_type: object, pay: Pay) -> None:
    assert pay_of(low, high, currency, contract_type) == pay


def test_every_currency_is_known_and_has_believable_periods() -> None:
    assert set(BANDS) == set(COUNTRIES.values())
    for bands in BANDS.values():
        for start, end in (bands.hour, bands.day, bands.month, bands.year):
            assert 0 < start < end
        assert bands.hour[0] < bands.plain_hour < bands.hour[1]
        assert bands.plain_hour < bands.month[0] < bands.year[0]


def test_the_ends_are_always_in_order_and_positive() -> None:
    amounts = [None, 0, -1, 0.5, 5, 45, 100, 400, 800, 1500, 8000, 9000, 45000, 3_000_000, 3_000_001, NAN]
    for currency in BANDS:
        for low in amounts:
            for high in amounts:
                pay = pay_of(low, high, currency)
                assert pay.low is None or pay.low > 0
                assert pay.low is None or pay.high is None or pay.low <= pay.high
                assert pay.period is None or pay.low or pay.high
