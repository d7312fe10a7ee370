"""Ends the processes of a supervisor that died without a word (kill -9), on Linux and macOS alike.

A child of the supervisor, in a session of its own, reads orders from a pipe. The pipe ends only when the
supervisor is gone: whatever is still watched then is stopped and whatever is to vanish is removed.
The file is also run as a script, so it imports the standard library only.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Self

GRACE_SECONDS = 3.0
KILL_SECONDS = 2.0
POLL_SECONDS = 0.05


class Watchdog:
    """The supervisor's end of the pipe; use it as a context manager."""

    def __init__(self, keep_open: Iterable[int] = ()) -> None:
        """Start the watcher; it holds the file descriptors `keep_open`, for example a lock, until it ends."""
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            start_new_session=True,
            pass_fds=tuple(keep_open),
            cwd="/",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def watch(self, pid: int, stop: signal.Signals = signal.SIGTERM) -> None:
        """Stop this process (with `stop`, then SIGKILL to its group) when the supervisor is gone."""
        self._order({"watch": pid, "signal": int(stop)})

    def forget(self, pid: int) -> None:
        """Leave this process alone: it has ended, and its number may soon be another's."""
        self._order({"forget": pid})

    def remove(self, path: Path) -> None:
        """Remove this file or folder when the supervisor is gone, once everything has stopped."""
        self._order({"remove": str(path.absolute())})

    def close(self) -> None:
        """End the watcher, which first carries out its orders."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()

    def _order(self, order: dict[str, int | str]) -> None:
        if self._process.stdin is None:
            return
        # a watcher that somebody killed must not take the supervisor with it
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()


def is_alive(pid: int) -> bool:
    """Tell whether a process of this number runs, whoever owns it; a zombie does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    # where there is no /proc, one that its parent has not collected yet counts as running
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return status.rpartition(b") ")[2].startswith(b"Z")


def _end(watched: dict[int, int]) -> None:
    for pid, stop in reversed(watched.items()):
        with contextlib.suppress(OSError):
            os.kill(pid, stop)
    _wait_for(watched, GRACE_SECONDS)
    for pid in watched:
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
    _wait_for(watched, KILL_SECONDS)


def _wait_for(pids: Iterable[int], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(map(is_alive, pids)):
        time.sleep(POLL_SECONDS)


def _vanish(paths: set[str]) -> None:
    for path in map(Path, paths):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _main() -> None:
    watched: dict[int, int] = {}
    paths: set[str] = set()
    for line in sys.stdin.buffer:
        order = json.loads(line)
        if "watch" in order:
            watched[order["watch"]] = order["signal"]
        elif "forget" in order:
            watched.pop(order["forget"], None)
        else:
            paths.add(order["remove"])
    _end(watched)
    _vanish(paths)


if __name__ == "__main__":
    _main()
