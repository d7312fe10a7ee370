"""One running part: started in a session of its own, with its output in a log file, and stopped in order."""

import collections
import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from local.supervisor.parts import Part, PartError, StopRequested
from local.supervisor.watchdog import Watchdog

POLL_SECONDS = 0.05
KILL_SECONDS = 5.0


class Process:
    """A part and its operating system process; not thread-safe."""

    def __init__(self, part: Part, log_file: Path, watchdog: Watchdog | None = None) -> None:
        self.part = part
        self.log_file = log_file
        self._watchdog = watchdog
        self._popen: subprocess.Popen[bytes] | None = None
        self._started = 0.0

    @property
    def pid(self) -> int | None:
        """The process id, also of one that has ended; None before the start."""
        return None if self._popen is None else self._popen.pid

    @property
    def exit_code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs or before its start."""
        return None if self._popen is None else self._popen.poll()

    @property
    def age(self) -> float:
        """The seconds since its last start."""
        return time.monotonic() - self._started

    def start(self) -> None:
        """Start the program; the log of the run before is kept beside the new one as `<name>.log.1`."""
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        if self._popen is None and self.log_file.exists():
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        self._forget()
        self._started = time.monotonic()
        with self.log_file.open("ab") as log:
            try:
                self._popen = subprocess.Popen(
                    list(self.part.argv),
                    env=self.part.environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise PartError(self.part.name, f"could not be started: {error}") from error
        if self._watchdog is not None:
            self._watchdog.watch(self._popen.pid, self.part.stop_signals[-1])

    def wait_ready(self, stop: threading.Event | None = None) -> None:
        """Wait until the part is ready.

        Raises `PartError` when it ends or takes too long, and `StopRequested` once `stop` is set.
        """
        stop = stop or threading.Event()
        started = time.monotonic()
        while not self._is_ready():
            waited = time.monotonic() - started
            if self.exit_code is not None:
                if waited > self.part.retry_seconds:
                    raise PartError(self.part.name, how_it_ended(self.exit_code))
                self.start()
            elif waited > self.part.ready_seconds:
                raise PartError(self.part.name, f"was not ready after {self.part.ready_seconds:.0f} s")
            if stop.wait(POLL_SECONDS):
                raise StopRequested

    def stop(self, hurry: threading.Event | None = None) -> None:
        """End the program and whatever it left in its group; `hurry` cuts the grace short."""
        if self._popen is None:
            return
        hurry = hurry or threading.Event()
        for number in self.part.stop_signals:
            if self.exit_code is None and not hurry.is_set():
                self._popen.send_signal(number)
                self._wait(self.part.grace_seconds, hurry)
        with contextlib.suppress(OSError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(KILL_SECONDS)
        self._forget()

    def log_tail(self, lines: int) -> list[str]:
        """Return the last lines of the log, without what could steer a terminal."""
        if not self.log_file.exists():
            return []
        with self.log_file.open(encoding="utf-8", errors="replace") as log:
            tail = collections.deque(log, maxlen=lines)
        return ["".join(c for c in line.expandtabs() if c.isprintable()) for line in tail]

    def _is_ready(self) -> bool:
        # the order matters: a stranger on our port may answer for a part that has ended
        return self.exit_code is None and self.part.ready() and self.exit_code is None

    def _wait(self, seconds: float, hurry: threading.Event) -> None:
        deadline = time.monotonic() + seconds
        while self.exit_code is None and time.monotonic() < deadline and not hurry.wait(POLL_SECONDS):
            pass

    def _forget(self) -> None:
        if self._popen is not None and self._watchdog is not None:
            self._watchdog.forget(self._popen.pid)


@contextlib.contextmanager
def running(part: Part, logs: Path, watchdog: Watchdog) -> Iterator[Process]:
    """Run a part until the block ends; the watchdog ends it should this process be killed."""
    process = Process(part, logs / f"{part.name}.log", watchdog)
    try:
        process.start()
        process.wait_ready(threading.Event())
        yield process
    finally:
        process.stop()


def how_it_ended(exit_code: int) -> str:
    """Say in words what an exit code means."""
    if exit_code < 0:
        names = {int(each): each.name for each in signal.Signals}
        return f"was ended by {names.get(-exit_code, f'signal {-exit_code}')}"
    return f"ended with exit code {exit_code}"
