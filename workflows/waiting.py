"""How workflows wait: for a moment, or for somebody to ring."""

from datetime import datetime, timedelta

from temporalio import workflow

LEAST = timedelta(seconds=1)
"""Clocks differ between machines: whoever waits for a moment waits a little, even when it seems past."""


class Doorbell:
    """A bell that wakes whoever waits. A ring that nobody waited for wakes the next one who does."""

    def __init__(self) -> None:
        self.rung = False

    def ring(self) -> None:
        """Wake who waits."""
        self.rung = True

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
