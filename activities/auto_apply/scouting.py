"""Step `scout`: what the form asks."""

from activities.auto_apply.context import Context
from workflows.messages import ApplicationRef, Conclusion


async def scout(context: Context, ref: ApplicationRef) -> Conclusion:
    """Step `scout`: what the form asks."""
    raise NotImplementedError
