"""The one supervisor of a data folder: its lock, its watchdog, and the file that says what runs where."""

import fcntl
import json
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from local.supervisor.watchdog import GRACE_SECONDS, Watchdog, is_alive

LOCK_POLL_SECONDS = 0.1
CLEAN_UP_SECONDS = GRACE_SECONDS + 5.0


class AlreadyRunningError(Exception):
    """Another supervisor runs on the same data folder."""


class Instance:
    """Holds the data folder, as a context manager; entering raises `AlreadyRunningError`."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.absolute()
        self.logs = self.data_dir / "logs"
        self.watchdog: Watchdog
        self._lock_path = self.data_dir / "lock"
        self._state_path = state_path(self.data_dir)

    def __enter__(self) -> Self:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            self._acquire()
            # the watchdog shares the lock: nobody starts here while it still cleans up after a kill -9
            self.watchdog = Watchdog(keep_open=[self._lock])
        except BaseException:
            os.close(self._lock)
            raise
        self.watchdog.remove(self._state_path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.watchdog.close()
        os.close(self._lock)

    def write_state(self, state: dict[str, Any]) -> None:
        """Publish what runs (parts with process ids and ports, addresses); it vanishes with this process."""
        temporary = self._state_path.with_suffix(".new")
        temporary.write_text(json.dumps({"pid": os.getpid(), **state}, indent=2) + "\n")
        temporary.replace(self._state_path)

    def _acquire(self) -> None:
        deadline = time.monotonic() + CLEAN_UP_SECONDS
        while not self._try_lock():
            holder = self._holder()
            if holder is None or is_alive(holder) or time.monotonic() > deadline:
                raise AlreadyRunningError(
                    f"`jobraker up` already runs on {self.data_dir} (process {holder}): stop it first, "
                    "or set JOBRAKER_LOCAL__DATA_DIR and other ports for a second one"
                )
            time.sleep(LOCK_POLL_SECONDS)
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, str(os.getpid()).encode(), 0)

    def _try_lock(self) -> bool:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _holder(self) -> int | None:
        text = self._lock_path.read_text().strip()
        return int(text) if text.isdigit() else None


def state_path(data_dir: Path) -> Path:
    """Return where the running supervisor of this data folder says what runs; absent when none does."""
    return data_dir / "state.json"
