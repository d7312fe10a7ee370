"""Matches on their way into the database, and the people whose wishes they are made of."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from pydantic import ValidationError
from pydantic_core import to_json
from sqlalchemy import ColumnElement, exists, literal_column, or_, text
from sqlalchemy.orm import load_only
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.account import Account
from models.answering_enums import MatchState, SkipReason
from models.automation import Automation
from models.base import now
from models.enums import AutomationMode
from models.login_session import LoginSession
from models.match.score import Match, below_threshold, score
from models.match.sides import Advert, Wanted
from models.match_row import Interest, JobMatch
from models.match_world import read_world
from models.profile import Preferences, Profile

Row = dict[str, Any]

LASTING = (SkipReason.ALREADY_APPLIED, SkipReason.NEAR_DUPLICATE)
"""Reasons that no other wish and no other score takes away."""

NEWS = timedelta(days=2)
"""How long after it was stored a job is new: older ones are never told of."""

AWAY = timedelta(days=30)
"""Who has no session and is registered for so long looks at no matches."""

ASLEEP = -1
"""The version of the scorer that says that nothing is matched with a person until they come back."""

# one document for a page. What is queued, or was decided for good, stays; and whoever was told of a match is
# not told of it again
_STORE = text(
    f"""
    INSERT INTO job_match (user_id, job_id, state, reason, score, confidence, breakdown, scorer_version,
                           to_tell, created_at, updated_at)
    SELECT user_id, job_id, state, reason, score, confidence, breakdown, scorer_version, to_tell, :at, :at
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS matched(
        user_id uuid, job_id uuid, state text, reason text, score int, confidence float8, breakdown jsonb,
        scorer_version int, to_tell bool
    )
    ON CONFLICT (user_id, job_id) DO UPDATE SET
        state = excluded.state, reason = excluded.reason, score = excluded.score,
        confidence = excluded.confidence, breakdown = excluded.breakdown,
        scorer_version = excluded.scorer_version, updated_at = excluded.updated_at,
        to_tell = excluded.to_tell AND job_match.told_at IS NULL
    WHERE :anew AND job_match.state <> 'queued'
        AND (job_match.reason IS NULL OR job_match.reason NOT IN {tuple(map(str, LASTING))})
    """  # noqa: S608 -- words of our own
)

# what is sealed is not read for each of many people
_WISHES = load_only(
    *(getattr(Profile, name) for name in ("user_id", "preferences", "automation", "automation_mode")),
    raiseload=True,
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Seeker:
    """What somebody wants, and whether jobs are applied to for them."""

    wanted: Wanted
    is_on: bool
    stamp: str | None = None
    """The version of the profile that it was read from."""


async def read_seekers(session: AsyncSession, profiles: Iterable[Profile]) -> dict[UUID, Seeker | None]:
    """Return what people want, None where it is of a shape that nobody can read any more."""
    read = {profile.user_id: _read(profile) for profile in profiles}
    world = await read_world(session, [each[0] for each in read.values() if each is not None])
    return {
        user_id: None if each is None else Seeker(world.wanted(each[0], each[1]), is_on=each[2])
        for user_id, each in read.items()
    }


def _read(profile: Profile) -> tuple[Preferences, Automation, bool] | None:
    is_on = profile.automation_mode != AutomationMode.OFF
    try:
        return profile.read_preferences(), profile.read_automation(), is_on
    except ValidationError:
        _log.warning("preferences cannot be read", user_id=str(profile.user_id))
        return None


@dataclass
class People:
    """What people want, each read once, and once more when it has changed."""

    known: dict[UUID, Seeker | None] = field(default_factory=dict)

    async def read(self, session: AsyncSession, user_ids: AbstractSet[UUID]) -> dict[UUID, Seeker | None]:
        """Return what these people want.

        Of those whose preferences cannot be read the interests are taken away: no job finds them again until
        they say anew what they want. So it is with those who have been away for long and have nothing
        applied to for them: they are matched when they come back.
        """
        stamps = await _stamps(session, user_ids)
        unread = {user_id for user_id in user_ids if self._is_unread(user_id, stamps.get(user_id))}
        if unread:
            profiles = select(Profile).where(col(Profile.user_id).in_(unread)).options(_WISHES)
            found = await read_seekers(session, (await session.exec(profiles)).all())
            read = {
                user_id: each and replace(each, stamp=stamps.get(user_id)) for user_id, each in found.items()
            }
            off = {user_id for user_id, each in read.items() if each is not None and not each.is_on}
            self.known |= dict.fromkeys(unread) | read | dict.fromkeys(await _away(session, off))
            lost = [user_id for user_id in unread if self.known[user_id] is None]
            if lost:
                await session.exec(delete(Interest).where(col(Interest.user_id).in_(lost)))
        return self.known

    def _is_unread(self, user_id: UUID, stamp: str | None) -> bool:
        if user_id not in self.known:
            return True
        seeker = self.known[user_id]
        return seeker is not None and seeker.stamp != stamp


async def _stamps(session: AsyncSession, user_ids: AbstractSet[UUID]) -> dict[UUID, str]:
    """Return the versions of people's profiles: a look that is cheap beside reading them."""
    version: ColumnElement[str] = literal_column("profile.xmin::text")
    query = select(Profile.user_id, version).where(col(Profile.user_id).in_(user_ids))
    return dict((await session.exec(query)).all())


