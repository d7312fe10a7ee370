"""Carries runs from created to their end in the background, and takes them up again after a crash."""

import asyncio
import logging

from local.skyvern.agent.endings import REACH_MAX_RETRIES, RunStoppedError, failed
from local.skyvern.agent.perform import Agent, Ending
from local.skyvern.ids import now
from local.skyvern.run import Phase, Run, RunMode, Status, WebhookState
from local.skyvern.stores import Stores
from local.skyvern.webhooks import Webhooks

CONCURRENT_RUNS = 50
_CRASHED = "The browser crashed while it was submitting; the agent has reached the maximum number of retries."
_logger = logging.getLogger(__name__)


class Worker:
    """One background task a run; at most so many browsers are open at once."""

    def __init__(self, stores: Stores, agent: Agent, webhooks: Webhooks) -> None:
        self._stores = stores
        self._agent = agent
        self._webhooks = webhooks
        self._browsers = asyncio.Semaphore(CONCURRENT_RUNS)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._resumed: dict[str, asyncio.Event] = {}

    def recover(self) -> None:
        """Take up what an earlier process left: a run that was submitting fails, every other begins again."""
        for run_id in self._stores.runs.with_webhook_due():
            self._webhooks.schedule(run_id)
        for run in self._stores.runs.unfinished():
            if run.phase is Phase.SUBMITTING:
                self._fail(run.run_id, _CRASHED)
            else:
                self.launch(run.run_id)

    def launch(self, run_id: str) -> None:
        """Begin a run in the background."""
        task = asyncio.create_task(self._carry(run_id))
        self._tasks[run_id] = task
        task.add_done_callback(lambda done: self._done(run_id, done))

    def cancel(self, run: Run) -> None:
        """End a run from outside; a step under way may still land. Cancelling tells a running run twice."""
        copies = 2 if run.status in {Status.RUNNING, Status.PAUSED} else 1
        self._finish(run.run_id, Ending(Status.CANCELED), webhook_copies=copies)
        self.resume(run.run_id)

    def resume(self, run_id: str) -> None:
        """Let a paused run go on."""
        self._resumed.setdefault(run_id, asyncio.Event()).set()

    async def stop(self) -> None:
        """Drop all runs where they are; a restart takes them up again."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._resumed.clear()

    async def _carry(self, run_id: str) -> None:
        runs, seconds = self._stores.runs, self._agent.step_seconds
        run = runs.get(run_id)
        if run is not None and run.status is Status.CREATED:
            await asyncio.sleep(seconds)
            run = runs.advance(run_id, status=Status.QUEUED, queued_at=now())
        if run is None or run.mode is RunMode.STUCK_QUEUED:
            return
        async with self._browsers:
            await asyncio.sleep(seconds)
            run = runs.advance(run_id, status=Status.RUNNING, started_at=run.started_at or now())
            if run is not None and await self._pause(run):
                await self._perform(run)

    async def _perform(self, run: Run) -> None:
        try:
            ending = await self._agent.perform(run)
        except RunStoppedError:
            return
        self._finish(run.run_id, ending, output_is_null=run.mode is RunMode.NULL_OUTPUT)

    async def _pause(self, run: Run) -> bool:
        """Hold a run that was told to wait for a person; False where it was ended meanwhile."""
        if run.mode is not RunMode.PAUSED:
            return True
        if self._stores.runs.advance(run.run_id, status=Status.PAUSED) is None:
            return False
        await self._resumed.setdefault(run.run_id, asyncio.Event()).wait()
        advanced = self._stores.runs.advance(run.run_id, status=Status.RUNNING, mode=RunMode.NORMAL)
        return advanced is not None

    def _finish(self, run_id: str, ending: Ending, **changes: object) -> None:
        run = self._stores.runs.get(run_id)
        due = run is not None and run.webhook_url is not None
        finished = self._stores.runs.advance(
            run_id,
            status=ending.status,
            blocks=ending.blocks,
            errors=ending.errors,
            failure_reason=ending.reason,
            output=ending.output,
            finished_at=now(),
            webhook_state=WebhookState.PENDING if due else WebhookState.NOT_DUE,
            **changes,
        )
        if finished is None:
            return
        self._stores.files.delete_of_run(run_id)
        if due:
            self._webhooks.schedule(run_id)

    def _fail(self, run_id: str, reason: str) -> None:
        ended = failed(REACH_MAX_RETRIES, reason)
        self._finish(run_id, Ending(ended.status, reason=ended.reason, errors=ended.errors))

    def _done(self, run_id: str, task: asyncio.Task[None]) -> None:
        self._tasks.pop(run_id, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The message may hold what was typed into a form, so that only its type is logged.
            _logger.error("run %s broke its browser: %s", run_id, type(error).__name__)
            self._fail(run_id, "The agent has reached the maximum number of retries.")
