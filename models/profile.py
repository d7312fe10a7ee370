"""A person's profile (preferences, and a sealed identity) and résumés."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, EmailStr, HttpUrl, StrictBool, field_validator, model_validator
from sqlalchemy import Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.automation import Automation
from models.base import Body, Row, text_enum, utc
from models.enums import AutomationMode, ContractTime, ContractType, Seniority
from models.facts import CountryCode, Currency, Facts, Line
from models.public_url import why_not_public
from models.resume_enums import ResumeFormat

LIST_MAX = 50
YEARS_MAX = 60
DAILY_CAP_MAX = 50
SALARY_MAX = 100_000_000
RADIUS_MAX = 500
FILE_NAME_MAX = 200
URL_MAX = 2083


def _short_in_full(url: HttpUrl) -> HttpUrl:
    # what is stored is read by the same model again, and pydantic counted before it percent-encoded
    if len(str(url)) > URL_MAX:
        raise ValueError(f"must have at most {URL_MAX} characters, percent-encoded")
    return url


Url = Annotated[HttpUrl, AfterValidator(_short_in_full)]


class WorkAuthorisation(Body):
    """Whether a person may work in one country; it says nothing about any other."""

    country: CountryCode
    authorised: StrictBool
    needs_sponsorship: StrictBool


class Identity(Body):
    """Who applies, as an employer's form asks it. Kept sealed."""

    first_name: Line
    last_name: Line
    email: EmailStr
    phone: Line | None = None
    location: Line | None = None
    linkedin: Url | None = None
    github: Url | None = None
    website: Url | None = None


LINKS = ("linkedin", "github", "website")


class Preferences(Body):
    """What a person looks for, and how far Jobraker may go alone."""

    titles: list[Line] = Field(default_factory=list, max_length=LIST_MAX)
    excluded_words: list[Line] = Field(default_factory=list, max_length=LIST_MAX)
    countries: list[CountryCode] = Field(default_factory=list, max_length=LIST_MAX)
    locations: list[Line] = Field(default_factory=list, max_length=LIST_MAX)
    remote_only: StrictBool = False
    radius_km: int | None = Field(default=None, ge=1, le=RADIUS_MAX, description="Around each location.")
    currency: Currency | None = Field(
        default=None, description="Of the floor and the target; null means each job's own."
    )
    salary_floor: int | None = Field(default=None, ge=0, le=SALARY_MAX, description="A year.")
    salary_target: int | None = Field(default=None, ge=0, le=SALARY_MAX, description="As the floor.")
    blocked_companies: list[Line] = Field(default_factory=list, max_length=LIST_MAX)
    skills: list[Line] = Field(default_factory=list, max_length=LIST_MAX)
    industries: list[Line] = Field(default_factory=list, max_length=LIST_MAX)
    seniority: list[Seniority] = Field(default_factory=list)
    years_of_experience: int | None = Field(default=None, ge=0, le=YEARS_MAX)
    contract_types: list[ContractType] = Field(default_factory=list)
    contract_times: list[ContractTime] = Field(default_factory=list)
    on_site: StrictBool = Field(
        default=True, description="Whether work at the employer's place is wanted at all."
    )
    willing_to_relocate: StrictBool = False
    work_authorisations: list[WorkAuthorisation] = Field(default_factory=list, max_length=LIST_MAX)

    @model_validator(mode="after")
    def _one_word_a_country(self) -> Self:
        countries = [entry.country for entry in self.work_authorisations]
        if len(countries) != len(set(countries)):
            raise ValueError("work_authorisations names a country twice")
        return self


class Profile(Row, table=True):
    """One a person. `preferences` and `automation` are searchable JSON.

    Sealed are `identity_sealed` (an Identity) and `facts_sealed` (Facts).
    """

    __tablename__ = "profile"
    __table_args__ = (
        Index("ix_profile_wishes", "user_id", postgresql_where="wishes_changed_at IS NOT NULL"),
        Index("ix_profile_matched", "matched_version", "user_id"),
    )

    user_id: UUID = Field(foreign_key="account.id", unique=True, ondelete="CASCADE")
    preferences: dict[str, object] = Field(default_factory=dict, sa_type=JSONB)
    identity_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    automation_mode: AutomationMode = Field(default=AutomationMode.OFF, sa_type=text_enum(AutomationMode))
    daily_cap: int = 5
    automation: dict[str, object] = Field(default_factory=dict, sa_type=JSONB)
    facts_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    wishes_changed_at: datetime | None = Field(
        default=None, sa_type=utc(), description="Set when older jobs have to be matched anew; then cleared."
    )
    matched_version: int = Field(
        default=0,
        description="The scorer's version when that was last done; below 0 while nobody is there.",
    )

    def read_automation(self) -> Automation:
        """Return the rules of automation as their model."""
        return Automation.stored(self.automation)

    def read_preferences(self) -> Preferences:
        """Return the preferences as their model."""
        return Preferences.stored(self.preferences)


class ProfileUpdate(Body):
    """What a person may change; what is left out stays."""

    identity: Identity | None = None
    preferences: Preferences | None = None
    automation_mode: AutomationMode | None = None
    daily_cap: int | None = Field(default=None, ge=0, le=DAILY_CAP_MAX)
    automation: Automation | None = None
    facts: Facts | None = None

    @field_validator("identity")
    @classmethod
    def _links_lead_to_the_public_web(cls, identity: Identity | None) -> Identity | None:
        # only of what is sent: what was stored before there was this rule is still read
        for name in LINKS:
            url = getattr(identity, name, None)
            if url is not None and (fault := why_not_public(str(url))):
                raise ValueError(f"{name} must be an address on the public web: {fault}")
        return identity


class ProfilePublic(SQLModel):
    """A profile as its owner sees it; `missing` names what stands between it and an application."""

    identity: Identity | None
    preferences: Preferences
    automation_mode: AutomationMode
    daily_cap: int
    automation: Automation
    facts: Facts
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
    structured_sealed: bytes | None = Field(
        default=None, sa_type=LargeBinary, description="A JSON Resume document, read from the text or set."
    )


class ResumePublic(SQLModel):
    """A résumé as its owner sees it in a list; `characters` is the length of the text that was read."""

    id: UUID
    file_name: str
    format: ResumeFormat
    size: int
    sha256: str
    characters: int
    is_structured: bool = False


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
