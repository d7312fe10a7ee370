"""The fence: an attempt's row is committed before the vendor is asked, and settled by what is proven."""

import json

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.account import Account, account_of
from activities.auto_apply.context import Context
from activities.auto_apply.deciding import is_revoked
from activities.auto_apply.failures import final_failure
from activities.auto_apply.payload import Json, answers_of, applicant_of, parameters_of
from activities.auto_apply.person import Person, load_person
from activities.auto_apply.rows import SETTLED, lock, lock_attempt, move, ref_of, unsettled_attempt
from activities.auto_apply.safety import require_safe
from activities.auto_apply.staging import seconds_held
from models.answering_enums import LogKind
from models.application import BEHIND_FENCE, Application, Attempt, attempts_of
from models.base import new_id
from models.claims import profile_locked
from models.enums import Actor, ApplicationState, AttemptState, EndReason
from models.evidence import documents_of
from models.job import Job
from models.question import questions_of
from models.sealed import place_of
from models.shown import shown_of
from workflows.messages import AttemptRun, Fence, OpenAttempt, Staged, VoidAttempt

S = ApplicationState
OPENABLE = BEHIND_FENCE | {S.APPROVED}
STAGE_AGAIN_SECONDS = 1.0
"""The pause before staging where an application was approved only after its step `stage`."""


async def open_attempt(context: Context, request: OpenAttempt) -> Fence:
    """Commit the next attempt, or return the one that is open; none where the application may not go on.

    What is no longer what was approved, or is approved no longer, goes to its person.
    """
    account = await account_of(context, request.application.user_id)
    async with context.database.begin() as session:
        # the caps count crossings: those of one person come one after the other
        await session.exec(profile_locked(request.application.user_id))
        application = await lock(session, request.application.application_id)
        if application.state not in OPENABLE:
            return Fence(state=application.state)
        attempt = await unsettled_attempt(session, application.id)
        if attempt is None:
            held = await seconds_held(session, application)
            if held > 0 or not request.staged.file_id:
                return Fence(state=application.state, wait=max(held, STAGE_AGAIN_SECONDS))
            person = await load_person(session, context.keys, application.user_id)
            await _require_safe(context, session, application)
            entered = await _entered(session, application, person)
            if entered is None or await is_revoked(session, application):
                await move(session, application, S.AWAITING_APPROVAL, Actor.SYSTEM)
                return Fence(state=application.state)
            attempt = await _add_attempt(session, application, person, account, request.staged, entered)
        if application.state is S.APPROVED:
            await move(session, application, S.SUBMITTING, Actor.SYSTEM)
        return Fence(state=application.state, attempt=ref_of(attempt))


async def _require_safe(context: Context, session: AsyncSession, application: Application) -> None:
    """Look once more at where the browser is sent: a fetch may have brought another address meanwhile."""
    job = await session.get_one(Job, application.job_id)
    require_safe(context, job.url, application.apply_url)


async def _entered(session: AsyncSession, application: Application, person: Person) -> Json | None:
    """Return what is entered: exactly what was approved; None where something else is shown by now."""
    if application.approved_hash is None:
        # approved before forms were read: the agent is told what the profile says
        job = await session.get_one(Job, application.job_id)
        return {"applicant": applicant_of(person.identity, person.preferences, job), "answers": []}
    questions = (await session.exec(questions_of(application.id))).all()
    documents = (await session.exec(documents_of(application.id))).all()
    shown = shown_of(application.apply_url, questions, documents, person.seal)
    if shown.hash(person.seal) != application.approved_hash:
        return None
    # nothing beside what was shown: a field that was not read ends the run before anything is sent
    return {"applicant": {}, "answers": answers_of(shown, questions, documents)}


async def _add_attempt(
    session: AsyncSession,
    application: Application,
    person: Person,
    account: Account,
    staged: Staged,
    entered: Json,
) -> Attempt:
    attempts = (await session.exec(attempts_of(application.id))).all()
    number = attempts[0].number + 1 if attempts else 1
    # every key of an application begins with its id, so that one search finds the runs of all attempts
    key, row_id = f"{application.id}-{number}", new_id()
    job = await session.get_one(Job, application.job_id)
    payload = json.dumps(parameters_of(key, staged, application, job, entered), ensure_ascii=False)
    # the first attempt's file goes along with every later one, since it can be bound to one run ever:
    # whatever the first one made after all, it stays the only run
    first = next((each for each in reversed(attempts) if each.account_hash == account.hash), None)
    attempt = Attempt(
        id=row_id,
        application_id=application.id,
        user_id=application.user_id,
        number=number,
        attempt_key=key,
        account_hash=account.hash,
        vendor_workflow_id=staged.vendor_workflow_id,
        file_id=first.file_id if first is not None else staged.file_id,
        payload_sealed=person.seal.seal_text(payload, place_of("submit_attempt", "payload_sealed", row_id)),
    )
    session.add(attempt)
    session.add(
        application.log(
            LogKind.ATTEMPT_OPENED,
            attempt=number,
            attempt_key=key,
            payload_hash=person.seal.fingerprint(payload.encode()),
            shown_hash=application.approved_hash,
        )
    )
    return attempt


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
            if attempt.state is AttemptState.OPEN or attempt.run_id != run.run_id:
                entry = application.log(LogKind.RUN_RECORDED, attempt=attempt.number, run_id=run.run_id)
                session.add(entry)
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
            settle(session, application, attempt, void.state)
            if application.state is S.SUBMITTING:
                await move(session, application, S.APPROVED, Actor.SYSTEM)
        return Fence(state=application.state)


def settle(session: AsyncSession, application: Application, attempt: Attempt, state: AttemptState) -> None:
    """Note what became of an attempt; the application's row is locked."""
    attempt.state = state
    session.add(application.log(LogKind.ATTEMPT_SETTLED, attempt=attempt.number, state=state.value))
