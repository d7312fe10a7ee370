"""Our workflows in a vendor's account: each made once, and found again by the hash of its definition."""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete

from activities.auto_apply.account import Account
from activities.auto_apply.context import Context
from activities.vendors.skyvern_workflow import Workflow
from models.application import VendorWorkflow


async def workflow_id_of(context: Context, account: Account, workflow: Workflow) -> str:
    """Return a workflow's id in an account: stored, else found by its title, else made (VendorError)."""
    stored = await _stored(context, account, workflow)
    if stored is not None:
        return stored
    # within one process one asks and the others wait; between processes the first row stored counts for all
    async with context.making_workflow:
        stored = await _stored(context, account, workflow)
        if stored is not None:
            return stored
        found = await context.skyvern.find_workflow(account.key, workflow)
        made = found or await context.skyvern.create_workflow(account.key, workflow)
        return await _store(context, account, workflow, made)


async def forget_workflow(context: Context, workflow_id: str) -> None:
    """Forget a workflow that is no longer there, so that whoever needs it next makes it anew."""
    async with context.database.begin() as session:
        await session.exec(delete(VendorWorkflow).where(col(VendorWorkflow.workflow_id) == workflow_id))


async def _stored(context: Context, account: Account, workflow: Workflow) -> str | None:
    async with context.database.begin() as session:
        row = await session.get(VendorWorkflow, (account.hash, workflow.hash))
        return row.workflow_id if row is not None else None


async def _store(context: Context, account: Account, workflow: Workflow, workflow_id: str) -> str:
    """Store the workflow's id, unless another process stored one first; return the one that is stored."""
    values = {"account_hash": account.hash, "definition_hash": workflow.hash, "workflow_id": workflow_id}
    async with context.database.begin() as session:
        await session.exec(insert(VendorWorkflow).values(**values).on_conflict_do_nothing())
        row = await session.get_one(VendorWorkflow, (account.hash, workflow.hash))
        return row.workflow_id
