"""A person's profile (preferences, and a sealed identity) and résumés."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, EmailStr, HttpUrl, StringConstraints, model_validator
from sqlalchemy import Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.base import Row, text_enum
from models.countries import COUNTRIES
from models.enums import AutomationMode, ResumeFormat
from models.text import ONE_LINE

LIST_MAX = 50
DAILY_CAP_MAX = 50
SALARY_MAX = 100_000_000
FILE_NAME_MAX = 200
URL_MAX = 2083

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), ONE_LINE]


def _known_country(code: str) -> str:
    if code.lower() not in COUNTRIES:
        raise ValueError(f"is not a country that jobs come from; one of {', '.join(sorted(COUNTRIES))}")
    return code.lower()


CountryCode = Annotated[str, AfterValidator(_known_country)]


def _short_in_full(url: HttpUrl) -> HttpUrl:
    # what is stored is read by the same model again, and pydantic counted before it percent-encoded
    if len(str(url)) > URL_MAX:
        raise ValueError(f"must have at most {URL_MAX} characters, percent-encoded")
    return url


Url = Annotated[HttpUrl, AfterValidator(_short_in_full)]


class WorkAuthorisation(SQLModel):
    """Whether a person may work in one country; it says nothing about any other."""

    country: CountryCode
    authorised: bool
    needs_sponsorship: bool


class Identity(SQLModel):
    """Who applies, as an employer's form asks it. Kept sealed."""

    first_name: Line
    last_name: Line
    email: EmailStr
    phone: Line | None = None
    location: Line | None = None
    linkedin: Url | None = None
    github: Url | None = None
    website: Url | None = None


class Preferences(SQLModel):
    """What a person looks for, and how far Jobraker may go alone."""

    titles: list[Line] = Field(default_factory=list, max_length=LIST_MAX)
    excluded_words: list[Line] = Field(default_factory=list, max_length=LIST_MAX)
    countries: list[CountryCode] = Field(default_factory=list, max_length=LIST_MAX)
    locations: list[Line] = Field(default_factory=list, max_length=LIST_MAX)
    remote_only: bool = False
    salary_floor: int | None = Field(
        default=None, ge=0, le=SALARY_MAX, description="A year, in the job's currency."
    )
    blocked_companies: list[Line] = Field(default_factory=list, max_length=LIST_MAX)
    work_authorisations: list[WorkAuthorisation] = Field(default_factory=list, max_length=LIST_MAX)

    @model_validator(mode="after")
    def _one_word_a_country(self) -> Self:
        countries = [entry.country for entry in self.work_authorisations]
        if len(countries) != len(set(countries)):
            raise ValueError("work_authorisations names a country twice")
        return self


class Profile(Row, table=True):
    """One a person. `preferences` is searchable JSON; `identity_sealed` is the Identity, sealed."""

    __tablename__ = "profile"

    user_id: UUID = Field(foreign_key="account.id", unique=True, ondelete="CASCADE")
    preferences: dict[str, object] = Field(default_factory=dict, sa_type=JSONB)
    identity_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    automation_mode: AutomationMode = Field(default=AutomationMode.OFF, sa_type=text_enum(AutomationMode))
    daily_cap: int = 5

    def read_preferences(self) -> Preferences:
        """Return the preferences as their model."""
        return Preferences.model_validate(self.preferences)


class ProfileUpdate(SQLModel):
    """What a person may change; what is left out stays."""

    identity: Identity | None = None
    preferences: Preferences | None = None
    automation_mode: AutomationMode | None = None
    daily_cap: int | None = Field(default=None, ge=0, le=DAILY_CAP_MAX)


class ProfilePublic(SQLModel):
    """A profile as its owner sees it; `missing` names what stands between it and an application."""

    identity: Identity | None
    preferences: Preferences
    automation_mode: AutomationMode
    daily_cap: int
    missing: list[str]


class Resume(Row, table=True):
    """An uploaded résumé: original and text sealed. The newest is the one that is sent."""

    __tablename__ = "resume"
    __table_args__ = (Index("ix_resume_user", "user_id", "id"),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    format: ResumeFormat = Field(sa_type=text_enum(ResumeFormat))
    size: int
    sha256: str
    file_name_sealed: bytes = Field(sa_type=LargeBinary)
    original_sealed: bytes = Field(sa_type=LargeBinary)
    text_sealed: bytes = Field(sa_type=LargeBinary)


class ResumePublic(SQLModel):
    """A résumé as its owner sees it in a list; `characters` is the length of the text that was read."""

    id: UUID
    file_name: str
    format: ResumeFormat
    size: int
    sha256: str
    characters: int


def profile_of(user_id: UUID) -> SelectOfScalar[Profile]:
    """Select the person's profile."""
    return select(Profile).where(Profile.user_id == user_id)


def resumes_of(user_id: UUID) -> SelectOfScalar[Resume]:
    """Select the person's résumés, newest first."""
    return select(Resume).where(Resume.user_id == user_id).order_by(col(Resume.id).desc())


def missing_for_applying(profile: Profile | None, *, has_resume: bool) -> list[str]:
    """Name what stands between a person and an application, in the words of the API's fields."""
    missing = [] if profile is not None and profile.identity_sealed is not None else ["identity"]
    return missing if has_resume else [*missing, "resume"]
