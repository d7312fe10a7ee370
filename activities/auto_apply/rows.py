"""Reading and ending an application's rows, inside the caller's transaction."""

from uuid import UUID

from sqlalchemy import TextClause
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.failures import final_failure
from models.application import Application, Attempt, application_locked, attempts_of
from models.enums import Actor, ApplicationState, AttemptState, EndReason, EventKind, NotificationKind
from models.event import record
from models.notification import Notification
from workflows.messages import AttemptRef, Conclusion

S = ApplicationState

SETTLED = frozenset({AttemptState.ABSENT, AttemptState.REFUSED})
"""Attempts of which it is proven that nothing was sent."""

TOLD: dict[ApplicationState, NotificationKind] = {
    S.SUBMITTED: NotificationKind.APPLICATION_SUBMITTED,
    S.FAILED: NotificationKind.APPLICATION_FAILED,
    S.UNKNOWN_OUTCOME: NotificationKind.APPLICATION_UNKNOWN,
}
"""The ends that a person is told about."""


async def lock(session: AsyncSession, application_id: UUID) -> Application:
    """Lock and return an application; a final failure where it no longer exists."""
    application = (await session.exec(application_locked(application_id))).one_or_none()
    if application is None:
        raise final_failure(EndReason.PROVIDER_ERROR, "this application no longer exists")
    return application


async def lock_attempt(session: AsyncSession, attempt_id: UUID) -> Attempt:
    """Lock and return an attempt; a final failure where it no longer exists."""
    attempt = await session.get(Attempt, attempt_id, with_for_update=True)
    if attempt is None:
        raise final_failure(EndReason.PROVIDER_ERROR, "this attempt no longer exists")
    return attempt


async def unsettled_attempt(session: AsyncSession, application_id: UUID) -> Attempt | None:
    """Return the one attempt that may have reached the vendor, if there is one."""
    query = attempts_of(application_id).where(col(Attempt.state).not_in(SETTLED))
    return (await session.exec(query)).one_or_none()


def ref_of(attempt: Attempt) -> AttemptRef:
    """Return the message that names an attempt."""
    return AttemptRef(application_id=attempt.application_id, user_id=attempt.user_id, attempt_id=attempt.id)


async def announce(session: AsyncSession, application: Application) -> None:
    """Record the event of a moved application; to be called last in its transaction."""
    reason = application.reason.value if application.reason is not None else None
    await _announce(
        session,
        record(
            application.user_id,
            EventKind.APPLICATION_CHANGED,
            application.id,
            state=application.state.value,
            reason=reason,
        ),
    )


async def _announce(session: AsyncSession, event: TextClause) -> None:
    await session.flush()
    connection = await session.connection()
    await connection.execute(event)


async def move(session: AsyncSession, application: Application, to: ApplicationState, actor: Actor) -> None:
    """Move an application that goes on, and announce it."""
    session.add(application.move(to, actor))
    await announce(session, application)


async def end(
    session: AsyncSession,
    application: Application,
    to: ApplicationState,
    actor: Actor,
    reason: EndReason | None = None,
    *,
    retryable: bool = False,
) -> Conclusion:
    """Move an application to an end, tell its person where the end is worth telling, and announce both."""
    session.add(application.move(to, actor, reason, retryable=retryable))
    await announce(session, application)
    kind = TOLD.get(to)
    if kind is None:
        return Conclusion(state=to, reason=reason)
    told = Notification(user_id=application.user_id, application_id=application.id, kind=kind)
    session.add(told)
    await _announce(
        session,
        record(
            application.user_id,
            EventKind.NOTIFICATION_ADDED,
            told.id,
            notification_kind=kind.value,
            application_id=str(application.id),
        ),
    )
    return Conclusion(state=to, reason=reason, notification_id=told.id)


async def conclusion_of(session: AsyncSession, application: Application) -> Conclusion:
    """Return how an application that has ended did so, as its end returned it."""
    query = select(Notification.id).where(
        Notification.application_id == application.id,
        Notification.kind == TOLD.get(application.state),
    )
    notification_id = (await session.exec(query)).one_or_none()
    return Conclusion(state=application.state, reason=application.reason, notification_id=notification_id)
