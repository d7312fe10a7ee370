"""Step `make_documents`: the résumé and the letter."""

from activities.auto_apply.context import Context
from workflows.messages import ApplicationRef


async def make_documents(context: Context, ref: ApplicationRef) -> None:
    """Step `make_documents`: the résumé and the letter."""
    raise NotImplementedError
