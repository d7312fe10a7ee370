"""Jobs: the list that everybody looks at, and one job by itself."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.deps import DatabaseDep, Me, context_of
from api.described import problems
from api.query import described, parse_query
from models.errors import NotFoundError
from models.job import JobDetail
from models.job_query import DETAIL_SQL, JobFilters, JobPage, detail_of, list_query, page_json

router = APIRouter(prefix="/api/jobs", tags=["jobs"])


@router.get("/", response_model=JobPage, responses=problems(401), openapi_extra=described(JobFilters))
async def list_jobs(request: Request, _: Me) -> Response:
    """List the jobs that are advertised now, the newest first."""
    filters = parse_query(JobFilters, request)
    sql, parameters = list_query(filters)
    rows = await context_of(request).database.rows(sql, parameters)
    return Response(page_json(rows, filters.limit), media_type="application/json")


@router.get("/{job_id}", responses=problems(401, 404))
async def read_job(job_id: UUID, _: Me, database: DatabaseDep) -> JobDetail:
    """Show one job, also when it is no longer advertised."""
    rows = await database.rows(DETAIL_SQL, {"id": job_id})
    if not rows:
        raise NotFoundError("There is no job with this id.")
    return detail_of(rows[0])
