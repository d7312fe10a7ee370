"""Jobs as they were advertised, and what of them is shown."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Computed,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from models.base import Row, text_enum, utc
from models.enums import ApplicationState, ContractTime, ContractType, PayPeriod

ATTRIBUTION_LABEL = "Jobs by Adzuna"
SEARCHED = (
    *("country", "title", "company", "description", "location", "area"),
    *("remote", "category", "contract_type", "contract_time"),
)
"""What full text finds a job by, in the order of the parameters of our SQL function `job_vector`."""

CELLS_A_DEGREE = 2
CELLS_AROUND = 360 * CELLS_A_DEGREE
CELL = (
    f"(floor((latitude + 90) * {CELLS_A_DEGREE}) * {CELLS_AROUND}"
    f" + floor((longitude + 180) * {CELLS_A_DEGREE}))::integer"
)
"""The number of the half-degree square that a job lies in: a radius is looked for in a few squares."""


class Job(Row, table=True):
    """One ad of one source. Nothing here is invented: what the ad does not say is null."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("source", "source_id", name="uq_job_source"),
        CheckConstraint("salary_min <= salary_max", name="ck_job_salary"),
        Index("ix_job_posted", "posted_at", "id"),
        Index("ix_job_country_posted", "country", "posted_at", "id"),
        Index("ix_job_open", "posted_at", "id", postgresql_where="expired_at IS NULL"),
        Index("ix_job_expired", "expired_at", "id", postgresql_where="expired_at IS NOT NULL"),
        Index("ix_job_content", "content_key"),
        Index("ix_job_fingerprint", "fingerprint"),
        Index("ix_job_salary", "salary_eur", "id", postgresql_where="salary_eur IS NOT NULL"),
        Index("ix_job_rematch", "id", postgresql_where="rematch"),
        # every fetch moves `seen_at`: with room beside a row, none of the indexes has to follow
        {"postgresql_with": {"fillfactor": 70}},
    )

    source: str
    source_id: str
    country: str = Field(max_length=2)
    title: str
    company: str | None = None
    description: str
    location: str
    area: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    latitude: float | None = None
    longitude: float | None = None
    remote: bool = False
    remote_reason: str | None = Field(default=None, description="The words that offer work from home.")
    salary_min: float | None = None
    salary_max: float | None = None
    salary_predicted: bool = False
    salary_period: PayPeriod | None = Field(
        default=None,
        sa_type=text_enum(PayPeriod),
        nullable=True,
        description="Null without a salary.",
    )
    salary_eur: float | None = Field(
        default=None, description="The most that the employer says to pay a year, in euro by our rates."
    )
    currency: str = Field(max_length=3)
    contract_type: ContractType | None = Field(default=None, sa_type=text_enum(ContractType), nullable=True)
    contract_time: ContractTime | None = Field(default=None, sa_type=text_enum(ContractTime), nullable=True)
    category: str
    category_label: str
    url: str
    posted_at: datetime = Field(sa_type=utc())
    content_key: str = Field(description="Equal for the same job advertised in several towns.")
    fingerprint: str = Field(description="Equal for what counts as one job when applying.")
    seen_at: datetime = Field(sa_type=utc(), description="When a fetch last brought it.")
    expired_at: datetime | None = Field(default=None, sa_type=utc())
    rematch: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": text("false")},
        description="Set when the ad has changed since it was matched.",
    )


# Neither is ever read as a value, and no entity carries them: they are there to be searched by
Job.metadata.tables["job"].append_column(
    Column("search", TSVECTOR, Computed(f"job_vector({', '.join(SEARCHED)})", persisted=True))
)
Job.metadata.tables["job"].append_column(Column("cell", Integer, Computed(CELL, persisted=True)))
Index("ix_job_search", Job.metadata.tables["job"].c.search, postgresql_using="gin")
Index("ix_job_cell_posted", *(Job.metadata.tables["job"].c[name] for name in ("cell", "posted_at", "id")))


class Attribution(BaseModel):
    """What Adzuna's terms want beside each ad that is shown: a label that links to its local site."""

    label: str = ATTRIBUTION_LABEL
    url: str


class JobPlace(BaseModel):
    """One of the places where a job of the same content is advertised now."""

    job_id: UUID
    location: str


class JobPublic(BaseModel):
    """A job in a list. A predicted salary is Adzuna's estimate and never the employer's word.

    `places` are where the same content is advertised, at most 20. `saved`, `hidden` and `application_state`
    (of an application that has reached the employer or still may) are the person's, for all of these places;
    `score` is how well this job fits them, null where nobody has looked.

    A plain pydantic model, which is built five times as fast as SQLModel's: this one is made by the thousand.
    """

    id: UUID
    title: str
    company: str | None
    location: str
    country: str
    remote: bool
    remote_reason: str | None
    salary_min: float | None
    salary_max: float | None
    salary_is_estimate: bool
    salary_period: PayPeriod | None
    currency: str
    contract_type: ContractType | None
    contract_time: ContractTime | None
    category: str
    posted_at: datetime
    url: str
    places: list[JobPlace]
    saved: bool
    hidden: bool
    application_state: ApplicationState | None
    score: int | None
    attribution: Attribution


class JobDetail(JobPublic):
    """A job by itself, with the text of its ad (Adzuna gives its first 500 characters)."""

    description: str
    area: list[str]
    latitude: float | None
    longitude: float | None
    category_label: str
    seen_at: datetime
    expired_at: datetime | None
