"""Jobs as they were advertised, the searches that bring them, and the runs that fetched them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.base import Row, text_enum, utc
from models.enums import ContractTime, ContractType

ATTRIBUTION_LABEL = "Jobs by Adzuna"


class Job(Row, table=True):
    """One ad of one source. Nothing here is invented: what the ad does not say is null."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("source", "source_id", name="uq_job_source"),
        CheckConstraint("salary_min <= salary_max", name="ck_job_salary"),
        Index("ix_job_posted", "posted_at", "id"),
        Index("ix_job_country_posted", "country", "posted_at", "id"),
        Index("ix_job_content", "content_key"),
        Index("ix_job_fingerprint", "fingerprint"),
        *(
            Index(
                f"ix_job_{column}_trgm",
                column,
                postgresql_using="gin",
                postgresql_ops={column: "gin_trgm_ops"},
            )
            for column in ("title", "company", "location")
        ),
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
    salary_min: float | None = None
    salary_max: float | None = None
    salary_predicted: bool = False
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


class JobSearch(Row, table=True):
    """A search kept fresh for the installation; `last_error` is a word of a closed set, never a text."""

    __tablename__ = "job_search"
    __table_args__ = (UniqueConstraint("country", "what", "where", name="uq_job_search"),)

    country: str = Field(max_length=2)
    what: str = ""
    where: str = ""
    active: bool = True
    fetched_at: datetime | None = Field(default=None, sa_type=utc())
    last_error: str | None = None


class FetchRun(Row, table=True):
    """What one run of the job fetch did; a page is counted once, however often it is retried."""

    __tablename__ = "fetch_run"

    workflow_run_id: str = Field(unique=True)
    ended_at: datetime | None = Field(default=None, sa_type=utc())
    pages: int = 0
    ads_new: int = 0
    ads_changed: int = 0
    ads_unchanged: int = 0
    ads_unreadable: int = 0
    errors: int = 0


class FetchRunPublic(SQLModel):
    """A fetch run as admins see it."""

    id: UUID
    created_at: datetime
    ended_at: datetime | None
    pages: int
    ads_new: int
    ads_changed: int
    ads_unchanged: int
    ads_unreadable: int
    errors: int


class FetchedPage(SQLModel, table=True):
    """The marker that makes a page's counts land once in its run, even when the activity is retried."""

    __tablename__ = "fetched_page"

    fetch_run_id: UUID = Field(foreign_key="fetch_run.id", primary_key=True, ondelete="CASCADE")
    search_id: UUID = Field(foreign_key="job_search.id", primary_key=True, ondelete="CASCADE")
    page: int = Field(primary_key=True)


class Attribution(BaseModel):
    """What Adzuna's terms want beside each ad that is shown: a label that links to its local site."""

    label: str = ATTRIBUTION_LABEL
    url: str


class JobPublic(BaseModel):
    """A job in a list. A predicted salary is Adzuna's estimate and never the employer's word.

    A plain pydantic model, which is built five times as fast as SQLModel's: this one is made by the thousand.
    """

    id: UUID
    title: str
    company: str | None
    location: str
    country: str
    remote: bool
    salary_min: float | None
    salary_max: float | None
    salary_is_estimate: bool
    currency: str
    contract_type: ContractType | None
    contract_time: ContractTime | None
    category: str
    posted_at: datetime
    url: str
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


def active_searches() -> SelectOfScalar[JobSearch]:
    """Select the searches to keep fresh, the stalest first."""
    stalest_first = (col(JobSearch.fetched_at).asc().nulls_first(), col(JobSearch.id))
    return select(JobSearch).where(JobSearch.active).order_by(*stalest_first)
