"""Short steps done within the workflow's own task: one event in the history in place of six."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.exceptions import TimeoutError as StepTimeoutError

from workflows.policies import DATABASE_STEP, ONCE

Steps = TypeVar("Steps")
Request = TypeVar("Request")
Answer = TypeVar("Answer")

AT_ONCE = timedelta(seconds=4)
"""Well under the ten seconds after which Temporal gives a workflow's task to somebody else."""


async def quickly(step: Callable[[Steps, Request], Awaitable[Answer]], request: Request) -> Answer:
    """Do a step that takes milliseconds and may be repeated.

    Where it fails it is done as an ordinary activity, whose retries cost no event however long an outage
    lasts, and which says whether it fails for good (ActivityError).
    """
    # what a local activity raises comes bare; its timeout comes within an ActivityError, and bare in a replay
    with suppress(ActivityError, ApplicationError, StepTimeoutError):
        return await workflow.execute_local_activity_method(
            step,
            request,
            start_to_close_timeout=AT_ONCE,
            schedule_to_close_timeout=AT_ONCE,
            retry_policy=ONCE,
        )
    return await workflow.execute_activity_method(step, request, **DATABASE_STEP)
