"""Erases somebody's account for them: the same erasure that people ask for themselves, asked for by hand."""

import asyncio
from datetime import timedelta
from uuid import UUID

from rich.console import Console
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from local.commands.accounts import AccountError, key_ring
from models.account import account_by_email
from models.account_enums import ErasureState
from models.audit import AuditEntry, Deed
from models.base import now
from models.database import Database
from models.erasure import Erasure, erasures_of
from models.payload_keys import InstallationPayloadKeys
from settings import Settings
from workflows.account_erasure import AccountErasure
from workflows.account_messages import ErasureRef
from workflows.codec import Codec
from workflows.ids import TASK_QUEUE, account_erasure_id
from workflows.wire import connect

RPC_TIMEOUT = timedelta(seconds=5)


def erase_user(settings: Settings, email: str, console: Console, *, at_once: bool = False) -> None:
    """Ask for the e-mail once more, then have the account erased; AccountError where nothing is done.

    `at_once` leaves the cooling-off period out, also of an erasure that was asked for before.
    """
    console.print(f"Everything about {email} will be deleted, and cannot be brought back.", markup=False)
    typed = console.input("Type the e-mail again to go on: ").strip()
    if typed.lower() != email.strip().lower():
        raise AccountError("that is not the same e-mail; nothing was done")
    asyncio.run(_erase(settings, typed, console, at_once=at_once))


async def _erase(settings: Settings, email: str, console: Console, *, at_once: bool) -> None:
    cooling_off = timedelta(0) if at_once else timedelta(hours=settings.privacy.erasure_hours)
    database = Database(settings.database.url.get_secret_value())
    try:
        async with database.begin() as session:
            erasure = await _ask(session, email, cooling_off)
    finally:
        await database.close()
    console.print(f"The receipt's number: {erasure.id}", markup=False, soft_wrap=True)
    if erasure.state is ErasureState.COOLING_OFF:
        console.print(f"It begins at {erasure.due_at:%Y-%m-%d %H:%M:%S} UTC", markup=False)
    if not await _start(settings, erasure.id):
        console.print("Temporal is away; reconciliation starts the erasure once it is back")


async def _ask(session: AsyncSession, email: str, cooling_off: timedelta) -> Erasure:
    """Return the erasure to be done: the one that is open, or a new one."""
    account = (await session.exec(account_by_email(email).with_for_update(key_share=True))).first()
    if account is None:
        raise AccountError(f"there is no account with the e-mail {email}; nothing was done")
    newest = (await session.exec(erasures_of(account.id).limit(1).with_for_update())).first()
    if newest is not None and not newest.is_over:
        newest.due_at = min(newest.due_at, now() + cooling_off)
        return newest
    erasure = Erasure.ask(account.id, cooling_off)
    session.add_all([erasure, AuditEntry.by_system(Deed.ERASURE_CONFIRMED, account.id, erasure.id)])
    return erasure


async def _start(settings: Settings, erasure_id: UUID) -> bool:
    """Start the workflow, or have the one that waits look at its row; False while Temporal is away."""
    temporal = settings.temporal
    codec = Codec(InstallationPayloadKeys(key_ring(settings)), temporal.namespace)
    workflow_id = account_erasure_id(erasure_id)
    try:
        client = await connect(temporal.address, temporal.namespace, codec, tls=temporal.tls)
        try:
            await client.start_workflow(
                AccountErasure.run,
                ErasureRef(erasure_id=erasure_id),
                id=workflow_id,
                task_queue=TASK_QUEUE,
                rpc_timeout=RPC_TIMEOUT,
            )
        except WorkflowAlreadyStartedError:
            await client.get_workflow_handle(workflow_id).signal(
                AccountErasure.changed, rpc_timeout=RPC_TIMEOUT
            )
    except (RuntimeError, OSError, RPCError):
        return False
    return True
