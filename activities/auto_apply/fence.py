"""The fence: an attempt's row is committed before the vendor is asked, and settled by what is proven."""

import json

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.account import Account, account_of
from activities.auto_apply.context import Context
from activities.auto_apply.failures import final_failure
from activities.auto_apply.payload import applicant_of, parameters_of
from activities.auto_apply.person import load_person
from activities.auto_apply.rows import SETTLED, lock, lock_attempt, move, ref_of, unsettled_attempt
from models.application import BEHIND_FENCE, Application, Attempt, attempts_of
from models.base import new_id
from models.enums import Actor, ApplicationState, AttemptState, EndReason
from models.job import Job
from models.sealed import place_of
from workflows.messages import AttemptRun, Fence, OpenAttempt, Staged, VoidAttempt

S = ApplicationState
OPENABLE = BEHIND_FENCE | {S.APPROVED}


async def open_attempt(context: Context, request: OpenAttempt) -> Fence:
    """Commit the next attempt, or return the one that is open; none where the application may not go on."""
    account = await account_of(context, request.application.user_id)
    async with context.database.begin() as session:
        application = await lock(session, request.application.application_id)
        if application.state not in OPENABLE:
            return Fence(state=application.state)
        attempt = await unsettled_attempt(session, application.id)
        if attempt is None:
            attempt = await _new_attempt(session, context, application, request.staged, account)
            session.add(attempt)
        if application.state is S.APPROVED:
            await move(session, application, S.SUBMITTING, Actor.SYSTEM)
        return Fence(state=application.state, attempt=ref_of(attempt))


async def _new_attempt(
    session: AsyncSession, context: Context, application: Application, staged: Staged, account: Account
) -> Attempt:
    last = (await session.exec(attempts_of(application.id).limit(1))).first()
    number = last.number + 1 if last is not None else 1
    # every key of an application begins with its id, so that one search finds the runs of all attempts
    key, row_id = f"{application.id}-{number}", new_id()
    job = await session.get_one(Job, application.job_id)
    person = await load_person(session, context.keys, application.user_id)
    applicant = applicant_of(person.identity, person.preferences, job)
    payload = json.dumps(parameters_of(key, staged.file_id, job, applicant), ensure_ascii=False)
    return Attempt(
        id=row_id,
        application_id=application.id,
        user_id=application.user_id,
        number=number,
        attempt_key=key,
        account_hash=account.hash,
        vendor_workflow_id=staged.vendor_workflow_id,
        file_id=staged.file_id,
        payload_sealed=person.seal.seal_text(payload, place_of("submit_attempt", "payload_sealed", row_id)),
    )


async def record_run(context: Context, run: AttemptRun) -> None:
    """Store the run's id with the attempt; an application that was submitting is then confirming.

    The run may be that of an earlier attempt, taken for absent, which landed late and was found now.
    """
    ref = run.attempt
    try:
        async with context.database.begin() as session:
            application = await lock(session, ref.application_id)
            attempt = await lock_attempt(session, ref.attempt_id)
            elsewhere = (
                update(Attempt)
                .where(col(Attempt.application_id) == application.id, col(Attempt.id) != attempt.id)
                .where(col(Attempt.run_id) == run.run_id)
                .values(run_id=None)
            )
            await session.exec(elsewhere)
            attempt.run_id = run.run_id
            if attempt.state is AttemptState.OPEN:
                attempt.state = AttemptState.RUNNING
            if application.state is S.SUBMITTING:
                await move(session, application, S.CONFIRMING, Actor.PROVIDER)
    except IntegrityError:
        raise final_failure(EndReason.PROVIDER_ERROR, "the run belongs to another application") from None


async def void_attempt(context: Context, void: VoidAttempt) -> Fence:
    """Settle an attempt as never sent, which leads its application back to approved.

    Where the vendor's webhook has told of a run meanwhile, nothing is proven: the attempt stays, and is
    returned.
    """
    async with context.database.begin() as session:
        application = await lock(session, void.attempt.application_id)
        attempt = await lock_attempt(session, void.attempt.attempt_id)
        if attempt.run_id is not None and attempt.state not in SETTLED:
            return Fence(state=application.state, attempt=void.attempt)
        if attempt.state not in SETTLED:
            attempt.state = void.state
            if application.state is S.SUBMITTING:
                await move(session, application, S.APPROVED, Actor.SYSTEM)
        return Fence(state=application.state)
