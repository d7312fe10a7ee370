"""What helps to find jobs: names while they are typed, and jobs that are like one."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from api.deps import Me, context_of
from api.described import problems
from api.query import described, parse_query
from models.search.similar import SimilarJobs, SimilarQuery, similar
from models.search.suggestions import SuggestionQuery, Suggestions, suggest

router = APIRouter(prefix="/api/jobs", tags=["jobs"])


@router.get(
    "/suggestions",
    response_model=Suggestions,
    responses=problems(401),
    openapi_extra=described(SuggestionQuery),
)
async def suggest_names(request: Request, _: Me) -> Response:
    """List the titles, companies or places that ads use and that fit what is being typed.

    At most 10: first those of which a word begins with the text, the most frequent first, then, where these
    are fewer, those that are much like it. Without a country the jobs of all countries are counted together.
    """
    query = parse_query(SuggestionQuery, request)
    items = await suggest(context_of(request).database, query)
    return Response(to_json({"items": items}), media_type="application/json")


@router.get(
    "/{job_id}/similar",
    response_model=SimilarJobs,
    responses=problems(401, 404),
    openapi_extra=described(SimilarQuery),
)
async def list_similar_jobs(request: Request, job_id: UUID, me: Me) -> Response:
    """List open jobs that are like one, the likest first: by their titles, in its country or remote.

    They are sought among the newest 3,000 of the country and the newest 200 remote ones with all words of
    its title; where these are few, also among the newest 200 of the country with all of these words, and the
    newest 200 with two that stand side by side.
    """
    query = parse_query(SimilarQuery, request)
    items = await similar(context_of(request).database, job_id, me.id, query.limit)
    return Response(to_json({"items": items}), media_type="application/json")
