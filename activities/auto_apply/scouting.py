"""Step `scout`: what the form asks, read by a run of the vendor that enters and submits nothing."""

from dataclasses import dataclass
from datetime import timedelta

import psycopg
from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.auto_apply import looks
from activities.auto_apply.account import Account, account_of
from activities.auto_apply.context import Context
from activities.auto_apply.failures import final_failure
from activities.auto_apply.forms import end_without_form, store_form
from activities.auto_apply.judging import STEPS_USED_UP
from activities.auto_apply.looks import Look
from activities.auto_apply.rows import conclusion_of
from activities.auto_apply.safety import is_safe
from activities.vendors.skyvern_form import FormRead, obstacle_said, read_form
from activities.vendors.skyvern_runs import COMPLETED, TIMED_OUT, Run
from models.application import Application
from models.base import now
from models.enums import RETRYABLE, ApplicationState, EndReason
from models.job import Job
from workflows.messages import RUN_GOES_ON, ApplicationRef, Conclusion

LOOKS_MAX = 3
"""How often a form is looked at before it is given up: answers get lost, and runs end without a word."""

SECONDS_A_MINUTE = 60.0
SHARE_OF_DEADLINE = 0.9
ONE_FORM = "uq_application_url"

R = EndReason


@dataclass(frozen=True)
class _Stand:
    """Where an application stands: past this step, or with a form to be read at `job_url`."""

    conclusion: Conclusion | None
    job_url: str


async def scout(context: Context, ref: ApplicationRef) -> Conclusion:
    """Go one step on with the look at the form; RUN_GOES_ON while there is nothing to conclude."""
    stand = await _stand(context, ref)
    if stand.conclusion is not None:
        return stand.conclusion
    account = await account_of(context, ref.user_id)
    look = await looks.newest_look(context, ref.application_id)
    run = await _run_of(context, account, look)
    if look is None or run is None:
        return await _look_again(context, ref, account, look, stand.job_url)
    if not run.is_final:
        return await _wait(context, ref, account, look, run)
    return await _conclude(context, ref, account, look, run, stand.job_url)


async def _stand(context: Context, ref: ApplicationRef) -> _Stand:
    async with context.database.begin() as session:
        query = select(Application, Job.url).join(Job).where(Application.id == ref.application_id)
        row = (await session.exec(query)).one_or_none()
        if row is None:
            raise final_failure(R.PROVIDER_ERROR, "this application no longer exists")
        application, job_url = row
        if application.state is ApplicationState.PREPARING and application.scouted_at is None:
            return _Stand(None, job_url)
        return _Stand(await conclusion_of(session, application), job_url)


async def _run_of(context: Context, account: Account, look: Look | None) -> Run | None:
    """Return the run of a look that is not over, None where there is none or it cannot be found."""
    if look is None or look.is_over or look.account_hash != account.hash:
        return None
    run_id = look.run_id or await looks.find(context, account, look)
    return await looks.read(context, account, run_id) if run_id is not None else None


async def _wait(context: Context, ref: ApplicationRef, account: Account, look: Look, run: Run) -> Conclusion:
    """Go on waiting, but not to the step's very deadline: then there would be no one to stop the run."""
    seconds = context.settings.scout_deadline_minutes * SECONDS_A_MINUTE * SHARE_OF_DEADLINE
    if now() - look.began_at < timedelta(seconds=seconds):
        raise _goes_on()
    await looks.cancel(context, account, run.run_id)
    return await end_without_form(context, ref, look, R.TIMEOUT, retryable=True)


async def _look_again(
    context: Context, ref: ApplicationRef, account: Account, last: Look | None, job_url: str
) -> Conclusion:
    if last is not None:
        await looks.give_up(context, last)
        if last.number >= LOOKS_MAX:
            return await end_without_form(context, ref, last, R.PROVIDER_ERROR, retryable=True)
    await looks.begin(context, ref, account, last.number + 1 if last is not None else 1, job_url)
    raise _goes_on()


async def _conclude(
    context: Context, ref: ApplicationRef, account: Account, look: Look, run: Run, job_url: str
) -> Conclusion:
    form = read_form(run) if run.status == COMPLETED else None
    if form is None and run.status == COMPLETED and look.number < LOOKS_MAX:
        return await _look_again(context, ref, account, look, job_url)
    reason = _reason_of(run, form)
    if form is not None and form.form_url is not None and not is_safe(context, form.form_url):
        reason = R.UNSAFE_REQUEST
    if form is None or reason is not None:
        reason = reason or R.PROVIDER_ERROR
        return await end_without_form(context, ref, look, reason, retryable=reason in RETRYABLE)
    try:
        return await store_form(context, ref, look, form)
    except IntegrityError as error:
        if not (isinstance(error.orig, psycopg.Error) and error.orig.diag.constraint_name == ONE_FORM):
            raise
        # the same form is applied to from another advert; whoever came first goes on
        return await end_without_form(context, ref, look, R.DUPLICATE)


def _reason_of(run: Run, form: FormRead | None) -> EndReason | None:
    """Return why there is nothing to answer, None where there is a form."""
    said = obstacle_said(run)
    if said is not None:
        return said
    if form is not None:
        return form.obstacle
    if run.status == TIMED_OUT:
        return R.TIMEOUT
    codes = {error.code for error in run.errors}
    if "REACH_MAX_RETRIES" in codes:
        return R.PAGE_ERROR
    if run.status == "terminated" or codes & STEPS_USED_UP:
        return R.STUCK
    return R.PROVIDER_ERROR


def _goes_on() -> ApplicationError:
    return ApplicationError(
        "the form is being read", type=RUN_GOES_ON, category=ApplicationErrorCategory.BENIGN
    )
