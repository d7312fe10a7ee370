"""Collects one export in a process of its own, and tells what it took: `-m bench.export_run ID USER`."""

import asyncio
import json
import re
import sys
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from uuid import UUID

from temporalio.testing import ActivityEnvironment

from activities.account_export.activities import AccountExportActivities
from models.database import Database
from models.sealed import KeyRing
from settings import Settings
from workflows.account_messages import ExportRef

KEPT = timedelta(days=7)


async def main(ref: ExportRef) -> None:
    """Collect it and print the seconds, and the most memory in kilobytes."""
    settings = Settings()
    security = settings.security
    keys = KeyRing(
        {name: security.master_key(name) for name in security.master_keys}, security.current_master_key
    )
    database = Database(settings.database.url.get_secret_value())
    began = perf_counter()
    await ActivityEnvironment().run(AccountExportActivities(database, keys, KEPT).collect_export, ref)
    seconds = perf_counter() - began
    await database.close()
    print(json.dumps({"seconds": seconds, "kilobytes": _most_memory()}))


def _most_memory() -> int:
    # getrusage would tell that of the process before it became this program
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(peak)


if __name__ == "__main__":
    asyncio.run(main(ExportRef(export_id=UUID(sys.argv[1]), user_id=UUID(sys.argv[2]))))
