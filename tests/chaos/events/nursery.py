"""Forks workers that have everything imported already, so that killing one and starting it anew is cheap.

Run as a module: each line of its input is an order in JSON, `settings` (as a tree) and `log` (a path); each
line of its output the id of the worker that was born. All of them are in its process group.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import telemetry
import worker
from local.supervisor.watchdog import Watchdog
from settings import Settings

ROOT = Path(worker.__file__).parent


class Nursery:
    """The tests' end of it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def worker(self, settings: dict[str, Any], log: Path) -> int:
        """Start a worker and return its process id."""
        orders, births = self._process.stdin, self._process.stdout
        assert orders is not None
        assert births is not None
        orders.write(json.dumps({"settings": settings, "log": str(log)}).encode() + b"\n")
        orders.flush()
        return int(births.readline())


def kill(pid: int) -> None:
    """Kill a worker (-9); one that has ended already is no error."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@contextmanager
def nursery(folder: Path, watchdog: Watchdog) -> Iterator[Nursery]:
    """Run a nursery until the block ends, and every worker with it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JOBRAKER_")}
    process = subprocess.Popen(  # noqa: S603 -- our own program
        [sys.executable, "-m", __name__],
        env={**inherited, "PYTHONPATH": str(ROOT)},
        # elsewhere, so that no `.env` of the developer's is read
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    watchdog.watch(process.pid)
    try:
        yield Nursery(process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        watchdog.forget(process.pid)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _serve() -> None:
    # nobody waits for the dead
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin.buffer:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _work(order)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _work(order: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, theirs)
    settings = Settings.model_validate(order["settings"])
    telemetry.configure(settings.telemetry, settings.environment.value)
    asyncio.run(worker.main(settings))
    telemetry.leave(0)


if __name__ == "__main__":
    _serve()
