"""Answers that need nobody: what a person has said of themselves in the profile and in the answer bank."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from models.answering_enums import AnswerSource, QuestionKind, Topic
from models.countries import COUNTRIES
from models.country_names import is_country_of, name_of
from models.enums import PayPeriod
from models.facts import Facts, Pay
from models.fitting import Days, Typed, refit
from models.profile import Identity, Preferences, WorkAuthorisation
from models.question import Question, Value
from models.ranges import option_of_days, option_of_number, range_of
from models.topics.scopes import language_of
from models.topics.sets import DEMOGRAPHIC, DOCUMENTS, ONE_EMPLOYER
from models.yes_no import decline_option, normal, says_plainly

T, K = Topic, QuestionKind

DAYS_OF = {"days": 1, "weeks": 7, "months": 30}

Found = tuple[Value, AnswerSource]
Reading = Callable[["Known", Question], Typed | None]


@dataclass(frozen=True)
class Known:
    """What a person has said. `bank` is keyed by topic and scope; `today` counts for start dates."""

    identity: Identity
    preferences: Preferences
    facts: Facts
    today: date
    bank: Mapping[tuple[Topic, str], Typed] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Show nothing."""
        return "Known(…)"

    def answer(self, question: Question) -> Found | None:
        """Return the answer to a question with its source, None where the person has not said it.

        Profile first, then the bank, unless it is read to say otherwise: what the profile says may fit no
        option. A demographic question is declined where neither says anything.
        """
        topic = question.topic
        if topic is None:
            return None
        if topic in DOCUMENTS:
            return (topic.value, AnswerSource.DOCUMENT)
        said, kept = self._profile(topic, question), self._bank(topic, question)
        if kept is not None and _contradicts(said, kept):
            kept = None
        for source, value in ((AnswerSource.PROFILE, said), (AnswerSource.BANK, kept)):
            fitted = None if value is None else refit(question, value)
            if fitted is not None:
                return (fitted, source)
        declined = decline_option(question.options) if topic in DEMOGRAPHIC else None
        return None if declined is None else _declined(question, declined)

    def _profile(self, topic: Topic, question: Question) -> Typed | None:
        reading = _READINGS.get(topic)
        return None if reading is None else reading(self, question)

    def _bank(self, topic: Topic, question: Question) -> Typed | None:
        return None if topic in ONE_EMPLOYER else self.bank.get((topic, question.scope))


def _contradicts(said: Typed | None, kept: Typed) -> bool:
    """Tell whether what is kept in the bank can be read, and says otherwise than the profile."""
    if isinstance(said, bool):
        told = says_plainly(kept) if isinstance(kept, str) else kept
        return isinstance(told, bool) and told is not said
    text = "" if isinstance(kept, list) else str(kept)
    if range_of(text) is None:
        return False
    if isinstance(said, Days):
        return option_of_days([text], said.days) is None
    return isinstance(said, int | float) and option_of_number([text], said) is None


def _declined(question: Question, option: str) -> Found | None:
    fitted = refit(question, option)
    return None if fitted is None else (fitted, AnswerSource.DECLINED)


def _country(known: Known, question: Question) -> Typed | None:
    code = known.facts.country
    if code is None:
        return None
    if not question.options:
        return name_of(code)
    found = [option for option in question.options if is_country_of(normal(option), code)]
    return found[0] if len(found) == 1 else None


def _location(known: Known, _: Question) -> Typed | None:
    if known.identity.location is not None:
        return known.identity.location
    code = known.facts.country
    parts = [known.facts.city, None if code is None else name_of(code)]
    return ", ".join(part for part in parts if part) if known.facts.city else None


def _right(known: Known, question: Question) -> WorkAuthorisation | None:
    """Return what is said of exactly the country that the question is about."""
    return next((e for e in known.preferences.work_authorisations if e.country == question.scope), None)


def _authorised(known: Known, question: Question) -> Typed | None:
    right = _right(known, question)
    return None if right is None else right.authorised


def _sponsorship(known: Known, question: Question) -> Typed | None:
    right = _right(known, question)
    return None if right is None else right.needs_sponsorship


def _amount(pays: list[Pay], question: Question) -> Typed | None:
    """Return the amount in exactly the currency and period that are asked for: see topics.pay_scope."""
    country, *narrower = question.scope.split("/")
    period = next((PayPeriod(part) for part in narrower if part in set(PayPeriod)), PayPeriod.YEAR)
    currency = next((part.upper() for part in narrower if part not in set(PayPeriod)), COUNTRIES.get(country))
    fitting = [pay for pay in pays if pay.currency == currency and pay.period is period]
    if len(fitting) != 1:
        return None
    if question.kind in {K.TEXT, K.TEXTAREA}:
        return f"{fitting[0].amount} {fitting[0].currency} per {period.value}"
    return fitting[0].amount


def _current_pay(known: Known, question: Question) -> Typed | None:
    pay = known.facts.current_pay
    return _amount([pay], question) if pay is not None and known.facts.may_tell_current_pay else None


def _notice(known: Known, question: Question) -> Typed | None:
    days = known.facts.notice_period_days
    if days is None:
        return None
    if question.kind is not K.NUMBER:
        return Days(days)
    whole, rest = divmod(days, DAYS_OF.get(question.scope, days + 1))
    return None if rest else whole


def _start_date(known: Known, _: Question) -> Typed | None:
    # a day that has passed says no longer when somebody can begin
    start = known.facts.start_date
    return start if start is not None and start >= known.today else None


def _relocation(known: Known, _: Question) -> Typed | None:
    if known.facts.relocation is not None:
        return known.facts.relocation
    return True if known.preferences.willing_to_relocate else None


def _onsite(known: Known, question: Question) -> Typed | None:
    days = known.facts.onsite_days_a_week
    if days is None or not question.scope:
        return days
    return days >= int(question.scope) if question.scope.isdecimal() else None


def _years_with(known: Known, question: Question) -> Typed | None:
    found = [each.years for each in known.facts.years_with if normal(each.skill) == question.scope]
    return found[0] if len(found) == 1 else None


def _language_level(known: Known, question: Question) -> Typed | None:
    found = [e.level for e in known.facts.languages if language_of(normal(e.language)) == question.scope]
    return found[0] if len(found) == 1 else None


def _languages(known: Known, question: Question) -> Typed | None:
    spoken = [each.language for each in known.facts.languages]
    if question.kind is not K.MULTI:
        return spoken or None
    names = {language_of(normal(each)) for each in spoken}
    return [option for option in question.options if language_of(normal(option)) in names] or None


def _consent(known: Known, question: Question) -> Typed | None:
    # what the form does not require is not agreed to
    return True if question.required and known.facts.consents_to_privacy_notices else None


def _link(name: str) -> Reading:
    def read(known: Known, _: Question) -> Typed | None:
        link = getattr(known.identity, name)
        return None if link is None else str(link)

    return read


def _fact(name: str) -> Reading:
    return lambda known, _: getattr(known.facts, name)


def _demographic(name: str) -> Reading:
    return lambda known, _: getattr(known.facts.demographics, name)


_READINGS: dict[Topic, Reading] = {
    T.NAME: lambda known, _: f"{known.identity.first_name} {known.identity.last_name}",
    T.FIRST_NAME: lambda known, _: known.identity.first_name,
    T.LAST_NAME: lambda known, _: known.identity.last_name,
    T.PREFERRED_NAME: _fact("preferred_name"),
    T.EMAIL: lambda known, _: str(known.identity.email),
    T.PHONE: lambda known, _: known.identity.phone,
    T.ADDRESS: _fact("street"),
    T.CITY: _fact("city"),
    T.POSTCODE: _fact("postcode"),
    T.COUNTRY: _country,
    T.LOCATION_CURRENT: _location,
    T.CONSENT: _consent,
    T.WORK_AUTHORISATION: _authorised,
    T.SPONSORSHIP: _sponsorship,
    T.RELOCATION: _relocation,
    T.ONSITE_DAYS_OK: _onsite,
    T.SALARY_EXPECTATION: lambda known, question: _amount(known.facts.expected_pay, question),
    T.SALARY_CURRENT: _current_pay,
    T.NOTICE_PERIOD: _notice,
    T.START_DATE: _start_date,
    T.YEARS_WITH: _years_with,
    T.YEARS_OF_EXPERIENCE: lambda known, _: known.preferences.years_of_experience,
    T.HIGHEST_DEGREE: _fact("highest_degree"),
    T.LANGUAGE_LEVEL: _language_level,
    T.LANGUAGES: _languages,
    T.CURRENT_COMPANY: _fact("current_company"),
    T.CURRENT_TITLE: _fact("current_title"),
    T.LINKEDIN: _link("linkedin"),
    T.GITHUB: _link("github"),
    T.PORTFOLIO: _link("website"),
    T.HOW_HEARD: _fact("how_heard"),
    T.AGE_18: _fact("is_18_or_older"),
    T.DRIVERS_LICENCE: _fact("drivers_licence"),
    T.GENDER: _demographic("gender"),
    T.RACE: _demographic("race"),
    T.VETERAN: _demographic("veteran"),
    T.DISABILITY: _demographic("disability"),
    T.PRONOUNS: _demographic("pronouns"),
}