async def _away(session: AsyncSession, user_ids: AbstractSet[UUID]) -> set[UUID]:
    """Put to sleep who of these people has been away for long, and return them."""
    if not user_ids:
        return set()
    at = now()
    session_is_open = exists().where(
        col(LoginSession.user_id) == col(Account.id),
        col(LoginSession.expires_at) > at,
        col(LoginSession.ended_at).is_(None),
    )
    query = select(Account.id).where(
        col(Account.id).in_(user_ids), Account.created_at < at - AWAY, ~session_is_open
    )
    away = set(await session.exec(query))
    if away:
        unchanged = col(Profile.wishes_changed_at).is_(None)
        asleep = update(Profile).where(col(Profile.user_id).in_(away), unchanged)
        await session.exec(asleep.values(matched_version=ASLEEP))
    return away


def row_of(user_id: UUID, seeker: Seeker, advert: Advert, at: datetime) -> Row:
    """Return the row of a match: a candidate, found only, or skipped with its reason."""
    found = score(seeker.wanted, advert, at)
    state, reason = _verdict(seeker, found)
    return {
        "user_id": user_id,
        "job_id": advert.job.id,
        "state": state,
        "reason": reason,
        "score": found.score,
        "confidence": found.confidence,
        "breakdown": breakdown_of(found),
        "scorer_version": found.version,
        "to_tell": advert.job.created_at > at - NEWS and is_strong(seeker.wanted.rules, found),
    }


def _verdict(seeker: Seeker, found: Match) -> tuple[MatchState, SkipReason | None]:
    if found.gate is not None:
        return MatchState.SKIPPED, found.gate
    if not seeker.is_on:
        return MatchState.FOUND, None
    reason = below_threshold(found, seeker.wanted.rules)
    return (MatchState.SKIPPED, reason) if reason else (MatchState.CANDIDATE, None)


def is_strong(rules: Automation, found: Match) -> bool:
    """Tell whether a match is one that the person wants to be told of."""
    if found.score is None or found.confidence is None or rules.notify_score is None:
        return False
    return found.score >= rules.notify_score and found.confidence >= rules.min_confidence


def breakdown_of(found: Match) -> Row:
    """Return what explains a score; nothing where a gate left no score to explain."""
    return {"components": [part.model_dump() for part in found.components]} if found.components else {}


async def store(session: AsyncSession, rows: list[Row], at: datetime, *, anew: bool = False) -> None:
    """Store matches; those that are there already stay, unless they are made anew."""
    if rows:
        connection = await session.connection()
        await connection.execute(_STORE, {"rows": to_json(rows).decode(), "at": at, "anew": anew})


async def forget(session: AsyncSession, *which: ColumnElement[bool]) -> None:
    """Take away these matches, but for what is queued, and reasons that are none of wishes.

    Of a match that somebody was told of it stays, while the job is new, that they were.
    """
    depends = or_(col(JobMatch.reason).is_(None), col(JobMatch.reason).not_in(LASTING))
    gone = (*which, col(JobMatch.state) != MatchState.QUEUED, depends)
    told_at = col(JobMatch.told_at)
    await session.exec(delete(JobMatch).where(*gone, or_(told_at.is_(None), told_at <= now() - NEWS)))
    nothing: Row = {"state": MatchState.FOUND, "reason": None, "score": None, "confidence": None}
    await session.exec(update(JobMatch).where(*gone).values(**nothing, breakdown={}))
