"""The pages of fields behind each slug: the same slug always asks the same questions."""

from local.careers import fields
from local.careers.fields import Field
from local.form_kinds import FormKind, kind_of, names_a_kind, number_of

Pages = tuple[tuple[Field, ...], ...]

ANYWHERE = "the country where this job is based"
_COUNTRIES = {
    "gb": "the United Kingdom",
    "us": "the United States",
    "de": "Germany",
    "fr": "France",
    "ca": "Canada",
}
_SKILLS = ("Python", "SQL", "Java", "Kubernetes", "Excel")
_HALF = 2


def country_of(slug: str) -> str:
    """Return the country that the form names: `long-gb-1` asks about the United Kingdom."""
    words = slug.lower().split("-")
    named = words[1] if names_a_kind(slug) and len(words) > 1 else ""
    return _COUNTRIES.get(named, ANYWHERE)


def pages_of(slug: str) -> Pages:
    """Return the form's pages, each a row of fields; one page for all but the multipage kind."""
    kind = kind_of(slug)
    if kind is FormKind.LONG:
        return (_full(slug) if names_a_kind(slug) else _usual(slug),)
    if kind is FormKind.MULTIPAGE:
        return _three_pages(slug)
    if kind is FormKind.UNSAFE:
        return ((*_short(slug), fields.SOCIAL_SECURITY, fields.BANK_ACCOUNT),)
    return (_short(slug),)


def _names(slug: str) -> tuple[Field, ...]:
    if number_of(slug, "names", _HALF):
        return (fields.FIRST_NAME, fields.LAST_NAME)
    return (fields.FULL_NAME,)


def _short(slug: str) -> tuple[Field, ...]:
    return (*_names(slug), fields.EMAIL, fields.PHONE, fields.RESUME, fields.LETTER)


def _right_to_work(slug: str) -> tuple[Field, ...]:
    country = country_of(slug)
    return (fields.work_authorisation(country), fields.sponsorship(country))


def _usual(slug: str) -> tuple[Field, ...]:
    """The long form of a hashed slug: what it requires, an ordinary profile can answer."""
    optional = (fields.LINKEDIN, fields.COMPANY, fields.HEARD, fields.WHY, fields.GENDER)
    asked = tuple(f for f in optional if number_of(slug, f.name, _HALF))
    return (*_short(slug), fields.LOCATION, *_right_to_work(slug), *asked)


def _full(slug: str) -> tuple[Field, ...]:
    skill = _SKILLS[number_of(slug, "skill", len(_SKILLS))]
    return (
        *_short(slug),
        fields.LOCATION,
        fields.LINKEDIN,
        fields.WEBSITE,
        *_right_to_work(slug),
        fields.years_with(skill),
        fields.SALARY,
        fields.NOTICE,
        fields.START,
        fields.LANGUAGES,
        fields.WHY,
        fields.HEARD,
        fields.GENDER,
        fields.DISABILITY,
        fields.VETERAN,
        fields.CONSENT,
    )


def _three_pages(slug: str) -> Pages:
    return (
        (*_names(slug), fields.EMAIL, fields.PHONE, fields.LOCATION),
        (fields.RESUME, fields.LETTER, fields.LINKEDIN),
        (*_right_to_work(slug), fields.HEARD, fields.WHY),
    )
