"""Collects everything about a person as a ZIP in sealed parts, or says that it could not be done."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import structlog
from temporalio import activity

from activities.account_export import parts
from activities.account_export.collecting import SECTIONS, Collector
from activities.account_export.opened import Opener
from activities.account_export.parts import OvertakenError
from activities.heartbeat import beating
from models.base import now
from models.database import Database
from models.sealed import KeyRing
from workflows.account_messages import Exported, ExportRef
from workflows.account_steps import AccountExportSteps

_log = structlog.get_logger(__name__)


@dataclass
class AccountExportActivities(AccountExportSteps):
    """Reads and writes `database`; a file can be fetched for the time `kept`."""

    database: Database
    keys: KeyRing = field(repr=False)
    kept: timedelta

    @activity.defn
    async def collect_export(self, export: ExportRef) -> Exported:
        """Collect it, unless it is over, was deleted, or its person is being erased."""
        async with beating():
            return Exported(notification_id=await self._collect(export))

    @activity.defn
    async def fail_export(self, export: ExportRef) -> None:
        """End it as failed, and take away what was collected."""
        await parts.fail(self.database, export)

    async def _collect(self, export: ExportRef) -> UUID | None:
        mine = await parts.begin(self.database, self.keys, export, SECTIONS)
        if mine is None:
            return await parts.told_of(self.database, export)
        opener = Opener(self.database, mine.seal, export.user_id)
        try:
            await Collector(self.database, mine, opener, now()).collect()
            return await mine.end(self.kept)
        except OvertakenError:
            _log.info("export overtaken", export_id=str(export.export_id))
            return None
