"""The erasure of an account: a wait that can be undone, then steps that only go forward until all is gone."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError

from workflows.account_messages import ErasureRef, Remaining
from workflows.account_steps import AccountErasureSteps
from workflows.policies import ERASURE_STEP, ERASURE_VENDOR_STEP, LAST_MAIL_STEP
from workflows.waiting import Doorbell, continue_as_new_if_long

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=1)
PAUSE_GROWS = 1.5

Step = Callable[[Any, ErasureRef], Awaitable[Remaining]]

execute = workflow.execute_activity_method


@workflow.defn
class AccountErasure:
    """Every step may be repeated, and each looks at what is there: a lost run is simply begun anew."""

    def __init__(self) -> None:
        self._bell = Doorbell()

    @workflow.signal
    def changed(self) -> None:
        """The person has undone it, or it is due now: look at the row."""
        self._bell.ring()

    @workflow.run
    async def run(self, erasure: ErasureRef) -> bool:
        """Wait, and erase; False where it was undone."""
        if not await self._is_due(erasure):
            return False
        if not await execute(AccountErasureSteps.freeze, erasure, **ERASURE_STEP):
            return False
        await self._until_none(AccountErasureSteps.end_workflows, erasure)
        await self._until_none(AccountErasureSteps.erase_at_vendors, erasure)
        # first those histories that are known by rows, then whatever came up while the rows were deleted
        await self._until_none(AccountErasureSteps.delete_histories, erasure)
        await self._until_none(AccountErasureSteps.delete_rows, erasure)
        await self._until_none(AccountErasureSteps.delete_histories, erasure)
        # who cannot be written to is erased all the same
        with suppress(ActivityError):
            await execute(AccountErasureSteps.tell_erased, erasure, **LAST_MAIL_STEP)
        await execute(AccountErasureSteps.destroy_key, erasure, **ERASURE_STEP)
        return True

    async def _is_due(self, erasure: ErasureRef) -> bool:
        """Wait out the cooling-off period; False where there is nothing to erase any more."""
        while True:
            wait = await execute(AccountErasureSteps.await_erasure, erasure, **ERASURE_STEP)
            if wait.seconds is None or wait.seconds <= 0:
                return wait.seconds is not None
            await self._bell.wait(wait.seconds)

    async def _until_none(self, step: Step, erasure: ErasureRef) -> None:
        """Repeat a step until nothing is left of what it takes away, with growing pauses."""
        pause, before = FIRST_PAUSE, None
        while True:
            left: Remaining = await execute(step, erasure, **_options(step))
            if left.count == 0:
                return
            # what shrinks is gone through without waiting
            is_shrinking = before is None or left.count < before
            pause = FIRST_PAUSE if is_shrinking else min(pause * PAUSE_GROWS, LONGEST_PAUSE)
            before = left.count
            await continue_as_new_if_long(erasure)
            await workflow.sleep(pause)


def _options(step: Step) -> Any:  # noqa: ANN401 -- a TypedDict of options
    is_vendors = step is AccountErasureSteps.erase_at_vendors
    return ERASURE_VENDOR_STEP if is_vendors else ERASURE_STEP
