"""The searches that bring jobs, who wants them kept, and the runs that fetched them."""

import hashlib
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

from models.base import Row, text_enum, utc
from models.enums import ContractTime, ContractType, FetchFault, SearchOrigin


class SearchTerms(SQLModel):
    """What is asked of Adzuna; empty strings and null mean anything. `what` wants all of its words.

    Equal terms are one search, whoever wants them: see `key`.
    """

    country: str = Field(max_length=2)
    what: str = ""
    where: str = ""
    distance_km: int | None = None
    salary_min: int | None = Field(default=None, description="A year, in the currency of the country.")
    contract_type: ContractType | None = Field(
        default=None, sa_type=text_enum(ContractType, "search_contract_type"), nullable=True
    )
    contract_time: ContractTime | None = Field(
        default=None, sa_type=text_enum(ContractTime, "search_contract_time"), nullable=True
    )
    category: str = ""
    remote: bool = False

    def terms(self) -> "SearchTerms":
        """Return the terms alone, in the form by which equal ones are recognised."""
        plain = self.model_dump(include=set(SearchTerms.model_fields))
        for name in ("what", "where", "category", "country"):
            plain[name] = " ".join(plain[name].lower().split())
        return SearchTerms.model_validate(plain)

    def key_of_terms(self) -> str:
        """Return what is equal for equal terms."""
        return hashlib.sha256(to_json(self.terms().model_dump())).hexdigest()


class JobSearch(SearchTerms, Row, table=True):
    """A search kept fresh while it is one of the settings' or somebody has saved it.

    `last_error` is a word of a closed set. `next_at` is when the last plan expected to come to it.
    """

    __tablename__ = "job_search"

    key: str = Field(unique=True)
    is_default: bool = Field(default=False, description="Whether the installation's settings name it.")
    tried_at: datetime | None = Field(default=None, sa_type=utc())
    fetched_at: datetime | None = Field(default=None, sa_type=utc())
    newest_posted_at: datetime | None = Field(default=None, sa_type=utc())
    next_at: datetime | None = Field(default=None, sa_type=utc())
    ads_brought: int = Field(default=0, description="New jobs in all.")
    ads_last: int = Field(default=0, description="Ads of the last fetch.")
    last_error: FetchFault | None = Field(
        default=None, sa_type=text_enum(FetchFault, "search_last_error"), nullable=True
    )

    @classmethod
    def of(cls, terms: SearchTerms, *, is_default: bool = False) -> Self:
        """Return the search that has these terms."""
        plain = terms.terms()
        return cls(**plain.model_dump(), key=plain.key_of_terms(), is_default=is_default)


class SavedSearch(Row, table=True):
    """A person's wish that a search be kept fresh. Ten people with equal terms have one JobSearch.

    `name_sealed` is what the person calls it, null where its terms are its name.
    """

    __tablename__ = "saved_search"
    __table_args__ = (
        UniqueConstraint("user_id", "search_id", name="uq_saved_search"),
        Index("ix_saved_search_search", "search_id"),
    )

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    search_id: UUID = Field(foreign_key="job_search.id")
    name_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    origin: SearchOrigin = Field(default=SearchOrigin.PERSON, sa_type=text_enum(SearchOrigin))


class FetchRun(Row, table=True):
    """What one run of the job fetch did; a page is counted once, however often it is retried.

    `left_out` counts the searches that were due and for which no call was left.
    """

    __tablename__ = "fetch_run"

    workflow_run_id: str = Field(unique=True)
    ended_at: datetime | None = Field(default=None, sa_type=utc())
    pages: int = 0
    ads_new: int = 0
    ads_changed: int = 0
    ads_unchanged: int = 0
    ads_unreadable: int = 0
    errors: int = 0
    left_out: int = 0


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
    left_out: int


class FetchedPage(SQLModel, table=True):
    """The marker that makes a page's counts land once in its run, even when the activity is retried."""

    __tablename__ = "fetched_page"

    fetch_run_id: UUID = Field(foreign_key="fetch_run.id", primary_key=True, ondelete="CASCADE")
    search_id: UUID = Field(foreign_key="job_search.id", primary_key=True, ondelete="CASCADE")
    page: int = Field(primary_key=True)


def saved_searches_of(user_id: UUID) -> SelectOfScalar[SavedSearch]:
    """Select the person's saved searches."""
    return select(SavedSearch).where(SavedSearch.user_id == user_id)
