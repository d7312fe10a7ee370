"""Records the history of every terminal path anew: `python -m tests.workflows.record_histories`.

Do so only for new paths: a recorded history stands for the applications that wait since older code.
"""

import asyncio
import logging
import re
import sys
import tempfile
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.converter import PayloadCodec

from local.supervisor.watchdog import Watchdog
from tests.servers import running_temporal
from tests.workflows.paths import APPLICATIONS, OTHERS, PLAYED, run_application, run_other
from tests.workflows.running import worker_with
from tests.workflows.scripted import ScriptedAutoApply, ScriptedChatTurn, ScriptedNotify

IDENTITY = re.compile(r'"identity": "[^"]*"')
STICKY_QUEUE = re.compile(r'"name": "[0-9]+@[^"]*"')
STACK_TRACE = re.compile(r'"stackTrace": "(?:[^"\\]|\\.)*"')
HISTORIES = Path(__file__).parent.parent / "histories"


async def history_of(address: str, name: str, codec: PayloadCodec | None = None) -> WorkflowHistory:
    """Run one path on a server and return its history."""
    if name in APPLICATIONS:
        async with worker_with(address, APPLICATIONS[name](), ScriptedNotify(), codec=codec) as client:
            return await run_application(client)
    if name in PLAYED:
        make, play = PLAYED[name]
        steps = make()
        async with worker_with(address, steps, ScriptedNotify(), codec=codec) as client:
            return await run_application(client, steps, play)
    own = OTHERS[name][0]()
    children = [ScriptedAutoApply(), ScriptedChatTurn(), ScriptedNotify()]
    others = [each for each in children if type(each) is not type(own)]
    async with worker_with(address, own, *others, codec=codec) as client:
        return await run_other(client, name)


async def record(address: str, *, anew: bool) -> None:
    """Write the histories that are missing, or all of them anew."""
    for name in [*APPLICATIONS, *PLAYED, *OTHERS]:
        file = HISTORIES / f"{name}.json"
        if anew or not file.exists():
            history = await history_of(address, name)
            # who recorded it, and the paths of that machine, mean nothing to a replay
            text = IDENTITY.sub('"identity": "recorded"', history.to_json())
            text = STICKY_QUEUE.sub('"name": "recorded"', text)
            text = STACK_TRACE.sub('"stackTrace": ""', text)
            await asyncio.to_thread(file.write_text, text + "\n")


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    HISTORIES.mkdir(exist_ok=True)
    with (
        Watchdog() as watchdog,
        tempfile.TemporaryDirectory() as logs,
        running_temporal(Path(logs), watchdog) as server,
    ):
        asyncio.run(record(server, anew="--anew" in sys.argv))
