"""What a supervisor runs: parts that live as long as it does, and steps that are done once."""

import os
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import httpx

PROBE_SECONDS = 2.0


class StopRequested(BaseException):
    """Somebody asked the supervisor to stop (Ctrl-C, SIGTERM); no failure, so no `Exception`."""


class StepError(Exception):
    """A step could not be done; the message says what to do about it."""


class PartError(Exception):
    """A part ended by itself, or never became ready."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} {reason}")
        self.name = name
        self.reason = reason


@dataclass(frozen=True)
class Part:
    """One program of the local stack.

    `ready` must neither block for long nor raise. `stop_signals` are sent one after the other with
    `grace_seconds` between them; SIGKILL follows by itself. A part that ends before it was ready is started
    again until `retry_seconds` have passed.
    """

    name: str
    argv: Sequence[str]
    ready: Callable[[], bool]
    env: Mapping[str, str] = field(default_factory=dict)
    port: int | None = None
    stop_signals: tuple[signal.Signals, ...] = (signal.SIGTERM,)
    grace_seconds: float = 6.0
    ready_seconds: float = 60.0
    retry_seconds: float = 0.0

    def environment(self) -> dict[str, str]:
        """Return the environment of the program: ours, and over it its own."""
        return {**os.environ, **self.env}


@dataclass(frozen=True)
class Step:
    """Something done once between two parts; it raises `StepError` with what to do."""

    name: str
    run: Callable[[], None]


def accepts_connections(host: str, port: int) -> bool:
    """Tell whether somebody listens there."""
    try:
        with socket.create_connection((host, port), timeout=PROBE_SECONDS):
            return True
    except OSError:
        return False


def answers_ok(url: str) -> bool:
    """Tell whether a GET of the address is answered with a 2xx."""
    try:
        return httpx.get(url, timeout=PROBE_SECONDS, trust_env=False).is_success
    except httpx.HTTPError:
        return False
