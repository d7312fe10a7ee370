"""The steps of the workflows of accounts and of privacy; `steps.py` has the others, and the rules."""

from abc import ABC, abstractmethod

from temporalio import activity

from workflows.account_messages import (
    ErasureRef,
    ErasureWait,
    Exported,
    ExportRef,
    Pruned,
    Remaining,
    RetentionPage,
    TokenMailRef,
)


class TokenMailSteps(ABC):
    """The steps of a mail about an account."""

    @activity.defn
    @abstractmethod
    async def send_token(self, mail: TokenMailRef) -> None:
        """Send the mail, unless it was sent, its token was used or has expired, or no mail server is set."""


class AccountExportSteps(ABC):
    """The steps of an export."""

    @activity.defn
    @abstractmethod
    async def collect_export(self, export: ExportRef) -> Exported:
        """Collect everything about the person as a ZIP in sealed parts, with an event after each section.

        Repeated, it begins anew; one that is ready stays as it is, and its notification is named again.
        """

    @activity.defn
    @abstractmethod
    async def fail_export(self, export: ExportRef) -> None:
        """End the export as failed, and take away what was collected."""


class AccountErasureSteps(ABC):
    """The steps of an erasure, in their order. Each may be repeated, and none can be undone but the wait."""

    @activity.defn
    @abstractmethod
    async def await_erasure(self, erasure: ErasureRef) -> ErasureWait:
        """Say how long the cooling-off period still is."""

    @activity.defn
    @abstractmethod
    async def freeze(self, erasure: ErasureRef) -> bool:
        """Begin: lock the account out, end logins and keys, stop automation; False where it was undone."""

    @activity.defn
    @abstractmethod
    async def end_workflows(self, erasure: ErasureRef) -> Remaining:
        """Ask the person's workflows to end, terminate those that do not, and say how many run."""

    @activity.defn
    @abstractmethod
    async def erase_at_vendors(self, erasure: ErasureRef) -> Remaining:
        """Cancel runs and delete files at vendors, a page a call; say how much is left."""

    @activity.defn
    @abstractmethod
    async def delete_rows(self, erasure: ErasureRef) -> Remaining:
        """Delete the person's rows, a page a call, all but the account; say how much is left."""

    @activity.defn
    @abstractmethod
    async def delete_histories(self, erasure: ErasureRef) -> Remaining:
        """Delete the histories of the person's workflows; say how many can still be found."""

    @activity.defn
    @abstractmethod
    async def tell_erased(self, erasure: ErasureRef) -> None:
        """Send the last mail, with the receipt's number."""

    @activity.defn
    @abstractmethod
    async def destroy_key(self, erasure: ErasureRef) -> None:
        """Delete the account with its key, and close the receipt."""


class RetentionSteps(ABC):
    """The steps of the retention."""

    @activity.defn
    @abstractmethod
    async def prune(self, page: RetentionPage) -> Pruned:
        """Delete a page of what is older than the settings keep it."""
