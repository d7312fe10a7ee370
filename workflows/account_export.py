"""An export of all that is known about a person: collected, or ended as failed, and never half ready."""

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from workflows.account_messages import ExportRef
from workflows.account_steps import AccountExportSteps
from workflows.children import start_notify
from workflows.policies import DATABASE_STEP, EXPORT_STEP


@workflow.defn
class AccountExport:
    """Its steps tell the person how far it is."""

    @workflow.run
    async def run(self, export: ExportRef) -> bool:
        """Collect it; False where it had to be given up."""
        try:
            exported = await workflow.execute_activity_method(
                AccountExportSteps.collect_export, export, **EXPORT_STEP
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            await workflow.execute_activity_method(AccountExportSteps.fail_export, export, **DATABASE_STEP)
            return False
        if exported.notification_id is not None:
            await start_notify(exported.notification_id, export.user_id)
        return True
