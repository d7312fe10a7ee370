"""Steps `decide` and `approve`."""

from activities.auto_apply.context import Context
from workflows.messages import ApplicationRef, Approved, ApproveShown, Asked


async def decide(context: Context, ref: ApplicationRef) -> Asked:
    """Steps `decide` and `approve`."""
    raise NotImplementedError


async def approve(context: Context, request: ApproveShown) -> Approved:
    """Step `approve`."""
    raise NotImplementedError
