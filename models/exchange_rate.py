"""Exchange rates with their date: what salaries in different currencies are compared by."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic import Field as Bounded
from sqlmodel import Field, SQLModel

from models.base import now

EURO = "EUR"
LEAST_RATE = 1e-3
MOST_RATE = 1e6
MOST_CURRENCIES = 200

_CURRENCIES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD
    BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN
    ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD
    IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD
    OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP
    SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
    UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
"""
CURRENCIES = frozenset(_CURRENCIES.split())
"""The currencies in use (ISO 4217)."""

PRICING_LOCK = 0x6A6F6273
"""The advisory lock under which ads come in, expire, and are priced anew: one after the other.

So a page counts exactly, and nothing is priced by rates that were replaced meanwhile.
"""

PRICES_MARK = "prices"
"""The name of the `sweep_mark` that is there while some salaries in euro are still by older rates.

It says up to which job they are by the new ones.
"""

SALARY_EUR = """CASE WHEN {job}.salary_period = 'year' AND NOT {job}.salary_predicted
    THEN coalesce({job}.salary_max, {job}.salary_min)
         / (SELECT per_euro FROM exchange_rate WHERE exchange_rate.currency = {job}.currency) END"""
"""The SQL of `job.salary_eur`, of a row named {job}: what the employer pays a year, and nothing else."""


class ExchangeRate(SQLModel, table=True):
    """How much of a currency (ISO 4217) one euro was on a day."""

    __tablename__ = "exchange_rate"

    currency: str = Field(primary_key=True, max_length=3)
    per_euro: float = Field(gt=0)
    as_of: date


class ExchangeRates(BaseModel):
    """The rates, and whether every salary is compared by them already."""

    rates: list[ExchangeRate]
    is_applied: bool


def _known(currency: str) -> str:
    if currency not in CURRENCIES:
        raise ValueError("is no currency in use")
    return currency


def _not_ahead(day: date) -> date:
    if day > now().date():
        raise ValueError("must not be in the future")
    return day


class RateGiven(BaseModel):
    """How much of a currency one euro is."""

    model_config = ConfigDict(extra="forbid")

    currency: Annotated[str, StringConstraints(to_upper=True, max_length=3), AfterValidator(_known)]
    per_euro: float = Bounded(ge=LEAST_RATE, le=MOST_RATE, allow_inf_nan=False)


class RatesGiven(BaseModel):
    """Rates of one day. Those of currencies that are not named stay as they are."""

    model_config = ConfigDict(extra="forbid")

    as_of: Annotated[date, AfterValidator(_not_ahead)]
    rates: list[RateGiven] = Bounded(min_length=1, max_length=MOST_CURRENCIES)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        names = [rate.currency for rate in self.rates]
        if len(set(names)) != len(names):
            raise ValueError("names a currency twice")
        if any(rate.currency == EURO and rate.per_euro != 1 for rate in self.rates):
            raise ValueError("one euro is one euro")
        return self
