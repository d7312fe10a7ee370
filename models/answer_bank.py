"""What may be kept in the answer bank: which topics, with which scope, and what an answer may be."""

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    BaseModel,
    Field,
    FiniteFloat,
    StrictBool,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from models.answer import Answer
from models.answering_enums import AnswerProvenance, Topic
from models.base import Body, now
from models.countries import COUNTRIES
from models.country_names import countries_in
from models.enums import PayPeriod
from models.sealed import Seal, place_of
from models.text import SEVERAL_LINES
from models.topics.scopes import SCOPE_MAX, language_of
from models.topics.sets import ONE_EMPLOYER
from models.yes_no import normal

T = Topic

TEXT_MAX = 20_000
CHOICES_MAX = 50
NUMBER_MAX = 10**12

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_MAX), SEVERAL_LINES
]
Number = Annotated[int, Field(ge=-NUMBER_MAX, le=NUMBER_MAX)]
Fraction = Annotated[FiniteFloat, Field(ge=-NUMBER_MAX, le=NUMBER_MAX)]
Choices = Annotated[list[Text], Field(min_length=1, max_length=CHOICES_MAX)]
BankValue = StrictBool | Number | Fraction | Text | Choices
"""An answer as its person means it; each question makes of it what its form takes (models.fitting)."""

ELSEWHERE: dict[Topic, str] = {
    T.NAME: "`identity.first_name` and `identity.last_name` of the profile",
    T.FIRST_NAME: "`identity.first_name` of the profile",
    T.LAST_NAME: "`identity.last_name` of the profile",
    T.PREFERRED_NAME: "`facts.preferred_name` of the profile",
    T.EMAIL: "`identity.email` of the profile",
    T.PHONE: "`identity.phone` of the profile",
    T.ADDRESS: "`facts.street` of the profile",
    T.CITY: "`facts.city` of the profile",
    T.POSTCODE: "`facts.postcode` of the profile",
    T.COUNTRY: "`facts.country` of the profile",
    T.LINKEDIN: "`identity.linkedin` of the profile",
    T.GITHUB: "`identity.github` of the profile",
    T.PORTFOLIO: "`identity.website` of the profile",
    T.SALARY_CURRENT: "`facts.current_pay` of the profile, and allow it by `facts.may_tell_current_pay`",
    T.CONSENT: "`facts.consents_to_privacy_notices` of the profile",
    T.GENDER: "`facts.demographics.gender` of the profile",
    T.RACE: "`facts.demographics.race` of the profile",
    T.VETERAN: "`facts.demographics.veteran` of the profile",
    T.DISABILITY: "`facts.demographics.disability` of the profile",
    T.PRONOUNS: "`facts.demographics.pronouns` of the profile",
    T.RESUME: "the résumés (/api/resumes/)",
    T.COVER_LETTER: "each application, whose letter can be edited before it is approved",
    T.PHOTO: "each application, when its form asks for one",
}
"""Topics that have a place of their own, so that there are never two answers to one question."""

_COUNTRY = frozenset({T.WORK_AUTHORISATION, T.SPONSORSHIP})
_PERIODS = frozenset({PayPeriod.HOUR, PayPeriod.DAY, PayPeriod.MONTH})
_CURRENCY_LENGTH = 3
_NOTHING = frozenset({""})
_ALLOWED = {
    T.NOTICE_PERIOD: (frozenset({"", "days", "weeks", "months"}), "days, weeks or months, or nothing"),
    T.ONSITE_DAYS_OK: (frozenset({"", *"1234567"}), "a number of days a week, or nothing"),
}


def scope_of(topic: Topic, text: str) -> str:
    """Return a topic's scope in the form in which questions have it; ValueError where it makes no sense."""
    words = normal(text)
    if topic in _COUNTRY:
        return _country(text, words)
    if topic is T.SALARY_EXPECTATION:
        return _pay(text)
    if topic is T.YEARS_WITH:
        return _named(words, "a skill, such as python")
    if topic is T.LANGUAGE_LEVEL:
        return language_of(_named(words, "a language, such as english"))
    allowed, what = _ALLOWED.get(topic, (_NOTHING, "nothing: the topic has no scope"))
    if words not in allowed:
        raise ValueError(f"must be {what}")
    return words


