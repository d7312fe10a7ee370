"""The fields that a form may ask, as data: what is drawn, checked and stored is read from these."""

from dataclasses import dataclass
from enum import StrEnum


class Control(StrEnum):
    """The HTML controls a field may be drawn as."""

    TEXT = "text"
    EMAIL = "email"
    TEL = "tel"
    URL = "url"
    NUMBER = "number"
    DATE = "date"
    FILE = "file"
    TEXTAREA = "textarea"
    SELECT = "select"
    RADIO = "radio"
    CHECKBOXES = "checkboxes"
    TICK = "tick"


@dataclass(frozen=True)
class Field:
    """One field: `name` is what is posted, `label` what is read, `options` the choices of a choice."""

    name: str
    label: str
    control: Control = Control.TEXT
    required: bool = False
    options: tuple[str, ...] = ()
    max_length: int | None = None
    hint: str = ""


YES_NO = ("Yes", "No")
DECLINE = "Decline to answer"
LETTER_LIMIT = 2000
ANSWER_LIMIT = 500

FIRST_NAME = Field("first_name", "First name", required=True, max_length=100)
LAST_NAME = Field("last_name", "Last name", required=True, max_length=100)
FULL_NAME = Field("name", "Full name", required=True, max_length=200)
EMAIL = Field("email", "E-mail address", Control.EMAIL, required=True)
PHONE = Field("phone", "Phone", Control.TEL, required=True)
RESUME = Field("resume", "Résumé / CV", Control.FILE, required=True, hint="PDF, Word or text, up to 10 MB")
LETTER = Field("cover_letter", "Cover letter", Control.TEXTAREA, max_length=LETTER_LIMIT)
LOCATION = Field("location", "Current location", required=True, hint="City and country")
LINKEDIN = Field("linkedin", "LinkedIn profile", Control.URL)
WEBSITE = Field("website", "Website or portfolio", Control.URL)
COMPANY = Field("current_company", "Current company")
HEARD = Field(
    "how_heard",
    "How did you hear about this job?",
    Control.SELECT,
    options=("Job board", "Company website", "A friend or colleague", "Social media", "Other"),
)
SALARY = Field("salary_expectation", "Salary expectation per year", Control.NUMBER, required=True)
NOTICE = Field(
    "notice_period",
    "Notice period",
    Control.SELECT,
    required=True,
    options=("None", "1 week", "2 weeks", "1 month", "2 months", "3 months", "More than 3 months"),
)
START = Field("start_date", "Earliest start date", Control.DATE, required=True)
LANGUAGES = Field(
    "languages",
    "Which of these languages do you speak?",
    Control.CHECKBOXES,
    options=("English", "German", "French", "Spanish", "Polish"),
)
WHY = Field(
    "why_company",
    "Why do you want to work for us?",
    Control.TEXTAREA,
    max_length=ANSWER_LIMIT,
    hint=f"At most {ANSWER_LIMIT} characters",
)
CONSENT = Field(
    "consent", "I agree to the privacy notice for applicants", Control.TICK, required=True, options=("yes",)
)
GENDER = Field(
    "gender", "Gender (optional)", Control.SELECT, options=("Female", "Male", "Non-binary", DECLINE)
)
DISABILITY = Field(
    "disability", "Do you have a disability? (optional)", Control.RADIO, options=(*YES_NO, DECLINE)
)
VETERAN = Field("veteran", "Are you a veteran? (optional)", Control.RADIO, options=(*YES_NO, DECLINE))
SOCIAL_SECURITY = Field("social_security_number", "Social security number", required=True)
BANK_ACCOUNT = Field("bank_account", "Bank account number (IBAN) for your salary", required=True)


def work_authorisation(country: str) -> Field:
    """Return the question after the right to work in a country, named in words."""
    label = f"Are you legally authorised to work in {country}?"
    return Field("work_authorisation", label, Control.RADIO, required=True, options=YES_NO)


def sponsorship(country: str) -> Field:
    """Return the question after visa sponsorship in a country, named in words."""
    label = f"Will you now or in the future require visa sponsorship to work in {country}?"
    return Field("sponsorship", label, Control.RADIO, required=True, options=YES_NO)


def years_with(skill: str) -> Field:
    """Return the question after the years of experience with a skill."""
    label = f"How many years of experience do you have with {skill}?"
    return Field(f"years_with_{skill.lower()}", label, Control.NUMBER, required=True)
