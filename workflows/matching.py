"""Matching jobs with people and telling of the best: what the sweep does first, and a fetch starts."""

from temporalio import workflow

from workflows.children import start_notify
from workflows.job_messages import MatchCursor, SweepCursor
from workflows.policies import DATABASE_STEP
from workflows.steps import AutoApplySweepSteps

execute = workflow.execute_activity_method


async def match_jobs(cursor: MatchCursor) -> MatchCursor | None:
    """Match page after page; return where to go on in a new run where this one has grown long."""
    while True:
        page = await execute(AutoApplySweepSteps.match_jobs, cursor, **DATABASE_STEP)
        if page.next is None:
            return None
        cursor = page.next
        if workflow.info().is_continue_as_new_suggested():
            return cursor


async def tell_strong_matches() -> bool:
    """Tell everybody of their strong matches; False where the rest is better told by a new run."""
    cursor = SweepCursor()
    while True:
        page = await execute(AutoApplySweepSteps.tell_strong_matches, cursor, **DATABASE_STEP)
        for notification in page.notifications:
            await start_notify(notification.notification_id, notification.user_id)
        if page.next_user is None:
            return True
        cursor = SweepCursor(after_user=page.next_user)
        if workflow.info().is_continue_as_new_suggested():
            return False
