"""Step `remind`."""

from activities.auto_apply.context import Context
from workflows.messages import Remind, Told


async def remind(context: Context, request: Remind) -> Told:
    """Step `remind`."""
    raise NotImplementedError
