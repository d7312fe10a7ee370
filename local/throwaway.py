"""The whole local stack for tests and benches: `jobraker up` as a process, on free ports and its own data."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from local.postgres.cluster import database_url
from local.secrets import LocalSecrets, load_secrets
from local.supervisor.watchdog import Watchdog, is_alive

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"
UP_SECONDS = 90.0
STOP_SECONDS = 40.0
DEADLINE = 60.0
POLL_SECONDS = 0.02
# below the ports that systems give to outgoing connections, so that none of those gets in between
PORTS = range(12_000, 32_000)
# each stands alone but the mail sink's, whose HTTP side is on the port behind it
PORT_SETTINGS = {
    "API__PORT": 1,
    "TELEMETRY__WORKER_METRICS_PORT": 1,
    "LOCAL__POSTGRES_PORT": 1,
    "LOCAL__TEMPORAL_PORT": 1,
    "LOCAL__TEMPORAL_UI_PORT": 1,
    "LOCAL__ADZUNA_PORT": 1,
    "LOCAL__SKYVERN_PORT": 1,
    "LOCAL__OPENAI_PORT": 1,
    "LOCAL__CAREERS_PORT": 1,
    "LOCAL__MAIL_PORT": 2,
}
QUICK = {
    "SKYVERN__TIMEOUT_SECONDS": "2",
    "SKYVERN__SETTLE_SECONDS": "3",
    "SKYVERN__POLL_SECONDS": "1",
    "SKYVERN__POLL_MAX_SECONDS": "2",
    "SKYVERN__SCOUT_POLL_SECONDS": "0.5",
    "APPLY__RECONCILE_SECONDS": "5",
    # everybody comes from one address
    "LIMITS__REGISTER_ADDRESS": "1000/1m",
    "LIMITS__LOGIN_ADDRESS": "1000/1m",
    "LIMITS__MAIL_ADDRESS": "1000/1m",
}

Found = TypeVar("Found")


class StackError(Exception):
    """The stack did not do what was waited for; the message says what."""


def eventually(look: Callable[[], Found], what: str, seconds: float = DEADLINE) -> Found:
    """Look again and again until something is found, and return it; StackError at the deadline."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise StackError(f"after {seconds:.0f} s still not: {what}")
        time.sleep(POLL_SECONDS)
    return found


@dataclass
class LocalStack:
    """One data folder and the `jobraker up` that may run on it."""

    folder: Path
    watchdog: Watchdog
    restart: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=lambda: free_ports(PORT_SETTINGS))
    _process: subprocess.Popen[bytes] | None = None

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    @property
    def output(self) -> str:
        """What `up` has printed since its last start."""
        return (self.folder / "up.txt").read_text()

    @property
    def environment(self) -> dict[str, str]:
        """The environment of `up` and of every command beside it, without the developer's own settings."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("JOBRAKER_")}
        ports = {name: str(port) for name, port in self.ports.items()}
        ours = {"LOCAL__DATA_DIR": str(self.data_dir), **ports, **QUICK, **self.settings}
        return (
            inherited
            | {f"JOBRAKER_{name}": value for name, value in ours.items()}
            | {"PYTHONPATH": str(ROOT)}
        )

    def start(self) -> None:
        """Run `jobraker up` and wait until it says that it is up."""
        command = [sys.executable, str(ROOT / "cli.py"), "up", *(["--restart"] if self.restart else [])]
        with (self.folder / "up.txt").open("wb") as output:
            # elsewhere, so that no `.env` of the developer's is read
            process = self._process = subprocess.Popen(
                command,
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.watchdog.watch(process.pid)

        def is_up() -> bool:
            if process.poll() is not None:
                raise StackError(f"`jobraker up` ended:\n{self.output}")
            return "Jobraker is up" in self.output

        eventually(is_up, f"up:\n{self.output}", UP_SECONDS)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal to `up` (as Ctrl-C does: to it alone), wait for its end and return its exit code."""
        process = self._running()
        process.send_signal(number)
        code = process.wait(STOP_SECONDS)
        self.watchdog.forget(process.pid)
        self._process = None
        return code

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise StackError("the stack was not started")
        return self._process

    def run(self, *arguments: str, seconds: float = DEADLINE) -> subprocess.CompletedProcess[str]:
        """Run another command of `jobraker` beside it."""
        return subprocess.run(
            [sys.executable, str(ROOT / "cli.py"), *arguments],
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    @property
    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads((self.data_dir / "state.json").read_bytes())
        return state

    def pid(self, part: str) -> int:
        return int(self.state["parts"][part]["pid"])

    def log(self, part: str) -> Path:
        return Path(self.state["parts"][part]["log"])

    @property
    def secrets(self) -> LocalSecrets:
        return load_secrets(self.data_dir)

    @property
    def api(self) -> str:
        return self._at("API__PORT")

    @property
    def metrics(self) -> str:
        return f"{self._at('TELEMETRY__WORKER_METRICS_PORT')}/metrics"

    @property
    def database_url(self) -> str:
        return database_url(self.ports["LOCAL__POSTGRES_PORT"], self.secrets.postgres_password)

    @property
    def temporal(self) -> str:
        return f"{HOST}:{self.ports['LOCAL__TEMPORAL_PORT']}"

    def stand_in(self, name: str) -> str:
        """Return the base URL of a stand-in, by its name for `local.serve`."""
        if name == "mail":
            return f"http://{HOST}:{self.ports['LOCAL__MAIL_PORT'] + 1}"
        return self._at(f"LOCAL__{name.upper()}_PORT")

    def _at(self, setting: str) -> str:
        return f"http://{HOST}:{self.ports[setting]}"

    @contextmanager
    def down(self, part: str) -> Iterator[None]:
        """Kill a part (-9) and keep it down until the block ends; then `up --restart` starts it again."""
        up = self._running()
        before = self.pid(part)
        up.send_signal(signal.SIGSTOP)
        try:
            os.kill(before, signal.SIGKILL)
            eventually(lambda: not is_alive(before), f"{part} dead")
            yield
        finally:
            up.send_signal(signal.SIGCONT)
        eventually(lambda: self.pid(part) != before, f"{part} started again")

    def kill(self, part: str) -> None:
        """Kill a part (-9); `up --restart` starts it again at once."""
        with self.down(part):
            pass

    def is_ready(self) -> bool:
        """Tell whether the API, its database and Temporal answer."""
        try:
            return httpx.get(f"{self.api}/health/ready", trust_env=False).is_success
        except httpx.HTTPError:
            return False


@contextmanager
def running_stack(
    folder: Path, watchdog: Watchdog, *, restart: bool = False, **settings: str
) -> Iterator[LocalStack]:
    """Run the stack until the block ends; settings are named without their prefix."""
    stack = LocalStack(folder, watchdog, restart, settings)
    stack.start()
    try:
        yield stack
    finally:
        code = stack.stop()
    if code:
        raise StackError(f"`jobraker up` ended with {code}:\n{stack.output}")


def free_ports(wanted: dict[str, int]) -> dict[str, int]:
    """Return a free port for each name, the first of as many neighbours as it needs."""
    taken: set[int] = set()
    ports = {}
    for name, neighbours in wanted.items():
        while True:
            first = random.choice(PORTS)
            row = set(range(first, first + neighbours))
            if not row & taken and all(map(_is_free, row)):
                break
        taken |= row
        ports[name] = first
    return ports


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
