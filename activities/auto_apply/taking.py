"""Step `take_answers`."""

from activities.auto_apply.context import Context
from workflows.messages import TakeAnswers, Taken


async def take_answers(context: Context, request: TakeAnswers) -> Taken:
    """Step `take_answers`."""
    raise NotImplementedError
