"""Jobs: the list that everybody looks at, and one job by itself."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.deps import DatabaseDep, Me, context_of
from api.described import problems
from api.query import described, parse_query
from models.errors import NotFoundError
from models.job import JobDetail
from models.search.filters import JobFilters
from models.search.finding import find
from models.search.shown import JobPage, detail_of

router = APIRouter(prefix="/api/jobs", tags=["jobs"])


@router.get("/", response_model=JobPage, responses=problems(401), openapi_extra=described(JobFilters))
async def list_jobs(request: Request, me: Me) -> Response:
    """List the jobs that are advertised now and meet all filters, one for each content.

    Of the same text in several towns the newest ad that meets the filters stands for all, with its `places`.
    Words are found in any form of the ad's language, without regard to case and accents. By relevance, the
    200 newest ads with the words in their title and the 100 newest with them anywhere are ranked, newer ones
    a little higher. By salary, only ads with an employer's word on pay are listed, and by score only those
    that were matched with you. In the place of words that no ad has the nearest ones are searched for:
    `corrected` says which.
    """
    filters = parse_query(JobFilters, request)
    found = await find(context_of(request).database, filters, me.id)
    return Response(found.json(), media_type="application/json")


@router.get("/{job_id}", responses=problems(401, 404))
async def read_job(job_id: UUID, me: Me, database: DatabaseDep) -> JobDetail:
    """Show one job, also when it is no longer advertised."""
    job = await detail_of(database, job_id, me.id)
    if job is None:
        raise NotFoundError("There is no job with this id.")
    return job
