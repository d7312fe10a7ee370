"""Jobs: the list that everybody looks at, and one job by itself."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.deps import DatabaseDep, Me
from api.described import problems
from models.errors import NotFoundError
from models.job import JobDetail
from models.job_query import DETAIL_SQL, JobFilters, JobPage, detail_of, list_query, page_of

router = APIRouter(prefix="/api/jobs", tags=["jobs"])


@router.get("/", responses=problems(401))
async def list_jobs(filters: Annotated[JobFilters, Query()], _: Me, database: DatabaseDep) -> JobPage:
    """List the jobs that are advertised now, the newest first."""
    sql, parameters = list_query(filters)
    return page_of(await database.rows(sql, parameters), filters.limit)


@router.get("/{job_id}", responses=problems(401, 404))
async def read_job(job_id: UUID, _: Me, database: DatabaseDep) -> JobDetail:
    """Show one job, also when it is no longer advertised."""
    rows = await database.rows(DETAIL_SQL, {"id": job_id})
    if not rows:
        raise NotFoundError("There is no job with this id.")
    return detail_of(rows[0])
