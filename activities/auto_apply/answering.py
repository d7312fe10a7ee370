"""Step `answer`: answers from the profile, the bank and the model."""

from activities.auto_apply.context import Context
from workflows.messages import ApplicationRef, Asked


async def answer(context: Context, ref: ApplicationRef) -> Asked:
    """Step `answer`: answers from the profile, the bank and the model."""
    raise NotImplementedError