def _country(text: str, words: str) -> str:
    code = text.strip().lower()
    named = [code] if code in COUNTRIES else countries_in(text, words)
    if len(named) != 1:
        raise ValueError("must be one country: its name, or its ISO code such as gb")
    return named[0]


def _pay(text: str) -> str:
    """Return `country[/currency][/period]`: the currency where it is not the country's, no `year`."""
    first, *rest = [part.strip().lower() for part in text.split("/")]
    country = _country(first, normal(first))
    periods = [part for part in rest if part in set(PayPeriod)]
    currencies = [part for part in rest if part not in periods]
    if len(periods) > 1 or len(currencies) > 1 or any(not _is_currency(part) for part in currencies):
        raise ValueError("must be a country, and where it is unusual a currency and a period: gb/usd/month")
    unusual = [part for part in currencies if part.upper() != COUNTRIES.get(country)]
    return "/".join([country, *unusual, *(part for part in periods if part in _PERIODS)])


def _is_currency(part: str) -> bool:
    return len(part) == _CURRENCY_LENGTH and part.isascii() and part.isalpha()


def _named(words: str, what: str) -> str:
    if not words:
        raise ValueError(f"must be {what}")
    return words


class AnswerPut(Body):
    """An answer for the bank, in place of an earlier one to the same topic and scope.

    `scope` is a country for the right to work, sponsorship and pay (with currency and period where they are
    unusual: `gb/usd/month`), a skill for `years_with`, a language for `language_level`, else nothing.
    """

    topic: Topic
    scope: Annotated[str, StringConstraints(max_length=SCOPE_MAX)] = Field(default="", validate_default=True)
    value: BankValue

    @field_validator("topic")
    @classmethod
    def _can_be_banked(cls, topic: Topic) -> Topic:
        if topic in ELSEWHERE:
            raise ValueError(f"is not kept in the answer bank; set it in {ELSEWHERE[topic]}")
        if topic in ONE_EMPLOYER:
            raise ValueError(
                "is not kept in the answer bank: what is true of one employer may not be of another"
            )
        return topic

    @field_validator("scope")
    @classmethod
    def _fits_the_topic(cls, scope: str, info: ValidationInfo) -> str:
        topic = info.data.get("topic")
        return scope if topic is None else scope_of(topic, scope)


class AnswerUpdate(Body):
    """Another answer to the same topic and scope."""

    value: BankValue


class AnswerPublic(BaseModel):
    """An answer of the bank as its owner sees it."""

    id: UUID
    topic: Topic
    scope: str
    value: bool | int | float | str | list[str]
    provenance: AnswerProvenance
    created_at: datetime
    updated_at: datetime


class ApprovedTopicPublic(BaseModel):
    """A topic whose drafted answers auto mode may send, since the person has approved one."""

    topic: Topic
    approved_at: datetime


def write_value(answer: Answer, value: BankValue, provenance: AnswerProvenance, seal: Seal) -> None:
    """Put a value into an answer of the bank, sealed."""
    text = json.dumps(value, ensure_ascii=False)
    answer.value_sealed = seal.seal_text(text, place_of("answer", "value_sealed", answer.id))
    answer.provenance, answer.updated_at = provenance, now()


def read_value(answer: Answer, seal: Seal) -> Any:  # noqa: ANN401 -- the JSON of a BankValue
    """Return what `write_value` put in."""
    return json.loads(seal.open_text(answer.value_sealed, place_of("answer", "value_sealed", answer.id)))


def shown(answer: Answer, seal: Seal) -> AnswerPublic:
    """Return an answer as its owner sees it."""
    return AnswerPublic(
        id=answer.id,
        topic=answer.topic,
        scope=answer.scope,
        value=read_value(answer, seal),
        provenance=answer.provenance,
        created_at=answer.created_at,
        updated_at=answer.updated_at,
    )
