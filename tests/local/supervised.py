"""A supervisor of dummy parts, run as a module by its tests.

Usage: supervised.py DATA_DIR OPTIONS_JSON
"""

import json
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from local.supervisor.display import Display
from local.supervisor.instance import AlreadyRunningError, Instance
from local.supervisor.parts import Part, Step, StepError, accepts_connections
from local.supervisor.runner import Supervisor

DUMMY = Path(__file__).with_name("dummy_part.py")


def dummy(name: str, port: int, journal: Path, *traits: str) -> Part:
    """Return a part that listens on the port."""
    return Part(
        name=name,
        argv=[sys.executable, "-S", str(DUMMY), name, str(port), str(journal), *traits],
        ready=lambda: accepts_connections("127.0.0.1", port),
        port=port,
        grace_seconds=0.5 if "stubborn" in traits else 6,
    )


def fail() -> None:
    """Be a step that cannot be done."""
    raise StepError("turn the key")


def block(data_dir: Path) -> None:
    """Be a step that takes for ever, and says when it has begun."""
    (data_dir / "blocking").touch()
    subprocess.run([sys.executable, "-S", "-c", "import time; time.sleep(600)"], check=True)


def main() -> int:
    """Run the supervisor as the options say."""
    data_dir, options = Path(sys.argv[1]), json.loads(sys.argv[2])
    console = Console(width=200)
    journal = data_dir / "journal"
    plan: list[Part | Step] = [
        dummy(name, port, journal, *options.get("traits", {}).get(name, ()))
        for name, port in options["parts"].items()
    ]
    steps = {"fail": fail, "block": lambda: block(data_dir)}
    plan += [Step(name, steps[name]) for name in options.get("steps", ())]
    try:
        with Instance(data_dir) as instance:
            supervisor = Supervisor(instance, plan, Display(console), restart=options.get("restart", False))
            return supervisor.run({"Home": "http://127.0.0.1"}, lambda: console.print("all up"))
    except AlreadyRunningError as error:
        console.print(error)
        return 2


if __name__ == "__main__":
    sys.exit(main())
