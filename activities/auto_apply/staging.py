"""Step `stage`: our workflow and the person's résumé, ready at the vendor. It may be repeated."""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select

from activities.auto_apply.account import Account, account_of
from activities.auto_apply.context import Context
from activities.auto_apply.failures import final_failure, vendor_failures
from activities.auto_apply.payload import file_name
from activities.auto_apply.person import load_person
from activities.vendors.skyvern import Upload
from activities.vendors.skyvern_definition import DEFINITION_HASH
from models.application import Attempt, VendorWorkflow
from models.enums import EndReason
from models.profile import resumes_of
from models.sealed import place_of
from workflows.messages import ApplicationRef, Staged


async def stage(context: Context, ref: ApplicationRef) -> Staged:
    """Find or make the workflow, and upload the newest résumé unless an earlier attempt did."""
    account = await account_of(context, ref.user_id)
    with vendor_failures():
        workflow_id = await _workflow_id(context, account)
        file_id = await _file_of_earlier_attempt(context, ref, account)
        if file_id is None:
            upload = await _resume(context, ref)
            file_id = await context.skyvern.upload_file(account.key, upload)
    return Staged(vendor_workflow_id=workflow_id, file_id=file_id)


async def forget_workflow(context: Context, workflow_id: str) -> None:
    """Forget a workflow that is no longer there, so that the next application makes it anew."""
    async with context.database.begin() as session:
        await session.exec(delete(VendorWorkflow).where(col(VendorWorkflow.workflow_id) == workflow_id))


async def _workflow_id(context: Context, account: Account) -> str:
    stored = await _stored_workflow(context, account)
    if stored is not None:
        return stored
    # within one process one asks and the others wait; between processes the first row stored counts for all
    async with context.making_workflow:
        stored = await _stored_workflow(context, account)
        if stored is not None:
            return stored
        found = await context.skyvern.find_workflow(account.key)
        made = found or await context.skyvern.create_workflow(account.key)
        return await _store_workflow(context, account, made)


async def _stored_workflow(context: Context, account: Account) -> str | None:
    async with context.database.begin() as session:
        row = await session.get(VendorWorkflow, (account.hash, DEFINITION_HASH))
        return row.workflow_id if row is not None else None


async def _store_workflow(context: Context, account: Account, workflow_id: str) -> str:
    """Store the workflow's id, unless another process stored one first; return the one that is stored."""
    values = {
        "account_hash": account.hash,
        "definition_hash": DEFINITION_HASH,
        "workflow_id": workflow_id,
    }
    async with context.database.begin() as session:
        await session.exec(insert(VendorWorkflow).values(**values).on_conflict_do_nothing())
        row = await session.get_one(VendorWorkflow, (account.hash, DEFINITION_HASH))
        return row.workflow_id


async def _file_of_earlier_attempt(context: Context, ref: ApplicationRef, account: Account) -> str | None:
    """Return the file of an earlier attempt in this account.

    A file can be bound to one run ever, so whatever an earlier attempt made after all, it stays the only run.
    """
    query = (
        select(Attempt.file_id)
        .where(Attempt.application_id == ref.application_id, Attempt.account_hash == account.hash)
        .order_by(col(Attempt.number))
        .limit(1)
    )
    async with context.database.begin() as session:
        return (await session.exec(query)).first()


async def _resume(context: Context, ref: ApplicationRef) -> Upload:
    async with context.database.begin() as session:
        resume = (await session.exec(resumes_of(ref.user_id).limit(1))).first()
        if resume is None:
            raise final_failure(EndReason.PROFILE_INCOMPLETE, "there is no résumé")
        person = await load_person(session, context.keys, ref.user_id)
    return Upload(
        name=file_name(person.identity, resume.format),
        media_type=resume.format.media_type,
        content=person.seal.open(resume.original_sealed, place_of("resume", "original_sealed", resume.id)),
    )
