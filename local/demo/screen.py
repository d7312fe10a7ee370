"""What a person sees of the demo: a line for each act with its details below, or why it failed."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status
from rich.text import Text

NAME_WIDTH = 11
INDENT = " " * (NAME_WIDTH + 2)
LONGEST = 100


def plain(text: object) -> str:
    """Return a text without what could steer a terminal: much of it was written by strangers."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in str(text))


def short(text: object) -> str:
    """Return a text on one line of bearable length."""
    line = plain(text).replace("\n", " ")
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


class Act:
    """One act under way; set `outcome` to the words behind its tick."""

    def __init__(self, name: str, console: Console, status: Status) -> None:
        self.name = name
        self.outcome = ""
        self._console = console
        self._status = status
        self._details: list[str] = []
        self._column = 0
        self._started = time.monotonic()

    def show(self, text: str) -> None:
        """Show how far it has come, in place of what was shown before."""
        self._status.update(Text(f"{self.name}: {short(text)}"))

    def detail(self, text: str) -> None:
        """Keep a line to print below the act."""
        self._details.append(short(text))

    def grow(self, piece: str) -> None:
        """Print a piece of a text at once, behind the pieces before it."""
        if not self._column:
            self._status.stop()
            self._flush()
        for word in re.findall(r"\n|[^\S\n]*\S+|[^\S\n]+", plain(piece)):
            is_full = self._column + len(word) > self._console.width
            if is_full or not self._column or word == "\n":
                self._console.out(("\n" if self._column else "") + INDENT, end="", highlight=False)
                self._column = len(INDENT)
            text = word.lstrip() if self._column == len(INDENT) else word
            self._console.out(text, end="", highlight=False)
            self._column += len(text)

    def done(self) -> None:
        """Print that it succeeded, and its details."""
        self._end_growth()
        took = f"  {time.monotonic() - self._started:.1f} s"
        line = Text.assemble(("✓ ", "green"), (f"{self.name:<{NAME_WIDTH}}", "bold"), short(self.outcome))
        self._console.print(line.append(took, "dim"), soft_wrap=True)
        self._flush()

    def failed(self, why: str) -> None:
        """Print that it failed, why, and the details until then."""
        self._end_growth()
        line = Text.assemble(("✗ ", "bold red"), (f"{self.name:<{NAME_WIDTH}}", "bold"), plain(why))
        self._console.print(line, soft_wrap=True)
        self._flush()

    def _flush(self) -> None:
        for line in self._details:
            self._console.print(Text(INDENT + line, "dim"), soft_wrap=True)
        self._details.clear()

    def _end_growth(self) -> None:
        self._status.stop()
        if self._column:
            self._console.out("")
        self._column = 0


class Screen:
    """Prints to a console; on a terminal the act under way has a spinner."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def act(self, name: str) -> Iterator[Act]:
        """Lend an act to be played; whoever plays it says how it ended."""
        with self._console.status(Text(name)) as status:
            yield Act(name, self._console, status)

    def end(self, text: str) -> None:
        """Print the last line."""
        self._console.print(Text(text, "bold green"))

    def cannot_begin(self, why: str) -> None:
        """Print why nothing was played."""
        self._console.print(Text.assemble(("✗ ", "bold red"), plain(why)), soft_wrap=True)
