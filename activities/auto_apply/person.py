"""Who applies: the opened identity, with the seal that opened it."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.failures import final_failure
from models.database import seal_of
from models.enums import EndReason
from models.profile import Identity, Preferences, profile_of
from models.sealed import KeyRing, Seal, place_of


@dataclass(frozen=True)
class Person:
    """What may be told about a person. The identity is never to be logged."""

    identity: Identity
    preferences: Preferences
    seal: Seal

    def __repr__(self) -> str:
        """Show nothing."""
        return "Person(…)"


async def load_person(session: AsyncSession, keys: KeyRing, user_id: UUID) -> Person:
    """Open a person's identity; a final failure where there is none."""
    profile = (await session.exec(profile_of(user_id))).one_or_none()
    if profile is None or profile.identity_sealed is None:
        raise final_failure(EndReason.PROFILE_INCOMPLETE, "the profile holds no identity")
    seal = await seal_of(session, keys, user_id)
    opened = seal.open(profile.identity_sealed, place_of("profile", "identity_sealed", profile.id))
    return Person(Identity.stored_json(opened), profile.read_preferences(), seal)
