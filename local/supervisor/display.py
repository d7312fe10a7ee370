"""What a person sees of the supervisor: progress while it starts, and the log of a part that crashed."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from local.supervisor.process import Process

LOG_LINES = 40


class Display:
    """Prints to a console; on a terminal the current step has a spinner."""

    def __init__(self, console: Console) -> None:
        self.console = console

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show a step while it is done and, when it succeeded, how long it took."""
        started = time.monotonic()
        with self.console.status(Text(name)):
            yield
        self.console.print(
            Text.assemble(("✓ ", "green"), f"{name:<24}", (f"{time.monotonic() - started:5.1f} s", "dim"))
        )

    def note(self, text: str) -> None:
        """Print a line of its own."""
        self.console.print(Text(text, "dim"))

    def error(self, text: str) -> None:
        """Print what went wrong."""
        self.console.print(Text.assemble(("✗ ", "bold red"), text), soft_wrap=True)

    def log_of(self, process: Process) -> None:
        """Print the end of a part's log and where the rest of it is."""
        lines: Sequence[str] = process.log_tail(LOG_LINES) or ["(the log is empty)"]
        title = Text(f"{process.part.name}: {process.log_file}")
        self.console.print(Panel(Text("\n".join(lines)), title=title, border_style="red"))
