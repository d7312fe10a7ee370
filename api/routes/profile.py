"""The profile: what a person looks for, and who they are on an employer's form."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import exists
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.deps import ContextDep, KeysDep, Me, SessionDep
from api.described import problems
from models.base import new_id, now
from models.database import seal_of
from models.enums import AutomationMode
from models.profile import (
    Identity,
    Preferences,
    Profile,
    ProfilePublic,
    ProfileUpdate,
    Resume,
    missing_for_applying,
    profile_of,
)
from models.sealed import KeyRing, place_of

router = APIRouter(prefix="/api/profile", tags=["profile"])


@router.get("/", responses=problems(401))
async def read_profile(me: Me, keys: KeysDep, context: ContextDep, session: SessionDep) -> ProfilePublic:
    """Show the profile, and what it lacks for an application."""
    profile = (await session.exec(profile_of(me.id))).first()
    return await _shown(session, keys, me.id, profile or _empty(me.id, context.daily_cap))


@router.patch("/", responses=problems(401))
async def change_profile(
    body: ProfileUpdate, me: Me, keys: KeysDep, context: ContextDep, session: SessionDep
) -> ProfilePublic:
    """Change what is sent and keep the rest; `identity: null` erases the identity."""
    profile = await _locked(session, me.id, context.daily_cap)
    if "identity" in body.model_fields_set:
        seal = await seal_of(session, keys, me.id)
        place = place_of("profile", "identity_sealed", profile.id)
        text = body.identity.model_dump_json() if body.identity else None
        profile.identity_sealed = None if text is None else seal.seal_text(text, place)
    if body.preferences is not None:
        profile.preferences = body.preferences.model_dump(mode="json")
    if body.automation_mode is not None:
        profile.automation_mode = body.automation_mode
    if body.daily_cap is not None:
        profile.daily_cap = body.daily_cap
    return await _shown(session, keys, me.id, profile)


def _empty(user_id: UUID, daily_cap: int) -> Profile:
    preferences = Preferences().model_dump(mode="json")
    return Profile(user_id=user_id, preferences=preferences, daily_cap=daily_cap)


async def _locked(session: AsyncSession, user_id: UUID, daily_cap: int) -> Profile:
    """Return the person's profile for changing; the first change creates it."""
    fresh = {
        "id": new_id(),
        "created_at": now(),
        "user_id": user_id,
        "preferences": Preferences().model_dump(mode="json"),
        "automation_mode": AutomationMode.OFF,
        "daily_cap": daily_cap,
    }
    await session.exec(insert(Profile).values(fresh).on_conflict_do_nothing())
    return (await session.exec(profile_of(user_id).with_for_update())).one()


async def _shown(session: AsyncSession, keys: KeyRing, user_id: UUID, profile: Profile) -> ProfilePublic:
    has_resume = (await session.exec(select(exists().where(col(Resume.user_id) == user_id)))).one()
    return ProfilePublic(
        identity=await _identity(session, keys, profile),
        preferences=profile.read_preferences(),
        automation_mode=profile.automation_mode,
        daily_cap=profile.daily_cap,
        missing=missing_for_applying(profile, has_resume=has_resume),
    )


async def _identity(session: AsyncSession, keys: KeyRing, profile: Profile) -> Identity | None:
    if profile.identity_sealed is None:
        return None
    seal = await seal_of(session, keys, profile.user_id)
    place = place_of("profile", "identity_sealed", profile.id)
    return Identity.model_validate_json(seal.open(profile.identity_sealed, place))
