"""What the workflow of an export decides, with scripted steps on a real Temporal server."""

import asyncio

import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError

from tests.workflows.running import HANG, worker_with
from tests.workflows.scripted import ScriptedReconcile
from tests.workflows.scripted_account import TOLD, ScriptedExport, an_export
from workflows.account_export import AccountExport
from workflows.account_messages import ExportRef
from workflows.ids import TASK_QUEUE, account_export_id, notify_id
from workflows.reconcile import Reconcile
from workflows.stranded import Stranded


async def run(address: str, steps: ScriptedExport, export: ExportRef) -> bool:
    """Run one export to its end, and tell whether its notification was sent on its way."""
    async with worker_with(address, steps) as client, asyncio.timeout(HANG):
        await client.execute_workflow(
            AccountExport.run,
            export,
            id=account_export_id(export.user_id, export.export_id),
            task_queue=TASK_QUEUE,
        )
        told = client.get_workflow_handle(notify_id(export.user_id, TOLD))
        try:
            await told.result()
        except RPCError:
            return False
        return True


async def test_what_is_collected_is_told(temporal_server: str) -> None:
    steps = ScriptedExport()
    assert await run(temporal_server, steps, an_export())
    assert steps.failed == []


@pytest.mark.parametrize("steps", [ScriptedExport(notification_id=None), ScriptedExport(fails="seal")])
async def test_nothing_is_told_where_nothing_was_collected(
    temporal_server: str, steps: ScriptedExport
) -> None:
    export = an_export()
    assert not await run(temporal_server, steps, export)
    assert steps.failed == ([export.export_id] if steps.fails else [])


async def test_one_that_nobody_collects_is_begun_by_the_reconciliation(temporal_server: str) -> None:
    export = an_export()
    stranded = Stranded(applications=[], chat_turns=[], notifications=[], exports=[export])
    async with (
        worker_with(temporal_server, ScriptedExport(), ScriptedReconcile(stranded)) as client,
        asyncio.timeout(HANG),
    ):
        started = await client.execute_workflow(Reconcile.run, id="reconcile-exports", task_queue=TASK_QUEUE)
        assert started == 1
        handle = client.get_workflow_handle(account_export_id(export.user_id, export.export_id))
        assert await handle.result() is True
        assert (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED
