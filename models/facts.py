"""What a person says about themselves for employers' forms, typed; all of it may be left out."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool, StringConstraints

from models.base import Body
from models.countries import COUNTRIES
from models.enums import PayPeriod
from models.text import ONE_LINE

LIST_MAX = 50
SALARY_MAX = 100_000_000
YEARS_MAX = 60
DAYS_MAX = 366
DAYS_A_WEEK = 7

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), ONE_LINE]


def _known_country(code: str) -> str:
    if code.lower() not in COUNTRIES:
        raise ValueError(f"is not a country that jobs come from; one of {', '.join(sorted(COUNTRIES))}")
    return code.lower()


CountryCode = Annotated[
    str,
    AfterValidator(_known_country),
    Field(description=f"A country that jobs come from: one of {', '.join(sorted(COUNTRIES))}."),
]
Currency = Annotated[str, StringConstraints(to_upper=True, pattern="^[A-Za-z]{3}$")]


class Pay(Body):
    """An amount with its currency (ISO 4217) and period."""

    amount: int = Field(ge=0, le=SALARY_MAX)
    currency: Currency
    period: PayPeriod = PayPeriod.YEAR


class SkillYears(Body):
    """Years of experience with one skill."""

    skill: Line
    years: float = Field(ge=0, le=YEARS_MAX)


class LanguageLevel(Body):
    """How well a language is spoken, in the person's own words (`C1`, `native`)."""

    language: Line
    level: Line


class Demographics(Body):
    """Told only where the person says so here; everything left out is declined. Never part of a prompt."""

    gender: Line | None = None
    race: Line | None = None
    veteran: Line | None = None
    disability: Line | None = None
    pronouns: Line | None = None


class Facts(Body):
    """The typed answers of a profile. Current pay is told only where `may_tell_current_pay` says so."""

    preferred_name: Line | None = None
    street: Line | None = None
    postcode: Line | None = None
    city: Line | None = None
    country: CountryCode | None = None
    current_company: Line | None = None
    current_title: Line | None = None
    highest_degree: Line | None = None
    notice_period_days: int | None = Field(default=None, ge=0, le=DAYS_MAX)
    start_date: date | None = None
    expected_pay: list[Pay] = Field(default_factory=list, max_length=LIST_MAX)
    current_pay: Pay | None = None
    may_tell_current_pay: StrictBool = False
    relocation: StrictBool | None = None
    onsite_days_a_week: int | None = Field(default=None, ge=0, le=DAYS_A_WEEK)
    years_with: list[SkillYears] = Field(default_factory=list, max_length=LIST_MAX)
    languages: list[LanguageLevel] = Field(default_factory=list, max_length=LIST_MAX)
    drivers_licence: StrictBool | None = None
    is_18_or_older: StrictBool | None = None
    how_heard: Line | None = None
    consents_to_privacy_notices: StrictBool = Field(
        default=True, description="Whether the privacy notice that an application requires may be accepted."
    )
    demographics: Demographics = Demographics()
