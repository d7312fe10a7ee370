"""How workflows wait: for a moment, or for somebody to ring."""

from datetime import datetime, timedelta
from typing import TypeVar

from temporalio import workflow

from workflows.messages import Message

Result = TypeVar("Result")

LEAST = timedelta(seconds=1)
"""Clocks differ between machines: whoever waits for a moment waits a little, even when it seems past."""


class Doorbell:
    """A bell that wakes whoever waits. A ring that nobody waited for wakes the next one who does."""

    def __init__(self) -> None:
        self.rung = False

    def ring(self) -> None:
        """Wake who waits."""
        self.rung = True

    def hush(self) -> None:
        """Forget that it rang: what is done next sees what it rang for."""
        self.rung = False

    async def rung_before(self, activity: workflow.ActivityHandle[Result]) -> bool:
        """Wait until it rings or an activity has ended; True where it rang and the activity goes on."""
        await workflow.wait_condition(lambda: self.rung or activity.done())
        return not activity.done()

    async def wait(self, seconds: float) -> bool:
        """Wait for so long at most; True where it rang."""
        if seconds <= 0:
            return False
        try:
            await workflow.wait_condition(lambda: self.rung, timeout=seconds)
        except TimeoutError:
            return False
        finally:
            self.rung = False
        return True

    async def wait_until(self, moment: datetime) -> bool:
        """Wait until a moment at most; True where it rang."""
        return await self.wait(max(moment - workflow.now(), LEAST).total_seconds())


async def continue_as_new_if_long(argument: Message) -> None:
    """Go on in a new run where the history has grown long: every fact is in rows, and is read again."""
    if workflow.info().is_continue_as_new_suggested():
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(argument)
