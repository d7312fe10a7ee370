"""A part for the supervisor's tests, run as a script: listens, and writes its name down when it is stopped.

Usage: dummy_part.py NAME PORT JOURNAL [stubborn] [parent] [crash=CODE]
"""

import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import FrameType


def main() -> None:
    """Listen until a signal ends us."""
    name, port, journal, *traits = sys.argv[1:]

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        with Path(journal).open("a") as file:
            file.write(f"{name}\n")
        if "stubborn" not in traits:
            sys.exit(0)

    signal.signal(signal.SIGTERM, on_signal)
    sys.stdout.write("".join(f"{name} line {number}\n" for number in range(100)))
    sys.stdout.write("\x1b[31mred\x07\n")
    sys.stdout.flush()
    if "parent" in traits:
        child = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(600)"])
        Path(journal).with_name("child.pid").write_text(str(child.pid))
    with socket.create_server(("127.0.0.1", int(port))) as listener:
        while True:
            connection, _ = listener.accept()
            connection.close()
            crash = next((trait for trait in traits if trait.startswith("crash=")), None)
            if crash:
                sys.exit(int(crash.removeprefix("crash=")))


main()
