"""Checks before the start that every port is free, and names those that are not with their settings."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass

PROBE_SECONDS = 0.5
PROBE_HOST = "127.0.0.1"


class PortsTakenError(Exception):
    """Some ports cannot be used; the message has a line for each."""


@dataclass(frozen=True)
class Port:
    """A port that a part of the local stack will listen on."""

    number: int
    what: str
    setting: str
    host: str = PROBE_HOST


def check_ports(ports: Sequence[Port]) -> None:
    """Raise `PortsTakenError` that names every port which is taken, or asked for twice."""
    problems = []
    seen: dict[int, Port] = {}
    for port in ports:
        other = seen.setdefault(port.number, port)
        if other is not port:
            problems.append(
                f"port {port.number} is asked for twice ({other.what}, {port.what}): "
                f"set {other.setting} or {port.setting}"
            )
        elif not _is_free(port):
            problems.append(f"port {port.number} is taken ({port.what}): set {port.setting}")
    if problems:
        raise PortsTakenError("\n".join(problems))


def free_port() -> int:
    """Return a port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((PROBE_HOST, 0))
        number: int = probe.getsockname()[1]
    return number


def _is_free(port: Port) -> bool:
    # binding alone would overlook, on some systems, a listener on all addresses
    with socket.socket() as probe:
        probe.settimeout(PROBE_SECONDS)
        if probe.connect_ex((PROBE_HOST, port.number)) == 0:
            return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.number))
        except OSError:
            return False
    return True
