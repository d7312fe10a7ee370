"""Looks at a form at the vendor: begun, found again when an answer was lost, and read; none submits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.exceptions import ApplicationError

from activities.auto_apply.account import Account
from activities.auto_apply.context import Context
from activities.auto_apply.failures import final_failure, vendor_failures
from activities.auto_apply.safety import require_safe
from activities.auto_apply.submitting import submission_of
from activities.auto_apply.vendor_workflows import forget_workflow, workflow_id_of
from activities.vendors.client import NotSentError, RefusedError
from activities.vendors.skyvern import RunOrder
from activities.vendors.skyvern_runs import Run
from activities.vendors.skyvern_scout import SCOUT
from models.base import now
from models.enums import EndReason
from models.scout import Scout
from workflows.messages import ApplicationRef, Submission, SubmissionKind


@dataclass(frozen=True)
class Look:
    """One look: its row's id is in the key by which its run is found."""

    id: UUID
    number: int
    account_hash: str
    run_id: str | None
    is_over: bool
    began_at: datetime

    @property
    def key(self) -> str:
        """What the run is given as `application_id`; never the beginning of an attempt's key."""
        return f"scout-{self.id}"


async def newest_look(context: Context, application_id: UUID) -> Look | None:
    """Return the application's newest look, None where there was none."""
    query = select(Scout).where(Scout.application_id == application_id)
    async with context.database.begin() as session:
        row = (await session.exec(query.order_by(col(Scout.number).desc()).limit(1))).first()
        return _look_of(row) if row is not None else None


async def begin(context: Context, ref: ApplicationRef, account: Account, number: int, job_url: str) -> None:
    """Commit a look's row, then ask for its run; a failure of the step where it could not be begun.

    Whatever proves that no run was made takes the row away again. What proves nothing leaves it without a
    run: it is looked for, or given up for another, by the next repetition.
    """
    require_safe(context, job_url)
    with vendor_failures():
        workflow_id = await workflow_id_of(context, account, SCOUT)
    look = await _add(context, ref, account, number)
    order = RunOrder(
        workflow_id=workflow_id,
        parameters={"application_id": look.key, "job_url": job_url},
        proxy_location=context.settings.proxy_location,
        metadata={"scout_id": str(look.id)},
    )
    with vendor_failures():
        try:
            answer = await context.skyvern.run_workflow(account.key, order)
        except NotSentError:
            await _remove(context, look)
            raise
    submission = submission_of(answer)
    if submission.kind is SubmissionKind.ACCEPTED:
        await _found(context, look, submission.run_id)
        return
    if submission.kind is not SubmissionKind.AMBIGUOUS:
        await _remove(context, look)
    if answer.status == HTTPStatus.NOT_FOUND:
        await forget_workflow(context, workflow_id)
    elif submission.kind is SubmissionKind.REFUSED:
        raise final_failure(submission.reason or EndReason.PROVIDER_ERROR, "the look at the form was refused")
    raise _later(submission)


def _later(submission: Submission) -> ApplicationError:
    wait = timedelta(seconds=submission.retry_after) if submission.retry_after else None
    reason = submission.reason or EndReason.PROVIDER_ERROR
    return ApplicationError("no look at the form was begun", type=reason.value, next_retry_delay=wait)


async def find(context: Context, account: Account, look: Look) -> str | None:
    """Return the run of a look whose answer was lost, None where the vendor's list has none."""
    with vendor_failures(refusals_pass=True):
        rows = await context.skyvern.find_runs(account.key, look.key)
        for row in rows:
            run = await context.skyvern.get_run(account.key, row.run_id)
            if run.attempt_key == look.key:
                await _found(context, look, run.run_id)
                return run.run_id
    return None


async def read(context: Context, account: Account, run_id: str) -> Run | None:
    """Read a look's run, None where this account has none of that id: another look is as good."""
    with vendor_failures():
        try:
            return await context.skyvern.get_run(account.key, run_id)
        except RefusedError:
            return None


async def cancel(context: Context, account: Account, run_id: str) -> None:
    """Stop a look that takes too long, so that it takes no place at the vendor."""
    with vendor_failures():
        await context.skyvern.cancel_run(account.key, run_id)


async def is_over(session: AsyncSession, look: Look) -> None:
    """Note that a look has ended, whatever way."""
    row = await session.get(Scout, look.id, with_for_update=True)
    if row is not None and row.ended_at is None:
        row.ended_at = now()


async def give_up(context: Context, look: Look) -> None:
    """End a look that came to nothing."""
    async with context.database.begin() as session:
        await is_over(session, look)


async def _add(context: Context, ref: ApplicationRef, account: Account, number: int) -> Look:
    row = Scout(
        application_id=ref.application_id,
        user_id=ref.user_id,
        number=number,
        account_hash=account.hash,
    )
    async with context.database.begin() as session:
        session.add(row)
        await session.flush()
        return _look_of(row)


async def _found(context: Context, look: Look, run_id: str | None) -> None:
    async with context.database.begin() as session:
        row = await session.get(Scout, look.id, with_for_update=True)
        if row is not None:
            row.run_id = run_id


async def _remove(context: Context, look: Look) -> None:
    async with context.database.begin() as session:
        await session.exec(delete(Scout).where(col(Scout.id) == look.id))


def _look_of(row: Scout) -> Look:
    return Look(row.id, row.number, row.account_hash, row.run_id, row.ended_at is not None, row.created_at)
