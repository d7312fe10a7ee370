"""The searches that the installation's settings name, kept as they name them."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.vendors.adzuna import SearchQuery
from models.countries import COUNTRIES
from models.country_as_place import country_as_place
from models.enums import FetchFault
from models.job_search import JobSearch, SearchTerms


async def keep_defaults(session: AsyncSession, queries: Sequence[SearchQuery]) -> None:
    """Make the settings' searches the default ones, and no others.

    One that Adzuna would refuse, or would silently find nothing for, says so at once and costs no call.
    """
    searches = {}
    for query in queries:
        terms = SearchTerms(country=query.country, what=query.what, where=query.where)
        search = JobSearch.of(terms, is_default=True)
        searches[search.key] = search
    for _, search in sorted(searches.items()):
        search.last_error = _fault_of(search)
        told = {"is_default": True} | ({"last_error": search.last_error} if search.last_error else {})
        put = insert(JobSearch).values(search.model_dump())
        await session.exec(put.on_conflict_do_update(index_elements=["key"], set_=told))
    left = col(JobSearch.is_default) & col(JobSearch.key).not_in(searches)
    await session.exec(update(JobSearch).where(left).values(is_default=False))


def _fault_of(search: JobSearch) -> FetchFault | None:
    if search.country not in COUNTRIES:
        return FetchFault.UNSUPPORTED_COUNTRY
    return FetchFault.BAD_REQUEST if country_as_place(search.where, search.country) else None
