"""Steps `watch_run`, `conclude`, `give_up` and `end`: how a run, and with it an application, ends."""

from dataclasses import dataclass
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.service import RPCError

from activities.auto_apply.account import account_of
from activities.auto_apply.context import Context
from activities.auto_apply.failures import final_failure, vendor_failures
from activities.auto_apply.fence import settle
from activities.auto_apply.judging import Verdict, judge, judge_stopped, unknown
from activities.auto_apply.rows import (
    announce,
    conclusion_of,
    end,
    lock,
    lock_attempt,
    tell,
    unsettled_attempt,
)
from activities.notify import begin_notice
from activities.vendors.skyvern_runs import PAUSED, Run
from models.application import ACTIVE, BEHIND_FENCE, Application, Attempt
from models.base import now
from models.database import seal_of
from models.enums import Actor, ApplicationState, AttemptState, EndReason, NotificationKind, Origin
from models.sealed import place_of
from workflows.messages import RUN_GOES_ON, AttemptRef, Conclusion, EndApplication, NotificationRef

S = ApplicationState
MAY_BE_UNKNOWN = frozenset({S.FAILED, S.UNKNOWN_OUTCOME})


async def watch_run(context: Context, ref: AttemptRef) -> None:
    """Return when the run has ended; fail with RUN_GOES_ON while it has not."""
    run = await _read(context, ref, (await _stand(context, ref)).run_id)
    if run.status == PAUSED:
        await _mail_soon(ref, await _tell_of_pause(context, ref))
    if not run.is_final:
        raise ApplicationError("the run goes on", type=RUN_GOES_ON, category=ApplicationErrorCategory.BENIGN)


async def conclude(context: Context, ref: AttemptRef) -> Conclusion:
    """Move the application by what its ended run proves; repeated, return what was concluded."""
    stand = await _stand(context, ref)
    if stand.conclusion is not None:
        return stand.conclusion
    run = await _read(context, ref, stand.run_id)
    if not run.is_final:
        raise ApplicationError("the run has not ended", type=RUN_GOES_ON)
    return await _settle(context, ref, judge(run), Actor.PROVIDER)


async def give_up(context: Context, ref: AttemptRef) -> Conclusion:
    """Stop the run at the deadline and move the application by what it then proves."""
    stand = await _stand(context, ref)
    if stand.conclusion is not None:
        return stand.conclusion
    run = await _read(context, ref, stand.run_id)
    if run.is_final:
        return await _settle(context, ref, judge(run), Actor.PROVIDER)
    account = await account_of(context, ref.user_id)
    with vendor_failures():
        await context.skyvern.cancel_run(account.key, run.run_id)
    run = await _read(context, ref, run.run_id)
    verdict = judge_stopped(run if run.is_final else None)
    return await _settle(context, ref, verdict, Actor.SYSTEM)


async def end_application(context: Context, request: EndApplication) -> Conclusion:
    """End an application that has not ended; one whose attempt may have arrived ends as unknown.

    What the sweep chose is skipped in silence where its form could not even be read, as it is where the form
    is of no use: nobody has asked for it, and nobody has seen it.
    """
    async with context.database.begin() as session:
        application = await lock(session, request.application.application_id)
        if application.state not in ACTIVE:
            return await conclusion_of(session, application)
        verdict = Verdict(request.state, request.reason, request.retryable)
        if request.state in MAY_BE_UNKNOWN:
            open_ = await unsettled_attempt(session, application.id)
            failed = S.SKIPPED if _is_unread_of_sweep(application) else S.FAILED
            verdict = unknown(request.reason) if open_ else Verdict(failed, request.reason, request.retryable)
        return await end(
            session,
            application,
            verdict.state,
            Actor.SYSTEM,
            verdict.reason,
            retryable=verdict.retryable,
        )


def _is_unread_of_sweep(application: Application) -> bool:
    is_unread = application.state is S.PREPARING and application.scouted_at is None
    return application.origin is Origin.SWEEP and is_unread


@dataclass(frozen=True)
class _Stand:
    """Where an application stands: concluded, or waiting for its run."""

    conclusion: Conclusion | None
    run_id: str | None


async def _stand(context: Context, ref: AttemptRef) -> _Stand:
    async with context.database.begin() as session:
        application = await session.get(Application, ref.application_id)
        attempt = await session.get(Attempt, ref.attempt_id)
        if application is None or attempt is None:
            raise final_failure(EndReason.PROVIDER_ERROR, "this application no longer exists")
        if application.state in BEHIND_FENCE:
            return _Stand(None, attempt.run_id)
        return _Stand(await conclusion_of(session, application), attempt.run_id)


async def _read(context: Context, ref: AttemptRef, run_id: str | None) -> Run:
    """Read the run with the key of today, which may be another than that of the attempt.

    A final failure where that account has no such run, or where the run is none of this application's:
    nothing is then concluded from it.
    """
    if run_id is None:
        raise final_failure(EndReason.PROVIDER_ERROR, "this attempt has no run")
    account = await account_of(context, ref.user_id)
    with vendor_failures():
        run = await context.skyvern.get_run(account.key, run_id)
    if run.attempt_key is None or not run.attempt_key.startswith(f"{ref.application_id}-"):
        raise final_failure(EndReason.PROVIDER_ERROR, "this run is another application's")
    return run


async def _tell_of_pause(context: Context, ref: AttemptRef) -> UUID | None:
    """Note once that the vendor's run waits for somebody, and tell the person: return what they were told.

    The application goes on confirming: a cancel is still too late.
    """
    async with context.database.begin() as session:
        application = await lock(session, ref.application_id)
        attempt = await lock_attempt(session, ref.attempt_id)
        if attempt.paused_at is not None or application.state not in BEHIND_FENCE:
            return None
        attempt.paused_at = now()
        await announce(session, application)
        return await tell(session, application, NotificationKind.APPLICATION_HELD_BY_VENDOR)


async def _mail_soon(ref: AttemptRef, notification_id: UUID | None) -> None:
    """Begin the mail from within this step, which is repeated while the run goes on and returns nothing.

    So it costs the history no event. What could not be begun is found later among what has no mail.
    """
    if notification_id is None:
        return
    try:
        await begin_notice(NotificationRef(notification_id=notification_id, user_id=ref.user_id))
    except RPCError as error:
        activity.logger.warning("the mail about a paused run was not begun: %s", error.status.name)


async def _settle(context: Context, ref: AttemptRef, verdict: Verdict, actor: Actor) -> Conclusion:
    async with context.database.begin() as session:
        application = await lock(session, ref.application_id)
        if application.state not in BEHIND_FENCE:
            return await conclusion_of(session, application)
        attempt = await lock_attempt(session, ref.attempt_id)
        nothing_sent = verdict.state is S.FAILED
        settle(session, application, attempt, AttemptState.REFUSED if nothing_sent else AttemptState.ENDED)
        if verdict.confirmation is not None:
            seal = await seal_of(session, context.keys, ref.user_id)
            place = place_of("application", "confirmation_sealed", application.id)
            application.confirmation_sealed = seal.seal_text(verdict.confirmation, place)
        return await end(
            session, application, verdict.state, actor, verdict.reason, retryable=verdict.retryable
        )
