"""Keeping searches: equal ones are one row for everybody, and those of wishes follow the wishes."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import new_id, now
from models.database import seal_of
from models.enums import SearchOrigin, TermKind
from models.job_search import JobSearch, SavedSearch, SearchTerms
from models.profile import Profile
from models.saved_search import SavedSearchPublic, places_of, shown, wished
from models.sealed import KeyRing
from models.term import Term
from models.unwanted_search import forget_unwanted


async def put_searches(session: AsyncSession, wanted: Iterable[SearchTerms]) -> dict[str, UUID]:
    """Make the searches that are not there, and return the id of each by its key.

    They stay locked to the end of the transaction, so that none is pruned before somebody wants it.
    """
    rows = {search.key: search.model_dump() for search in map(JobSearch.of, wanted)}
    if not rows:
        return {}
    # in one order for everybody: two people who want the same must not wait for each other
    put = insert(JobSearch).values([rows[key] for key in sorted(rows)])
    kept = put.on_conflict_do_update(index_elements=["key"], set_={"is_default": col(JobSearch.is_default)})
    found = await session.exec(kept.returning(col(JobSearch.key), col(JobSearch.id)))
    return dict(found.all())


def wished_by(profile: Profile | None) -> dict[str, SearchTerms]:
    """Return the searches that follow from a person's wishes, by their keys."""
    if profile is None:
        return {}
    return {terms.key_of_terms(): terms for terms in wished(profile.read_preferences())}


async def keep_wished(session: AsyncSession, profile: Profile) -> None:
    """Save the searches that follow from a person's wishes, and drop those that no longer do.

    What the person has saved by name stays theirs; what nobody else wants is forgotten.
    """
    wanted = wished_by(profile)
    of_wishes = (
        col(SavedSearch.user_id) == profile.user_id,
        col(SavedSearch.origin) == SearchOrigin.WISHES,
    )
    held = (await session.exec(select(JobSearch).join(SavedSearch).where(*of_wishes))).all()
    # locked together, those that may go as well: two people who change their wishes pass each other
    ids = await put_searches(session, [*wanted.values(), *held])
    kept = [ids[key] for key in wanted]
    await session.exec(delete(SavedSearch).where(*of_wishes, col(SavedSearch.search_id).not_in(kept)))
    await forget_unwanted(session, {*ids.values(), *(search.id for search in held)} - set(kept))
    fresh = [
        {
            "id": new_id(),
            "created_at": now(),
            "user_id": profile.user_id,
            "search_id": ids[key],
            "origin": SearchOrigin.WISHES,
        }
        for key in wanted
    ]
    if fresh:
        await session.exec(insert(SavedSearch).values(fresh).on_conflict_do_nothing())


async def shown_to(
    session: AsyncSession, keys: KeyRing, user_id: UUID, rows: Sequence[tuple[SavedSearch, JobSearch]]
) -> list[SavedSearchPublic]:
    """Return a person's saved searches as they see them, in their order."""
    is_named = any(saved.name_sealed for saved, _ in rows)
    seal = await seal_of(session, keys, user_id) if is_named else None
    known = await _known_places(session, {place for _, search in rows for place in places_of(search)})
    return [
        shown(
            saved,
            search,
            seal,
            is_located=any((search.country, place) in known for place in places_of(search)),
        )
        for saved, search in rows
    ]


async def _known_places(session: AsyncSession, names: set[str]) -> set[tuple[str, str]]:
    """Return the countries and names of those places of which it is known where they are."""
    if not names:
        return set()
    located = col(Term.latitude).is_not(None) & col(Term.longitude).is_not(None)
    places = select(Term.country, Term.normal).where(Term.kind == TermKind.PLACE, located)
    return set(await session.exec(places.where(col(Term.normal).in_(names))))
