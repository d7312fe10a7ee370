"""The launcher of stand-ins, as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
NAMES = ["adzuna", "openai", "careers", "skyvern", "mail"]


def free_ports(count: int) -> list[int]:
    """Return ports that were free a moment ago, each with a free neighbour above it."""
    found: list[int] = []
    with ExitStack() as stack:
        while len(found) < count:
            try:
                first = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
                port = first.getsockname()[1]
                stack.enter_context(socket.create_server(("127.0.0.1", port + 1)))
            except OSError:
                continue
            found.append(port)
    return found


def environment(data_dir: Path) -> dict[str, str]:
    """Return the environment of a launcher with ports and a data folder of its own."""
    ports = dict(zip(NAMES, free_ports(len(NAMES)), strict=True))
    own = {f"JOBRAKER_LOCAL__{name.upper()}_PORT": str(port) for name, port in ports.items()}
    return {**os.environ, **own, "JOBRAKER_LOCAL__DATA_DIR": str(data_dir)}


@contextmanager
def launched(environment: dict[str, str], *names: str) -> Iterator[subprocess.Popen[str]]:
    """Run the launcher until the block ends."""
    command = [sys.executable, "-m", "local.serve", *names]
    with subprocess.Popen(  # noqa: S603 -- starts our own code
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def addresses(process: subprocess.Popen[str], count: int) -> dict[str, str]:
    """Read the lines that tell where each stand-in listens."""
    assert process.stdout is not None
    lines = [process.stdout.readline().split() for _ in range(count)]
    return {name: rest[-1] for name, *rest in lines}


def test_all_stand_ins_start_in_one_process_and_stop_on_either_signal(tmp_path: Path) -> None:
    folders = {signal.SIGTERM: tmp_path / "term", signal.SIGINT: tmp_path / "int"}
    with ExitStack() as stack:
        processes = {
            wanted: stack.enter_context(launched(environment(folder), *NAMES))
            for wanted, folder in folders.items()
        }
        for wanted, process in processes.items():
            started = addresses(process, len(NAMES))
            assert list(started) == NAMES
            for address in started.values():
                assert httpx.get(f"{address}/_control/faults").json() == []
            begun = time.monotonic()
            process.send_signal(wanted)
            assert process.wait(5) == 0
            assert time.monotonic() - begun < 2
    for folder in folders.values():
        kept = {path.name for path in (folder / "standins").glob("*.sqlite3")}
        assert {"adzuna.sqlite3", "careers.sqlite3", "skyvern.sqlite3", "mail.sqlite3"} <= kept


def test_a_taken_port_is_named_with_the_setting_that_changes_it(tmp_path: Path) -> None:
    own = environment(tmp_path)
    with socket.create_server(("127.0.0.1", int(own["JOBRAKER_LOCAL__OPENAI_PORT"]))):
        command = [sys.executable, "-m", "local.serve", "adzuna", "openai"]
        ended = subprocess.run(  # noqa: S603 -- starts our own code
            command, env=own, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
        )
    assert ended.returncode == 1
    assert "JOBRAKER_LOCAL__OPENAI_PORT" in ended.stderr
    assert "Traceback" not in ended.stderr
