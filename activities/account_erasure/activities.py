"""The steps of an erasure; each is in a file of its own or beside its neighbour."""

from dataclasses import dataclass

from temporalio import activity

from activities.account_erasure import at_vendors, closing, freezing, histories, rows
from activities.account_erasure.context import Context
from workflows.account_messages import ErasureRef, ErasureWait, Remaining
from workflows.account_steps import AccountErasureSteps


@dataclass(frozen=True)
class AccountErasureActivities(AccountErasureSteps):
    """Does each step by what `context` holds; all of them may be repeated."""

    context: Context

    @activity.defn
    async def await_erasure(self, erasure: ErasureRef) -> ErasureWait:
        """Say how long the cooling-off period still is."""
        return await freezing.await_erasure(self.context, erasure)

    @activity.defn
    async def freeze(self, erasure: ErasureRef) -> bool:
        """Begin; False where it was undone."""
        return await freezing.freeze(self.context, erasure)

    @activity.defn
    async def end_workflows(self, erasure: ErasureRef) -> Remaining:
        """Ask the person's workflows to end, terminate those that do not, and say how many run."""
        return await histories.end_workflows(self.context, erasure)

    @activity.defn
    async def erase_at_vendors(self, erasure: ErasureRef) -> Remaining:
        """Cancel runs and delete files at vendors, a page a call; say how much is left."""
        return await at_vendors.erase_at_vendors(self.context, erasure)

    @activity.defn
    async def delete_rows(self, erasure: ErasureRef) -> Remaining:
        """Delete the person's rows, all but the account; say in how many tables there are more."""
        return await rows.delete_rows(self.context, erasure)

    @activity.defn
    async def delete_histories(self, erasure: ErasureRef) -> Remaining:
        """Delete the histories of the person's workflows; say how many could still be found."""
        return await histories.delete_histories(self.context, erasure)

    @activity.defn
    async def tell_erased(self, erasure: ErasureRef) -> None:
        """Send the last mail, with the receipt's number."""
        await closing.tell_erased(self.context, erasure)

    @activity.defn
    async def destroy_key(self, erasure: ErasureRef) -> None:
        """Delete the account with its key, and close the receipt."""
        await closing.destroy_key(self.context, erasure)
