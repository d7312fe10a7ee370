"""What the export of somebody with a long history takes: memory beside that of nobody's, and time."""

import asyncio
import json
import os
import subprocess
import sys

from bench.export_person import add_export
from bench.figures import KILOBYTES, MILLISECONDS, Figure, bound_figure
from bench.servers import ROOT, a_database, environment_of, keys_of
from models.account_export import AccountExport
from models.database import Database
from workflows.account_messages import ExportRef

APPLICATIONS = 2_000
MEMORY_MORE = 64_000
"""Kilobytes that it may take beyond an export of nothing, however much there is."""

MILLISECONDS_MOST = 300_000.0
SECOND = 1000.0
MEGABYTE = 1024 * 1024


async def export() -> list[Figure]:
    """Collect the export of 2,000 applications with 6,000 screenshots, and one of nothing."""
    with a_database() as url:
        environment = environment_of(url)
        database = Database(url)
        empty = await add_export(database, keys_of(environment), 0)
        full = await add_export(database, keys_of(environment), APPLICATIONS)
        least, most = [await asyncio.to_thread(_collect, ref, environment) for ref in (empty, full)]
        async with database.begin() as session:
            row = await session.get_one(AccountExport, full.export_id)
        await database.close()
    megabytes = (row.size or 0) / MEGABYTE
    print(
        f"the export of {APPLICATIONS} applications has {megabytes:.0f} MB,"
        f" {megabytes / most[0]:.1f} a second"
    )
    return [
        bound_figure("export_memory", KILOBYTES, most[1], least[1], least[1] + MEMORY_MORE),
        bound_figure("export_time", MILLISECONDS, most[0] * SECOND, least[0] * SECOND, MILLISECONDS_MOST),
    ]


def _collect(ref: ExportRef, environment: dict[str, str]) -> tuple[float, float]:
    """Collect one in a process of its own; return the seconds and the most memory in kilobytes."""
    program = [sys.executable, "-m", "bench.export_run", str(ref.export_id), str(ref.user_id)]
    ran = subprocess.run(
        program, check=True, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **environment}
    )
    told = json.loads(ran.stdout.splitlines()[-1])
    return told["seconds"], told["kilobytes"]
