"""Searches that a person wants to be kept fresh, each with how fresh it is."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.deps import ContextDep, KeysDep, Me, SessionDep
from api.described import problems
from api.searching import put_searches, shown_to, wished_by
from models.account import Account
from models.database import seal_of
from models.enums import SearchOrigin
from models.errors import AlreadyExistsError, ConflictError, NotFoundError
from models.job_search import JobSearch, SavedSearch, saved_searches_of
from models.profile import profile_of
from models.saved_search import SavedSearchPublic, SearchCreate, SearchUpdate, name_in
from models.sealed import KeyRing
from models.unwanted_search import forget_unwanted

router = APIRouter(prefix="/api/searches", tags=["searches"])

UNKNOWN = "You have no saved search with this id."
OF_WISHES = (
    "This search follows from your wishes: change their titles or countries, or switch automation off, at"
    " /api/profile/."
)


@router.get("/", responses=problems(401))
async def list_searches(me: Me, keys: KeysDep, session: SessionDep) -> list[SavedSearchPublic]:
    """List the saved searches, the newest first, with when each was last and will next be refreshed.

    Those of origin `wishes` follow from the titles and countries of the profile.
    """
    query = (
        select(SavedSearch, JobSearch)
        .join(JobSearch, col(JobSearch.id) == col(SavedSearch.search_id))
        .where(SavedSearch.user_id == me.id)
        .order_by(col(SavedSearch.id).desc())
    )
    return await shown_to(session, keys, me.id, (await session.exec(query)).all())


@router.post("/", status_code=201, responses=problems(401, 409))
async def save_search(
    body: SearchCreate, me: Me, context: ContextDep, session: SessionDep
) -> SavedSearchPublic:
    """Save a search, so that it is fetched again and again within the budget.

    Equal terms, whatever their case and spaces, are fetched once for everybody. Saving what is saved already
    is `/problems/already-exists` with its `id`; what was kept for the wishes becomes the person's own.
    """
    await _lock_person(session, me.id)
    ((_, search_id),) = (await put_searches(session, [body.terms()])).items()
    mine = saved_searches_of(me.id)
    saved = (await session.exec(mine.where(SavedSearch.search_id == search_id).with_for_update())).first()
    if saved is not None and saved.origin is SearchOrigin.PERSON:
        raise AlreadyExistsError("You have saved this search already.", id=saved.id)
    await _check_limit(session, me.id, context.searches_per_person)
    if saved is None:
        saved = SavedSearch(user_id=me.id, search_id=search_id)
    name_in(saved, body.name, await seal_of(session, context.keys, me.id))
    saved.origin = SearchOrigin.PERSON
    session.add(saved)
    return await _shown(session, context.keys, saved)


@router.get("/{search_id}", responses=problems(401, 404))
async def read_search(search_id: UUID, me: Me, keys: KeysDep, session: SessionDep) -> SavedSearchPublic:
    """Show one saved search."""
    saved = (await session.exec(saved_searches_of(me.id).where(SavedSearch.id == search_id))).first()
    if saved is None:
        raise NotFoundError(UNKNOWN)
    return await _shown(session, keys, saved)


@router.patch("/{search_id}", responses=problems(401, 404))
async def rename_search(
    search_id: UUID, body: SearchUpdate, me: Me, keys: KeysDep, session: SessionDep
) -> SavedSearchPublic:
    """Give a saved search another name; other terms are another search."""
    saved = await _own(session, me.id, search_id)
    name_in(saved, body.name, await seal_of(session, keys, me.id))
    return await _shown(session, keys, saved)


@router.delete("/{search_id}", status_code=204, responses=problems(401, 404, 409))
async def delete_search(search_id: UUID, me: Me, session: SessionDep) -> None:
    """Delete a saved search, and forget its terms where nobody else wants them; the jobs it brought stay.

    One that follows from the wishes cannot be deleted by itself. Where what the person has saved follows from
    them as well, it stays for them.
    """
    # the profile before its searches, as whoever changes the wishes does
    profile = (await session.exec(profile_of(me.id).with_for_update())).first()
    saved = await _own(session, me.id, search_id)
    if saved.origin is SearchOrigin.WISHES:
        raise ConflictError(OF_WISHES)
    search = await session.get_one(JobSearch, saved.search_id)
    if search.key in wished_by(profile):
        saved.origin, saved.name_sealed = SearchOrigin.WISHES, None
    else:
        await session.delete(saved)
        await session.flush()
        await forget_unwanted(session, [saved.search_id])


async def _shown(session: AsyncSession, keys: KeyRing, saved: SavedSearch) -> SavedSearchPublic:
    search = await session.get_one(JobSearch, saved.search_id)
    return (await shown_to(session, keys, saved.user_id, [(saved, search)]))[0]


async def _lock_person(session: AsyncSession, user_id: UUID) -> None:
    """Let one person save one search at a time: their number is limited."""
    account = select(Account.id).where(Account.id == user_id)
    await session.exec(account.with_for_update(key_share=True))


async def _check_limit(session: AsyncSession, user_id: UUID, limit: int) -> None:
    named = select(func.count()).select_from(SavedSearch).where(col(SavedSearch.user_id) == user_id)
    count = (await session.exec(named.where(col(SavedSearch.origin) == SearchOrigin.PERSON))).one()
    if count >= limit:
        raise ConflictError(
            f"At most {limit} searches are kept for one person; delete one first.", limit=limit
        )


async def _own(session: AsyncSession, user_id: UUID, search_id: UUID) -> SavedSearch:
    query = saved_searches_of(user_id).where(SavedSearch.id == search_id).with_for_update()
    saved = (await session.exec(query)).first()
    if saved is None:
        raise NotFoundError(UNKNOWN)
    return saved
