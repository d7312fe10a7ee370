"""What may be asked of the list of jobs."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from models.facts import SALARY_MAX, CountryCode, Currency
from models.keyset import PAGE_DEFAULT, PAGE_MAX, TEXT_MAX, Words
from models.profile import RADIUS_MAX
from models.search.cursor import JobCursor, Sort
from models.search.near import Point
from models.search.wanted import parts_of
from models.text import ONE_LINE

DAYS_MAX = 366
SCORE_MAX = 100
QUERY_MAX = 300
PARTS_MAX = 16


class EmploymentType(StrEnum):
    """Adzuna's two axes of employment as one filter."""

    PERMANENT = "permanent"
    CONTRACT = "contract"
    FULL_TIME = "full_time"
    PART_TIME = "part_time"


def _query(text: str) -> str | None:
    if len(parts_of(text)) > PARTS_MAX:
        raise ValueError(f"must have at most {PARTS_MAX} words and phrases")
    return text or None


def _point(text: str) -> str:
    return str(Point.parse(text))


Query = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=QUERY_MAX), ONE_LINE, AfterValidator(_query)
]
Category = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_MAX), ONE_LINE
]
CursorText = Annotated[str, AfterValidator(lambda text: str(JobCursor.parse(text)))]
PointText = Annotated[str, AfterValidator(_point)]


class JobFilters(BaseModel):
    """What may be asked of the list."""

    model_config = ConfigDict(extra="forbid")

    q: Query | None = Field(
        default=None,
        description='Words of title, company, place or text; `"a phrase"`, `-without`, `either OR or`.',
    )
    title: Words | None = Field(default=None, description="Words, each of which begins a word of the title.")
    company: Words | None = Field(
        default=None, description="Words, each of which begins a word of the company's name."
    )
    location: Words | None = Field(
        default=None,
        description="Words, each of which begins a word of the place; with `radius_km` a town around which"
        " jobs lie.",
    )
    country: CountryCode | None = None
    remote: bool | None = Field(default=None, description="Whether the ad offers work from home.")
    salary: int | None = Field(
        default=None,
        ge=0,
        le=SALARY_MAX,
        description="At least so much a year by the employer's word, in `currency`, else in that of your"
        " preferences, else of `country`, else in each job's own. Estimates are out.",
    )
    currency: Currency | None = Field(
        default=None, description="Of `salary`; without it, jobs that are paid in this currency."
    )
    salary_known: bool | None = Field(default=None, description="Whether the employer names a salary.")
    near: PointText | None = Field(default=None, description="`latitude,longitude` in degrees.")
    radius_km: int | None = Field(
        default=None, ge=1, le=RADIUS_MAX, description="Around `near` (50 by default) or `location`."
    )
    employment_type: EmploymentType | None = Field(default=None, description="What the ad says of it.")
    category: Category | None = Field(default=None, description="Adzuna's tag, such as `it-jobs`.")
    posted_within: int | None = Field(default=None, ge=1, le=DAYS_MAX, description="Days.")
    saved: bool | None = Field(default=None, description="Whether you have saved the job.")
    hidden: bool | None = Field(
        default=None, description="By default those that you have hidden are left out."
    )
    applied: bool | None = Field(
        default=None, description="Whether an application of yours has reached the employer, or still may."
    )
    min_score: int | None = Field(
        default=None,
        ge=0,
        le=SCORE_MAX,
        description="The least score; jobs that were not matched with you are out.",
    )
    sort: Sort | None = Field(
        default=None, description="`relevance` with `q` and `newest` without, by default."
    )
    limit: int = Field(default=PAGE_DEFAULT, ge=1, le=PAGE_MAX, description="How many jobs a page has.")
    cursor: CursorText | None = Field(
        default=None, description="The `next_cursor` of the page before, beside the same filters."
    )
    count: bool = Field(default=False, description="Whether to say how many jobs there are: `total`.")
    facets: bool = Field(default=False, description="Whether to say of which kinds they are: `facets`.")

    @field_validator("radius_km")
    @classmethod
    def _has_a_middle(cls, radius: int | None, info: ValidationInfo) -> int | None:
        # what did not fit itself is missing among the data, and needs no second refusal
        if radius is not None and info.data.get("near", "") is None and info.data.get("location", "") is None:
            raise ValueError("needs `near` or `location` beside it")
        return radius

    @field_validator("sort")
    @classmethod
    def _can_be_sorted(cls, sort: Sort | None, info: ValidationInfo) -> Sort | None:
        if sort is Sort.RELEVANCE and info.data.get("q", "") is None:
            raise ValueError("`relevance` needs `q` beside it")
        return sort

    @field_validator("cursor")
    @classmethod
    def _is_of_this_order(cls, cursor: str | None, info: ValidationInfo) -> str | None:
        if cursor is not None and {"q", "sort"} <= info.data.keys():
            order = order_of(info.data["sort"], info.data["q"])
            if JobCursor.parse(cursor).sort is not order:
                raise ValueError("is a cursor of another order; begin without one")
        return cursor

    @property
    def order(self) -> Sort:
        """What comes first."""
        return order_of(self.sort, self.q)

    @property
    def place(self) -> JobCursor | None:
        """The cursor, read."""
        return JobCursor.parse(self.cursor) if self.cursor is not None else None

    @property
    def words(self) -> dict[str, str]:
        """The filters that are words, by their names."""
        return {name: text for name in ("q", "title", "company", "location") if (text := getattr(self, name))}

    def with_words(self, words: dict[str, str]) -> Self:
        """Return the same with other words."""
        return self.model_copy(update=words)


def order_of(sort: Sort | None, query: str | None) -> Sort:
    """Return what comes first where it may not have been said."""
    return sort or (Sort.RELEVANCE if query else Sort.NEWEST)
