"""Matches on their way into the database, and the people whose wishes they are made of."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from pydantic import ValidationError
from pydantic_core import to_json
from sqlalchemy import text
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.answering_enums import MatchState, SkipReason
from models.automation import Automation
from models.match.score import Match, below_threshold, score
from models.match.sides import Advert, Wanted, wanted_of
from models.match_row import Interest
from models.profile import Preferences, Profile

Row = dict[str, Any]

# one document for a page; a pair that was matched before, or meanwhile, stays as it is
_STORE = text(
    """
    INSERT INTO job_match (user_id, job_id, state, reason, score, confidence, breakdown, scorer_version,
                           created_at, updated_at)
    SELECT user_id, job_id, state, reason, score, confidence, breakdown, scorer_version, :at, :at
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS matched(
        user_id uuid, job_id uuid, state text, reason text, score int, confidence float8, breakdown jsonb,
        scorer_version int
    )
    ON CONFLICT (user_id, job_id) DO NOTHING
    """
)

_log = structlog.get_logger(__name__)


def read_wanted(user_id: UUID, preferences: object, automation: object) -> Wanted | None:
    """Return what a person wants, None where it is of a shape that nobody can read any more."""
    try:
        return wanted_of(Preferences.model_validate(preferences), Automation.model_validate(automation))
    except ValidationError:
        _log.warning("preferences cannot be read", user_id=str(user_id))
        return None


@dataclass
class People:
    """What people want, each read once."""

    known: dict[UUID, Wanted | None] = field(default_factory=dict)

    async def read(self, session: AsyncSession, user_ids: AbstractSet[UUID]) -> dict[UUID, Wanted | None]:
        """Return what these people want.

        Of those whose preferences cannot be read the interests are taken away: no job finds them again until
        they say anew what they want.
        """
        unread = user_ids - self.known.keys()
        if unread:
            columns = select(Profile.user_id, Profile.preferences, Profile.automation)
            found = await session.exec(columns.where(col(Profile.user_id).in_(unread)))
            read = {user_id: read_wanted(user_id, *parts) for user_id, *parts in found}
            self.known |= dict.fromkeys(unread) | read
            lost = [user_id for user_id in unread if self.known[user_id] is None]
            if lost:
                await session.exec(delete(Interest).where(col(Interest.user_id).in_(lost)))
        return self.known


def row_of(user_id: UUID, wanted: Wanted, advert: Advert, at: datetime) -> Row:
    """Return the row of a match: a candidate, or skipped with its reason."""
    found = score(wanted, advert, at)
    reason: SkipReason | None = found.gate or below_threshold(found, wanted.rules)
    return {
        "user_id": user_id,
        "job_id": advert.job.id,
        "state": MatchState.SKIPPED if reason else MatchState.CANDIDATE,
        "reason": reason,
        "score": found.score,
        "confidence": found.confidence,
        "breakdown": breakdown_of(found),
        "scorer_version": found.version,
    }


def breakdown_of(found: Match) -> Row:
    """Return what explains a score; nothing where a gate left no score to explain."""
    return {"components": [part.model_dump() for part in found.components]} if found.components else {}


async def store(session: AsyncSession, rows: list[Row], at: datetime) -> None:
    """Store matches; those that are there already stay."""
    if rows:
        connection = await session.connection()
        await connection.execute(_STORE, {"rows": to_json(rows).decode(), "at": at})
