"""One run's steps: paced, counted, stopped when the run was ended from outside, and photographed."""

import asyncio
import textwrap

from local.skyvern.agent.endings import REACH_MAX_STEPS, RunStoppedError, failed
from local.skyvern.browser.page import Page
from local.skyvern.browser.picture import screenshot
from local.skyvern.browser.session import Filled
from local.skyvern.ids import new_id
from local.skyvern.run import Phase, Run
from local.skyvern.store.artifacts import HTML, SCREENSHOT_ACTION, SCREENSHOT_FINAL
from local.skyvern.stores import Stores

_LINE_LENGTH = 76
_CLIENT_ERROR = 400


class Steps:
    """Counts the steps of a run; `task_id` and `artifact_ids` belong to the block at work."""

    def __init__(self, run: Run, stores: Stores, seconds: float) -> None:
        self.run_id = run.run_id
        self._stores = stores
        self._seconds = seconds
        self._is_task = not run.is_workflow
        self.count = 0
        self.limit = run.max_steps
        self.begin_block()

    def begin_block(self) -> None:
        """Give the next block its own task."""
        self.task_id = self.run_id if self._is_task else new_id("tsk")
        self.step_id = new_id("stp")
        self.artifact_ids: list[str] = []

    async def begin(self) -> None:
        """Wait for the next step's turn.

        Raises RunStoppedError where the run was ended, RunEndedError where its steps are used up.
        """
        await asyncio.sleep(self._seconds)
        if self.limit is not None and self.count >= self.limit:
            raise failed(REACH_MAX_STEPS, "The agent has reached the maximum number of steps.")
        self.count += 1
        self.step_id = new_id("stp")
        if self._stores.runs.advance(self.run_id, step_count=self.count) is None:
            raise RunStoppedError

    def before_submitting(self) -> None:
        """Write down that the employer may be told from now on; RunStoppedError where the run was ended."""
        if self._stores.runs.advance(self.run_id, phase=Phase.SUBMITTING) is None:
            raise RunStoppedError

    def shoot(self, page: Page, filled: Filled | None = None) -> None:
        """Keep a screenshot of a page, with what was entered into its form."""
        self._keep(SCREENSHOT_ACTION, _picture(page, filled))

    def shoot_final(self, page: Page) -> None:
        """Keep the last screenshot of a block, and the page's HTML."""
        self._stores.artifacts.add(self.run_id, self.task_id, self.step_id, HTML, page.html.encode())
        self._keep(SCREENSHOT_FINAL, _picture(page, None))

    def _keep(self, artifact_type: str, content: bytes) -> None:
        artifact_id = self._stores.artifacts.add(
            self.run_id, self.task_id, self.step_id, artifact_type, content
        )
        self.artifact_ids.append(artifact_id)


def _picture(page: Page, filled: Filled | None) -> bytes:
    lines = [(alert, "") for alert in page.alerts]
    if page.form is not None:
        lines += [(control.label, _entered(control.name, filled)) for control in page.form.controls]
    else:
        lines += [(line, "") for line in textwrap.wrap(page.text, _LINE_LENGTH)]
    return screenshot(page.heading or page.title, lines, bad=page.status >= _CLIENT_ERROR)


def _entered(name: str, filled: Filled | None) -> str:
    if filled is None:
        return ""
    if name in filled.files:
        return filled.files[name].name
    return ", ".join(filled.answers.get(name, []))
