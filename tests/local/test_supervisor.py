"""The supervisor: order, signals, crashes, and that nothing outlives it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from local.ports import free_port
from local.supervisor.parts import Part, PartError
from local.supervisor.process import Process
from local.supervisor.watchdog import Watchdog, is_alive

DEADLINE = 20.0


def eventually(condition: Callable[[], object], seconds: float = DEADLINE) -> None:
    """Wait until the condition holds; fails at the deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


class Up:
    """A supervisor in a process of its own."""

    def __init__(self, data_dir: Path, names: list[str], **options: object) -> None:
        self.data_dir = data_dir
        self.ports = {name: free_port() for name in names}
        self.process = subprocess.Popen(  # noqa: S603 -- starts our own code
            [
                *(sys.executable, "-m", "tests.local.supervised", str(data_dir)),
                json.dumps({"parts": self.ports, **options}),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
        self.pids: dict[str, int] = {}

    @property
    def state_file(self) -> Path:
        return self.data_dir / "state.json"

    def wait_up(self) -> None:
        """Wait for the line that says that all is up, and read the process ids."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip() == "all up":
                break
        self.read_state()
        assert set(self.pids) == set(self.ports)

    def read_state(self) -> None:
        parts = json.loads(self.state_file.read_text())["parts"]
        self.pids = {name: part["pid"] for name, part in parts.items()}

    def end(self, number: signal.Signals | None = None) -> tuple[int, str]:
        """Send a signal if any, and return the exit code and what was still printed."""
        if number:
            self.process.send_signal(number)
        output, _ = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, output

    def nothing_is_left(self) -> bool:
        return not any(map(is_alive, self.pids.values())) and not self.state_file.exists()

    def journal(self) -> list[str]:
        return (self.data_dir / "journal").read_text().split()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Up]]:
    """Start supervisors that are killed at the end of the test, should they still run."""
    started: list[Up] = []

    def start_one(*names: str, data_dir: Path = tmp_path, **options: object) -> Up:
        up = Up(data_dir, list(names), **options)
        started.append(up)
        return up

    yield start_one
    for up in started:
        with suppress(ProcessLookupError):
            up.process.kill()
        up.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_parts_in_reverse_order_and_leaves_nothing(
    start: Callable[..., Up], number: signal.Signals
) -> None:
    up = start("first", "second", "third")
    up.wait_up()
    code, output = up.end(number)
    assert code == 0, output
    assert up.journal() == ["third", "second", "first"]
    assert up.nothing_is_left()


def test_the_state_says_what_runs_where(start: Callable[..., Up]) -> None:
    up = start("one", "two")
    up.wait_up()
    state = json.loads(up.state_file.read_text())
    assert state["pid"] == up.process.pid
    assert state["addresses"] == {"Home": "http://127.0.0.1"}
    assert {name: part["port"] for name, part in state["parts"].items()} == up.ports
    assert all(map(is_alive, up.pids.values()))
    assert "two line 99" in Path(state["parts"]["two"]["log"]).read_text()


def test_killing_the_supervisor_leaves_no_process(start: Callable[..., Up], tmp_path: Path) -> None:
    up = start("plain", "stubborn", "parent", traits={"stubborn": ["stubborn"], "parent": ["parent"]})
    up.wait_up()
    up.pids["child"] = int((tmp_path / "child.pid").read_text())
    up.end(signal.SIGKILL)
    eventually(up.nothing_is_left)


def test_a_new_start_right_after_a_kill_waits_until_the_old_parts_are_gone(
    start: Callable[..., Up],
) -> None:
    old = start("stubborn", traits={"stubborn": ["stubborn"]})
    old.wait_up()
    old.process.kill()
    old.process.wait()
    new = start("fresh")
    new.wait_up()
    assert not is_alive(old.pids["stubborn"])
    assert new.end(signal.SIGTERM)[0] == 0


def test_a_crash_is_shown_with_its_log_and_ends_the_rest(start: Callable[..., Up]) -> None:
    up = start("database", "worker", "api")
    up.wait_up()
    os.kill(up.pids["worker"], signal.SIGKILL)
    code, output = up.end()
    assert code == 1
    assert "worker was ended by SIGKILL" in output
    assert "worker line 99" in output
    assert "worker line 62" in output
    assert "worker line 50" not in output, "forty lines are enough"
    assert "worker.log" in output
    assert "\x1b" not in output, "a log must not steer the terminal"
    assert "\x07" not in output
    assert up.journal() == ["api", "database"]
    assert up.nothing_is_left()


def test_a_part_that_ends_before_it_is_ready_fails_the_start(start: Callable[..., Up]) -> None:
    # its port is taken by the first part, so that a stranger answers in its place
    up = start("first")
    up.wait_up()
    second = Up(up.data_dir / "other", [], parts={"second": up.ports["first"]})
    code, output = second.end()
    assert code == 1
    assert "second ended with exit code 1" in output
    assert "Address already in use" in output


def test_a_part_that_never_becomes_ready_is_given_up(tmp_path: Path, watchdog: Watchdog) -> None:
    sleeper = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
    part = Part(name="late", argv=sleeper, ready=lambda: False, ready_seconds=0.3)
    unready = Process(part, tmp_path / "late.log", watchdog)
    unready.start()
    try:
        with pytest.raises(PartError, match="not ready after"):
            unready.wait_ready()
    finally:
        unready.stop()
    assert unready.exit_code is not None


def test_a_part_that_ignores_sigterm_is_killed_after_its_grace(start: Callable[..., Up]) -> None:
    up = start("stubborn", traits={"stubborn": ["stubborn"]})
    up.wait_up()
    code, _ = up.end(signal.SIGTERM)
    assert code == 0
    assert up.journal() == ["stubborn"]
    assert up.nothing_is_left()


def test_what_a_part_started_ends_with_it(start: Callable[..., Up], tmp_path: Path) -> None:
    up = start("parent", traits={"parent": ["parent"]})
    up.wait_up()
    child = int((tmp_path / "child.pid").read_text())
    assert is_alive(child)
    up.end(signal.SIGINT)
    eventually(lambda: not is_alive(child))


def test_a_second_supervisor_on_the_same_folder_is_refused(start: Callable[..., Up]) -> None:
    first = start("one")
    first.wait_up()
    code, output = start("other").end()
    assert code == 2
    assert f"process {first.process.pid}" in output
    assert "JOBRAKER_LOCAL__DATA_DIR" in output
    assert first.end(signal.SIGTERM)[0] == 0


@pytest.mark.parametrize("crashed", [{"one"}, {"one", "three"}], ids=len)
def test_with_restart_crashed_parts_are_started_again(start: Callable[..., Up], crashed: set[str]) -> None:
    up = start("one", "two", "three", restart=True)
    up.wait_up()
    before = dict(up.pids)
    for part in crashed:
        os.kill(before[part], signal.SIGKILL)

    def restarted() -> bool:
        up.read_state()
        return {part for part in before if up.pids[part] != before[part]} == crashed

    eventually(restarted)
    code, output = up.end(signal.SIGTERM)
    assert code == 0
    assert "starting it again" in output
    assert up.nothing_is_left()


def test_a_step_that_fails_is_told_and_ends_the_rest(start: Callable[..., Up]) -> None:
    up = start("one", steps=["fail"])
    code, output = up.end()
    assert code == 1
    assert "turn the key" in output
    assert up.journal() == ["one"]
    assert "all up" not in output


def test_a_step_that_takes_for_ever_can_be_interrupted(start: Callable[..., Up]) -> None:
    up = start("one", steps=["block"])
    eventually((up.data_dir / "blocking").exists)
    up.read_state()
    code, output = up.end(signal.SIGINT)
    assert code == 0, output
    assert up.journal() == ["one"]
    assert up.nothing_is_left()
