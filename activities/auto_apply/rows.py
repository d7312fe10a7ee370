"""Reading and ending an application's rows, inside the caller's transaction."""

from uuid import UUID

from sqlalchemy import TextClause
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.failures import final_failure
from models.answering_enums import LogKind
from models.application import Application, Attempt, application_locked, attempts_of
from models.application_log import LogEntry, log_of
from models.base import new_id, now
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
    S.EXPIRED: NotificationKind.APPLICATION_EXPIRED,
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


async def ask(session: AsyncSession, application: Application, state: ApplicationState, days: float) -> None:
    """Have an application wait for its person, until so many days from now, and announce it."""
    session.add(application.ask(state, days))
    await announce(session, application)


async def asks_of(session: AsyncSession, application_id: UUID, *states: ApplicationState) -> int:
    """Return how often an application was moved to states in which it waits for its person."""
    moves = await session.exec(log_of(application_id).where(LogEntry.kind == LogKind.MOVED))
    return sum(entry.data["to"] in set(states) for entry in moves)


async def tell(
    session: AsyncSession, application: Application, kind: NotificationKind, number: int = 1
) -> UUID | None:
    """Tell the person something once: store it with its event and return its id, None where they were told.

    To be called last in its transaction, as every event.
    """
    told = {
        "id": new_id(),
        "user_id": application.user_id,
        "application_id": application.id,
        "kind": kind,
        "number": number,
    }
    # what the notification points at is in the session, perhaps not yet in the database
    await session.flush()
    statement = insert(Notification).values(**told, created_at=now()).on_conflict_do_nothing()
    stored = await session.exec(statement.returning(col(Notification.id)))
    notification_id: UUID | None = stored.scalar_one_or_none()
    if notification_id is None:
        return None
    event = record(
        application.user_id,
        EventKind.NOTIFICATION_ADDED,
        notification_id,
        notification_kind=kind.value,
        application_id=str(application.id),
    )
    await _announce(session, event)
    return notification_id


async def told_of(
    session: AsyncSession, application_id: UUID, kind: NotificationKind, number: int = 1
) -> UUID | None:
    """Return what the person was told of an application, None where they were not."""
    query = select(Notification.id).where(
        Notification.application_id == application_id,
        Notification.kind == kind,
        Notification.number == number,
    )
    return (await session.exec(query)).one_or_none()


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
    notification_id = None if kind is None else await tell(session, application, kind)
    return Conclusion(state=to, reason=reason, notification_id=notification_id)


async def conclusion_of(session: AsyncSession, application: Application) -> Conclusion:
    """Return how an application that has ended did so, as its end returned it."""
    kind = TOLD.get(application.state)
    notification_id = None if kind is None else await told_of(session, application.id, kind)
    return Conclusion(state=application.state, reason=application.reason, notification_id=notification_id)
