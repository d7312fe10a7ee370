"""Starts what was promised in the database and never started: a process died, or Temporal was away."""

from temporalio import workflow

from workflows.children import (
    start_account_erasure,
    start_account_export,
    start_auto_apply,
    start_chat_turn,
    start_follow_up,
    start_notify,
    start_or_ring,
    start_token_mail,
)
from workflows.policies import DATABASE_STEP
from workflows.steps import ReconcileSteps
from workflows.stranded import Stranded


@workflow.defn
class Reconcile:
    """Harmless where nothing is stranded: a workflow id that runs already is left alone."""

    @workflow.run
    async def run(self) -> int:
        """Start what is overdue and return how much was started."""
        stranded = await workflow.execute_activity_method(ReconcileSteps.find_stranded, **DATABASE_STEP)
        started = 0
        for application in stranded.applications:
            started += await start_auto_apply(application)
        for turn in stranded.chat_turns:
            started += await start_chat_turn(turn)
        for notification in stranded.notifications:
            started += await start_notify(notification.notification_id, notification.user_id)
        for application in stranded.rings:
            started += await start_or_ring(application)
        for application in stranded.follow_ups:
            started += await start_follow_up(application)
        return started + await _start_for_accounts(stranded)


async def _start_for_accounts(stranded: Stranded) -> int:
    started = 0
    for mail in stranded.token_mails:
        started += await start_token_mail(mail)
    for erasure in stranded.erasures:
        started += await start_account_erasure(erasure)
    for export in stranded.exports:
        started += await start_account_export(export)
    return started
