"""`jobraker demo`: plays the whole story against the running system, and fails loudly where it fails."""

import asyncio
import time

from rich.console import Console

from local.demo.api import open_api
from local.demo.person import Person
from local.demo.running import NothingRunsError, Running, find_running
from local.demo.screen import Screen
from local.demo.story import DemoFailedError, Story
from settings import local_settings

FAILED = 1


def main() -> int:
    """Play the demo and return the exit code: 0 once every act succeeded."""
    screen = Screen(Console())
    started = time.monotonic()
    try:
        asyncio.run(_play(find_running(local_settings().data_dir), screen))
    except NothingRunsError as error:
        screen.cannot_begin(str(error))
        return FAILED
    except DemoFailedError:
        return FAILED
    screen.end(f"The whole story in {time.monotonic() - started:.1f} s.")
    return 0


async def _play(running: Running, screen: Screen) -> None:
    async with open_api(running.api) as applicant, open_api(running.api) as admin:
        await Story(running, screen, applicant, admin, Person(tells_right_to_work=False)).play()
