"""Steps `end_workflows` and `delete_histories`: nothing of the person runs, then nothing is remembered."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from temporalio import activity
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.account_erasure.context import Context, Subject, subject_of
from activities.account_erasure.known import Run, described, ids_of, listed
from activities.heartbeat import beating
from models.account_enums import ErasureStep
from models.base import now
from models.erasure import erasure_locked
from workflows.account_messages import ErasureRef, Remaining

AT_ONCE = 16
"""How many questions are put to Temporal at a time."""

REASON = "the account is being erased"
HISTORIES = "histories"
"""The name of their count in the receipt: how many were found at once, at most."""

Item = TypeVar("Item")
Answer = TypeVar("Answer")


async def end_workflows(context: Context, ref: ErasureRef) -> Remaining:
    """Ask what runs to end, and terminate what still does after its grace; say how much runs."""
    subject = await subject_of(context, ref.erasure_id, ErasureStep.END_WORKFLOWS)
    if subject is None:
        return Remaining(count=0)
    client, in_grace = activity.client(), now() - subject.began_at < context.grace
    async with beating():
        running = [run for run in await _found(context, client, subject, unended=True) if run.is_running]
        await _each(running, lambda run: _cancel(client, run) if in_grace else _terminate(client, run))
    return Remaining(count=len(running))


async def delete_histories(context: Context, ref: ErasureRef) -> Remaining:
    """Delete every history of the person, of whatever state; say how many were found.

    Temporal acknowledges a deletion before it is done: only where none is found any more is it true.
    """
    subject = await subject_of(context, ref.erasure_id, ErasureStep.DELETE_HISTORIES)
    if subject is None:
        return Remaining(count=0)
    client = activity.client()
    async with beating():
        found = await _found(context, client, subject, unended=False)
        await _each(found, lambda run: _delete(client, run))
    await _note_most(context, subject, len(found))
    return Remaining(count=len(found))


async def _found(context: Context, client: Client, subject: Subject, *, unended: bool) -> list[Run]:
    """Return the runs that Temporal lists, then those that only rows know of; never this erasure's own."""
    own = activity.info().workflow_id
    runs = [run async for run in listed(client, subject.user_id, unended=unended) if run.workflow_id != own]
    seen = {run.workflow_id for run in runs}
    async with context.database.begin() as session:
        known = await ids_of(session, subject.user_id, unended=unended)
    others = await _each([each for each in known if each not in seen], lambda each: described(client, each))
    return [*runs, *(run for run in others if run is not None)]


async def _each(items: Sequence[Item], ask: Callable[[Item], Awaitable[Answer]]) -> list[Answer]:
    """Ask for each item, a few at a time, and return the answers in their order."""
    answers: list[Answer] = []
    for start in range(0, len(items), AT_ONCE):
        answers += await asyncio.gather(*(ask(item) for item in items[start : start + AT_ONCE]))
    return answers


async def _cancel(client: Client, run: Run) -> None:
    with _unless_gone():
        await client.get_workflow_handle(run.workflow_id, run_id=run.run_id).cancel()


async def _terminate(client: Client, run: Run) -> None:
    with _unless_gone():
        await client.get_workflow_handle(run.workflow_id, run_id=run.run_id).terminate(reason=REASON)


async def _delete(client: Client, run: Run) -> None:
    execution = WorkflowExecution(workflow_id=run.workflow_id, run_id=run.run_id)
    request = DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=execution)
    with _unless_gone():
        if run.is_running:
            await _terminate(client, run)
        await client.workflow_service.delete_workflow_execution(request)


@contextmanager
def _unless_gone() -> Iterator[None]:
    """Pass over what has ended, or was deleted, meanwhile."""
    try:
        yield
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise


async def _note_most(context: Context, subject: Subject, found: int) -> None:
    async with context.database.begin() as session:
        erasure = (await session.exec(erasure_locked(subject.erasure_id))).one()
        erasure.count({HISTORIES: max(found - int(erasure.counts.get(HISTORIES, 0)), 0)})
