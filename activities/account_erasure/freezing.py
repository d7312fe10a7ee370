"""Steps `await_erasure` and `freeze`: until when it can be undone, and the point of no return.

What makes work for the person is taken away with it: nothing is begun for them from then on.
"""

from uuid import UUID

from sqlalchemy import CursorResult
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.account_erasure.context import Context
from activities.matching.rows import ASLEEP
from models.account import Account
from models.account_enums import ErasureState, ErasureStep, SessionEnd
from models.api_key import ApiKey
from models.application import BEFORE_FENCE, Application, stands_in
from models.audit import AuditEntry, Deed
from models.base import now
from models.enums import ApplicationState, AutomationMode, EndReason, EventKind
from models.erasure import Erasure, erasure_locked
from models.event import record
from models.job_search import SavedSearch
from models.login_session import LoginSession
from models.match_row import Interest
from models.one_time_token import OneTimeToken
from models.profile import Profile
from models.standing import announce_standing
from models.unwanted_search import forget_unwanted
from workflows.account_messages import ErasureRef, ErasureWait

UNLESS_KEY = {"key_share": True}
"""FOR NO KEY UPDATE, which lets foreign keys pass."""


async def await_erasure(context: Context, ref: ErasureRef) -> ErasureWait:
    """Say for how many seconds it can still be undone; 0 where it has begun, None where it is over."""
    async with context.database.begin() as session:
        erasure = await session.get(Erasure, ref.erasure_id)
        if erasure is None or erasure.is_over:
            return ErasureWait(seconds=None)
        if erasure.state is ErasureState.ERASING:
            return ErasureWait(seconds=0.0)
        return ErasureWait(seconds=max((erasure.due_at - now()).total_seconds(), 0.0))


async def freeze(context: Context, ref: ErasureRef) -> bool:
    """Pass the point of no return; False where it was undone before, or everything is erased."""
    async with context.database.begin() as session:
        # first the account's lock, as whoever undoes it takes them: neither waits for the other for ever
        owner = select(Erasure.user_id).where(Erasure.id == ref.erasure_id)
        user_id = (await session.exec(owner)).one_or_none()
        account = await session.get(Account, user_id, with_for_update=UNLESS_KEY) if user_id else None
        erasure = (await session.exec(erasure_locked(ref.erasure_id))).one_or_none()
        if erasure is None or erasure.is_over or erasure.user_id is None:
            return False
        if erasure.begin():
            erasure.step = ErasureStep.FREEZE
            session.add(AuditEntry.by_system(Deed.ERASURE_BEGUN, erasure.user_id, erasure.id))
            if account is not None:
                await _shut(session, account, erasure)
        return True


async def _shut(session: AsyncSession, account: Account, erasure: Erasure) -> None:
    account.erasing_at = now()
    await _lock_out(session, account.id)
    await _stop_work(session, erasure, account.id)
    await _announce(session, erasure, account.id)


async def _lock_out(session: AsyncSession, user_id: UUID) -> None:
    """End every login, key and token: nobody gets in any more."""
    at = now()
    of_user, unended = col(LoginSession.user_id) == user_id, col(LoginSession.ended_at).is_(None)
    await session.exec(
        update(LoginSession).where(of_user, unended).values(ended_at=at, ended_by=SessionEnd.ERASING)
    )
    revoked = update(ApiKey).where(col(ApiKey.user_id) == user_id, col(ApiKey.revoked_at).is_(None))
    await session.exec(revoked.values(revoked_at=at))
    tokens = update(OneTimeToken).where(
        col(OneTimeToken.user_id) == user_id, col(OneTimeToken.used_at).is_(None)
    )
    await session.exec(tokens.values(used_at=at))


async def _stop_work(session: AsyncSession, erasure: Erasure, user_id: UUID) -> None:
    """Switch automation off, take wishes and searches away, and cancel what is not behind the fence."""
    off = {"automation_mode": AutomationMode.OFF, "wishes_changed_at": None, "matched_version": ASLEEP}
    await session.exec(update(Profile).where(col(Profile.user_id) == user_id).values(**off))
    counts = {"interest": await _deleted(session, delete(Interest).where(col(Interest.user_id) == user_id))}
    counts |= await forget_searches(session, user_id)
    erasure.count(counts)
    # their logs are not written on: they are deleted in a moment, and only the row stops a step
    cancelled = {"state": ApplicationState.CANCELLED, "reason": EndReason.CANCELLED_BY_USER}
    unsent = update(Application).where(col(Application.user_id) == user_id, stands_in(*BEFORE_FENCE))
    await session.exec(unsent.values(**cancelled, moved_at=now()))


async def forget_searches(session: AsyncSession, user_id: UUID) -> dict[str, int]:
    """Delete what the person has saved, and its terms; a search that others want too stays: it names nobody.

    To be repeated behind the freeze: who was let in just before it may have saved one since.
    """
    mine = col(SavedSearch.user_id) == user_id
    ids = list(await session.exec(select(SavedSearch.search_id).where(mine)))
    saved = await _deleted(session, delete(SavedSearch).where(mine))
    return {"saved_search": saved, "job_search": await forget_unwanted(session, ids)}


async def _deleted(session: AsyncSession, statement: object) -> int:
    result: CursorResult[object] = await session.exec(statement)  # type: ignore[call-overload]  # any delete
    return result.rowcount


async def _announce(session: AsyncSession, erasure: Erasure, user_id: UUID) -> None:
    await session.flush()
    connection = await session.connection()
    await connection.execute(announce_standing(user_id))
    changed = EventKind.ERASURE_CHANGED
    await connection.execute(record(user_id, changed, erasure.id, state=erasure.state.value))
