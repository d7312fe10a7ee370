"""The profile: what a person looks for, who they are on a form, and how far Jobraker may go alone."""

from typing import Any, TypeVar
from uuid import UUID

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from sqlalchemy import exists
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.consenting import note_automation
from api.deps import ContextDep, Flows, KeysDep, Me, SessionDep
from api.described import problems
from api.waiting import jobs_in
from api.wishing import note_wishes
from models.automation import Automation
from models.base import new_id, now
from models.database import seal_of
from models.enums import ApplicationState, AutomationMode
from models.facts import Facts
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
from models.sealed import Seal, place_of

router = APIRouter(prefix="/api/profile", tags=["profile"])

S = ApplicationState

WAITING = {
    "identity": (S.NEEDS_INPUT,),
    "facts": (S.NEEDS_INPUT,),
    # the right to work is among them
    "preferences": (S.NEEDS_INPUT,),
    # what was approved may wait for quiet hours, or a pause, to end
    "automation": (S.APPROVED,),
}
"""Which waiting applications look at the profile again when a part of it has changed."""

Part = TypeVar("Part", bound=BaseModel)


@router.get("/", responses=problems(401))
async def read_profile(me: Me, keys: KeysDep, context: ContextDep, session: SessionDep) -> ProfilePublic:
    """Show the profile, and what it lacks for an application."""
    profile = (await session.exec(profile_of(me.id))).first()
    seal = await seal_of(session, keys, me.id)
    return await _shown(session, seal, profile or Profile(**_new(me.id, context.daily_cap)))


@router.patch("/", responses=problems(401, 403))
async def change_profile(
    body: ProfileUpdate, me: Me, keys: KeysDep, context: ContextDep, flows: Flows
) -> ProfilePublic:
    """Change what is sent and keep the rest, inside `preferences`, `automation`, `facts` and `identity` too.

    A list is replaced as a whole. `null` puts a part back to what it is in a new profile: `identity: null`
    erases the identity, `automation_mode: null` switches automation off. Switching it on is the consent to
    applying automatically, which only the person can give, and switching it off withdraws it.
    """
    sent = body.model_fields_set
    async with context.database.begin() as session:
        profile = await _locked(session, me.id, context.daily_cap)
        seal = await seal_of(session, keys, me.id)
        before, mode = _wishes(profile), profile.automation_mode
        _change_open(profile, body, context.daily_cap)
        _change_sealed(profile, body, seal)
        await note_automation(session, context, me, mode, profile.automation_mode)
        wishes_are_new = _wishes(profile) != before
        if wishes_are_new:
            await note_wishes(session, profile)
        waiting = await jobs_in(session, me.id, {state for name in sent for state in WAITING.get(name, ())})
        shown = await _shown(session, seal, profile)
    for job_id in waiting:
        flows.ring(me.id, job_id)
    if wishes_are_new:
        flows.start_match_person(me.id)
    return shown


def _new(user_id: UUID, daily_cap: int) -> dict[str, Any]:
    return {
        "id": new_id(),
        "created_at": now(),
        "user_id": user_id,
        "preferences": Preferences().model_dump(mode="json"),
        "automation_mode": AutomationMode.OFF,
        "daily_cap": daily_cap,
        "automation": Automation().model_dump(mode="json"),
    }


async def _locked(session: AsyncSession, user_id: UUID, daily_cap: int) -> Profile:
    """Return the person's profile for changing; the first change creates it."""
    await session.exec(insert(Profile).values(_new(user_id, daily_cap)).on_conflict_do_nothing())
    return (await session.exec(profile_of(user_id).with_for_update())).one()


def _change_open(profile: Profile, body: ProfileUpdate, daily_cap: int) -> None:
    sent = body.model_fields_set
    if "preferences" in sent:
        preferences = _merged("preferences", profile.read_preferences(), body.preferences)
        profile.preferences = preferences.model_dump(mode="json")
    if "automation" in sent:
        automation = _merged("automation", profile.read_automation(), body.automation)
        profile.automation = automation.model_dump(mode="json")
    if "automation_mode" in sent:
        profile.automation_mode = body.automation_mode or AutomationMode.OFF
    if "daily_cap" in sent:
        profile.daily_cap = daily_cap if body.daily_cap is None else body.daily_cap


def _change_sealed(profile: Profile, body: ProfileUpdate, seal: Seal) -> None:
    if "identity" in body.model_fields_set:
        old = _identity(profile, seal)
        identity = old and body.identity and _merged("identity", old, body.identity)
        profile.identity_sealed = _sealed(profile, "identity_sealed", identity or body.identity, seal)
    if "facts" in body.model_fields_set:
        facts = body.facts and _merged("facts", _facts(profile, seal), body.facts)
        profile.facts_sealed = _sealed(profile, "facts_sealed", facts, seal)


def _merged(name: str, old: Part, change: Part | None) -> Part:
    """Return a part with what was sent of it; None makes it new. The whole is checked once more."""
    model = type(old)
    if change is None:
        return model()
    values = _over(old.model_dump(mode="json"), change.model_dump(mode="json", exclude_unset=True))
    try:
        return model.model_validate(values)
    except ValidationError as error:
        details = [{**each, "loc": ("body", name, *each["loc"])} for each in error.errors()]
        raise RequestValidationError(details) from None


def _over(old: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Lay one JSON object over another, object by object."""
    return {
        **old,
        **{
            name: _over(old[name], value)
            if isinstance(value, dict) and isinstance(old.get(name), dict)
            else value
            for name, value in change.items()
        },
    }


def _sealed(profile: Profile, column: str, part: BaseModel | None, seal: Seal) -> bytes | None:
    if part is None:
        return None
    return seal.seal_text(part.model_dump_json(), place_of("profile", column, profile.id))


def _wishes(profile: Profile) -> tuple[object, ...]:
    """Return all that decides which jobs are found for the person, and which of them are skipped."""
    rules = profile.read_automation()
    return (
        profile.automation_mode,
        profile.read_preferences(),
        rules.min_score,
        rules.min_confidence,
        rules.notify_score,
        rules.posted_within_days,
        rules.company_cap,
    )


async def _shown(session: AsyncSession, seal: Seal, profile: Profile) -> ProfilePublic:
    has_resume = (await session.exec(select(exists().where(col(Resume.user_id) == profile.user_id)))).one()
    return ProfilePublic(
        identity=_identity(profile, seal),
        preferences=profile.read_preferences(),
        automation_mode=profile.automation_mode,
        daily_cap=profile.daily_cap,
        automation=profile.read_automation(),
        facts=_facts(profile, seal),
        missing=missing_for_applying(profile, has_resume=has_resume),
    )


def _identity(profile: Profile, seal: Seal) -> Identity | None:
    if profile.identity_sealed is None:
        return None
    place = place_of("profile", "identity_sealed", profile.id)
    return Identity.stored_json(seal.open(profile.identity_sealed, place))


def _facts(profile: Profile, seal: Seal) -> Facts:
    if profile.facts_sealed is None:
        return Facts()
    place = place_of("profile", "facts_sealed", profile.id)
    return Facts.stored_json(seal.open(profile.facts_sealed, place))
