"""Step `look_up`: whether a run exists, after an answer that proved nothing."""

from dataclasses import dataclass

from temporalio import activity

from activities.auto_apply.account import Account, account_of
from activities.auto_apply.context import Context
from activities.auto_apply.failures import vendor_failures
from activities.vendors.client import RefusedError
from activities.vendors.skyvern_runs import Run
from models.application import attempts_of
from workflows.messages import AttemptRef, Submission, SubmissionKind

ABSENT = Submission(kind=SubmissionKind.NOT_CREATED)
AMBIGUOUS = Submission(kind=SubmissionKind.AMBIGUOUS)


@dataclass(frozen=True)
class _Known:
    """What our own rows say of all attempts of one application, and whether all used one account."""

    keys: frozenset[str]
    run_ids: list[str]
    account_hashes: frozenset[str]


async def look_up(context: Context, ref: AttemptRef) -> Submission:
    """Look for a run of any attempt of the application: one that was taken for absent may land late.

    Absence is proven only by a list of the account that was asked.
    """
    known = await _known(context, ref)
    account = await account_of(context, ref.user_id)
    # a search that timed out is refused with 400, and may succeed later
    with vendor_failures(refusals_pass=True):
        runs = await _runs_we_know(context, account, known)
        runs = runs or await _runs_in_list(context, account, ref, known)
        await _cancel_extra(context, account, runs[1:])
    if runs:
        return Submission(kind=SubmissionKind.ACCEPTED, run_id=runs[0].run_id)
    if known.run_ids or known.account_hashes != {account.hash}:
        return AMBIGUOUS
    return ABSENT


async def _known(context: Context, ref: AttemptRef) -> _Known:
    async with context.database.begin() as session:
        attempts = (await session.exec(attempts_of(ref.application_id))).all()
    return _Known(
        keys=frozenset(attempt.attempt_key for attempt in attempts),
        run_ids=[attempt.run_id for attempt in attempts if attempt.run_id is not None],
        account_hashes=frozenset(attempt.account_hash for attempt in attempts),
    )


async def _runs_we_know(context: Context, account: Account, known: _Known) -> list[Run]:
    """Read the runs that the webhook told of."""
    found = []
    for run_id in known.run_ids:
        try:
            run = await context.skyvern.get_run(account.key, run_id)
        except RefusedError:
            continue
        if run.attempt_key in known.keys:
            found.append(run)
    return found


async def _runs_in_list(context: Context, account: Account, ref: AttemptRef, known: _Known) -> list[Run]:
    """Search the vendor's list, oldest first. It finds substrings, so each run is read and compared."""
    rows = await context.skyvern.find_runs(account.key, str(ref.application_id))
    runs = [await context.skyvern.get_run(account.key, row.run_id) for row in rows]
    return [run for run in runs if run.attempt_key in known.keys]


async def _cancel_extra(context: Context, account: Account, runs: list[Run]) -> None:
    """Stop what would apply a second time."""
    for run in runs:
        if not run.is_final:
            stopped = await context.skyvern.cancel_run(account.key, run.run_id)
            activity.logger.error("an extra run was found; stopped: %s", stopped)
