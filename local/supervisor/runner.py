"""Starts the parts of the local stack in order, watches them, and stops them in reverse."""

import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from local.supervisor.display import Display
from local.supervisor.instance import Instance
from local.supervisor.parts import Part, PartError, Step, StepError, StopRequested
from local.supervisor.process import Process, how_it_ended

WATCH_SECONDS = 0.1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MAX_RESTARTS = 60
RESTARTS_SECONDS = 60.0
PAUSE_SECONDS = 0.5
"""Between two starts of one part: after a kill -9 some need a moment until their files are free."""


class Supervisor:
    """Runs a plan of parts and steps until it is asked to stop or a part crashes.

    With `restart` a crashed part is started again instead of ending the rest, unless that was needed
    `MAX_RESTARTS` times within `RESTARTS_SECONDS`: something cannot live then. Signals are handled while
    `run` runs, which therefore belongs in the main thread; a second Ctrl-C ends everything at once.
    """

    def __init__(
        self, instance: Instance, plan: Sequence[Part | Step], display: Display, *, restart: bool = False
    ) -> None:
        self._instance = instance
        self._plan = plan
        self._display = display
        self._restarts: deque[float] = deque(maxlen=MAX_RESTARTS)
        self._may_restart = restart
        self._processes: list[Process] = []
        self._stop = threading.Event()
        self._hurry = threading.Event()
        self._interruptible = False
        self._addresses: dict[str, str] = {}

    def run(self, addresses: dict[str, str], when_up: Callable[[], None]) -> int:
        """Run the plan, call `when_up` once all is ready, and return the exit code: 1 after a failure."""
        self._addresses = addresses
        with self._handling_signals():
            try:
                code = self._until_the_end(when_up)
            finally:
                self._stop_all()
        return code

    def _until_the_end(self, when_up: Callable[[], None]) -> int:
        try:
            self._start_all()
            when_up()
            self._watch()
        except StopRequested:
            self._display.note("stopping …")
            return 0
        except StepError as failure:
            self._display.error(f"{failure}; stopping")
        except PartError as failure:
            self._show_failure(failure)
        return 1

    def _start_all(self) -> None:
        for item in self._plan:
            with self._display.step(item.name):
                if isinstance(item, Part):
                    self._start(item)
                else:
                    self._do(item)
            self._raise_if_crashed()

    def _start(self, part: Part) -> None:
        log_file = self._instance.logs / f"{part.name}.log"
        process = Process(part, log_file, self._instance.watchdog)
        self._processes.append(process)
        process.start()
        self._publish()
        process.wait_ready(self._stop)
        self._publish()

    def _do(self, step: Step) -> None:
        self._interruptible = True
        try:
            if self._stop.is_set():
                raise StopRequested
            step.run()
        finally:
            self._interruptible = False

    def _watch(self) -> None:
        while not self._stop.wait(WATCH_SECONDS):
            self._raise_if_crashed()
        raise StopRequested

    def _raise_if_crashed(self) -> None:
        for process in self._processes:
            is_too_soon = self._may_restart and process.age < PAUSE_SECONDS
            if process.exit_code is None or is_too_soon:
                continue
            ended = how_it_ended(process.exit_code)
            if not self._may_restart or self._restarts_too_often():
                raise PartError(process.part.name, ended)
            self._display.note(f"{process.part.name} {ended}; starting it again")
            # nobody waits until it is ready: it may need another part that has crashed as well
            process.start()
            self._publish()

    def _restarts_too_often(self) -> bool:
        is_full = len(self._restarts) == MAX_RESTARTS
        oldest = self._restarts[0] if is_full else 0.0
        self._restarts.append(time.monotonic())
        return is_full and self._restarts[-1] - oldest < RESTARTS_SECONDS

    def _show_failure(self, failure: PartError) -> None:
        for process in self._processes:
            if process.part.name == failure.name:
                self._display.log_of(process)
        self._display.error(f"{failure}; stopping the rest")

    def _stop_all(self) -> None:
        started = time.monotonic()
        for process in reversed(self._processes):
            process.stop(self._hurry)
        if self._processes:
            self._display.note(f"all stopped in {time.monotonic() - started:.1f} s")

    def _publish(self) -> None:
        parts: dict[str, Any] = {
            each.part.name: {"pid": each.pid, "port": each.part.port, "log": str(each.log_file)}
            for each in self._processes
        }
        self._instance.write_state({"parts": parts, "addresses": self._addresses})

    @contextmanager
    def _handling_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._on_signal) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._stop.is_set():
            self._hurry.set()
        self._stop.set()
        # only a step is broken off in the middle; a part is polled, so that none is lost between two lines
        if self._interruptible:
            self._interruptible = False
            raise StopRequested
