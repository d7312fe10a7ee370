"""What is shown of jobs: the columns as SQL, and rows as the JSON of a page or of one job."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_json

from models.application import HELD
from models.countries import ADZUNA_SITES
from models.database import Database
from models.job import Attribution, JobDetail, JobPublic
from models.search.cursor import JobCursor
from models.search.filters import JobFilters

_COLUMNS = (
    "j.id, j.title, j.company, j.location, j.country, j.remote, j.remote_reason, j.salary_min, j.salary_max,"
    " j.salary_predicted AS salary_is_estimate, j.salary_period, j.currency, j.contract_type,"
    " j.contract_time, j.category, j.posted_at, j.url"
)
_MORE = "j.description, j.area, j.latitude, j.longitude, j.category_label, j.seen_at, j.expired_at"
# null where there is but the job's own, as for most
_PLACES = """
(SELECT CASE WHEN count(*) > 1 OR bool_or(p.id <> j.id)
    THEN json_agg(json_build_object('job_id', p.id, 'location', p.location)) END
FROM (
    SELECT o.id, o.location FROM job o
    WHERE o.content_key = j.content_key AND o.country = j.country AND o.expired_at IS NULL
    ORDER BY o.posted_at DESC, o.id DESC LIMIT 20
) p) AS places
"""
MARKS = """
LEFT JOIN LATERAL (
    SELECT bool_or(m.saved_at IS NOT NULL) AS saved, bool_or(m.hidden_at IS NOT NULL) AS hidden
    FROM job_mark m WHERE m.user_id = %(me)s AND m.content_key = j.content_key
) marks ON true
"""
_STATE = f"""
(SELECT (array_agg(a.state ORDER BY a.id DESC))[1] FROM job x JOIN application a ON a.job_id = x.id
WHERE x.content_key = j.content_key AND a.user_id = %(me)s AND a.{HELD}) AS application_state
"""  # noqa: S608 -- fixed fragments
_SCORE = "(SELECT s.score FROM job_match s WHERE s.user_id = %(me)s AND s.job_id = j.id) AS score"
_OWN = f"coalesce(marks.saved, false) AS saved, coalesce(marks.hidden, false) AS hidden, {_STATE}, {_SCORE}"

SHOWN = f"{_COLUMNS}, {_PLACES}, {_OWN}"
"""What JobPublic declares, of a job `j` with its `MARKS`; `places` may be null. `me` is a parameter."""

_DETAIL_SQL = f"SELECT {SHOWN}, {_MORE} FROM job j {MARKS} WHERE j.id = %(id)s"  # noqa: S608 -- a fixed text

_ATTRIBUTIONS = {country: Attribution(url=site).model_dump() for country, site in ADZUNA_SITES.items()}
_ELSEWHERE = Attribution(url="https://www.adzuna.com").model_dump()


class Total(BaseModel):
    """How many jobs there are; `capped` where there are more than are counted."""

    count: int
    capped: bool


class FacetValue(BaseModel):
    """How many of the jobs have a value."""

    value: str
    count: int


class Facets(BaseModel):
    """The values of the newest 1,000 jobs that are found; `capped` where there are more jobs."""

    country: list[FacetValue]
    remote: list[FacetValue]
    employment_type: list[FacetValue]
    category: list[FacetValue]
    capped: bool


class JobPage(BaseModel):
    """Jobs, where the list goes on, and what else was asked for.

    `corrected` are the words that were searched for in the place of those that no job has.
    """

    items: list[JobPublic]
    next_cursor: str | None
    total: Total | None
    facets: Facets | None
    corrected: str | None


def attribution_for(country: str) -> dict[str, Any]:
    """Return what must stand beside an ad of this country."""
    return _ATTRIBUTIONS.get(country, _ELSEWHERE)


def complete(row: dict[str, Any]) -> dict[str, Any]:
    """Fill in what a row of `SHOWN` lacks of a JobPublic, in its place."""
    row["attribution"] = attribution_for(row["country"])
    if row["places"] is None:
        row["places"] = [{"job_id": row["id"], "location": row["location"]}]
    return row


def page_json(rows: list[dict[str, Any]], filters: JobFilters, more: Mapping[str, Any]) -> bytes:
    """Write the rows of a page as the JSON of a JobPage; the row too many only says that it goes on.

    `more` has what it holds beside jobs, and when the list was `begun`. The columns are what JobPublic
    declares, so they are not validated once more: that would cost as much as everything else that this list
    does in Python.
    """
    shown = rows[: filters.limit]
    keys = [complete(row).pop("sort_key") for row in shown]
    behind = None
    if len(rows) > filters.limit:
        behind = str(JobCursor(filters.order, keys[-1], shown[-1]["id"], more["begun"]))
    page = {name: more.get(name) for name in ("total", "facets", "corrected")}
    return to_json({"items": shown, "next_cursor": behind, **page})


async def detail_of(database: Database, job_id: UUID, me: UUID) -> JobDetail | None:
    """Return one job as somebody sees it, also when it is no longer advertised; None where there is none."""
    rows = await database.rows(_DETAIL_SQL, {"id": job_id, "me": me})
    return JobDetail.model_validate(complete(rows[0])) if rows else None
